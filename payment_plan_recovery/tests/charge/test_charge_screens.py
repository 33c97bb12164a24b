"""Late charges outside of the program: the workbook over HTTP, statements of account, the nightly job."""

import io
import re
from unittest.mock import patch

import openpyxl
from freezegun import freeze_time
from lxml import etree
from odoo import Command, fields
from odoo.addons.base.models.ir_cron import IrCron
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .charge_common import ChargeCommon

#: Words that an English sentence has, and no other language's.
ENGLISH = re.compile(r"\b(the|of|and|with|which|from|when|than|where|between)\b")


@tagged("post_install", "-at_install")
class TestChargeScreens(ChargeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.invoice(1200, "2025-03-31")

    def test_every_list_in_the_menu_says_what_to_do_when_it_is_empty(self):
        own = self.env["ir.model.data"].search(
            [("module", "=", "payment_plan_recovery"), ("model", "=", "ir.ui.menu")]
        )
        actions = [menu.action for menu in self.env["ir.ui.menu"].browse(own.mapped("res_id"))]
        for action in actions:
            if action and action._name == "ir.actions.act_window" and action.view_mode.startswith("list"):
                self.assertTrue(action.help, action.name)

    def test_the_list_of_what_was_booked_names_the_debtors(self):
        foreign = self.invoice(1000, "2025-03-31", self.debtor("be"))
        window = (self.late | foreign).action_book_charges("2025-09-15")
        self.assertEqual(self.env["account.move"].search_count(window["domain"]), 2)
        rows = etree.fromstring(self.env["account.move"].get_view(False, "list")["arch"])
        columns = rows.xpath("//field[@name='invoice_partner_display_name']")
        hidden = [safe_eval(one.get("column_invisible"), {"context": window["context"]}) for one in columns]
        self.assertIn(False, hidden)

    def test_what_ships_in_words_can_be_told_in_another_language(self):
        """English sentences of our own records stand in fields that are translated."""
        ours = self.env["ir.model.data"].search(
            [("module", "=", "payment_plan_recovery"), ("model", "=like", "recovery.%")]
        )
        told = set()
        for model, found in ours.grouped("model").items():
            records = self.env[model].with_context(active_test=False).browse(found.mapped("res_id"))
            for name, field in records._fields.items():
                words = field.type in ("char", "text", "html") and field.store and not field.translate
                if words and any(ENGLISH.search(one) for one in records.mapped(name) if one):
                    told.add((model, name))
        self.assertFalse(told)

    # The workbook ------------------------------------------------------------------------

    def _download(self, charges):
        return self.url_open(charges.action_download()["url"])

    def test_workbook_over_http(self):
        charges = self.accrue(self.late, "2025-09-15")
        reader = "account.group_account_readonly,base.group_user"
        new_test_user(self.env, "charge.reader", reader, company_id=self.company.id)
        self.authenticate("charge.reader", "charge.reader")
        response = self._download(charges)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Late%20charges", response.headers["Content-Disposition"])
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        amounts = [row[7] for row in book["Late charges"].iter_rows(min_row=2, max_row=3, values_only=True)]
        self.assertEqual(sorted(amounts), [40, 70.10])
        self.assertEqual(book["Working"].cell(2, 4).value, 91)

    def test_workbook_is_not_for_those_who_may_not_read_charges(self):
        charges = self.accrue(self.late, "2025-09-15")
        new_test_user(self.env, "charge.nobody", "base.group_user", company_id=self.company.id)
        self.authenticate("charge.nobody", "charge.nobody")
        self.assertEqual(self._download(charges).status_code, 403)
        self.authenticate(None, None)
        self.assertNotIn("spreadsheet", self._download(charges).headers["Content-Type"])

    # Statements --------------------------------------------------------------------------

    def _statement(self, day):
        report = self.env["report.payment_plan_recovery.report_statement"]
        with freeze_time(f"{day} 12:00:00"):
            [content] = report._get_report_values(self.late.partner_id.ids)["pages"]
        return content

    def test_statement_shows_charges_with_their_working(self):
        content = self._statement("2025-09-15")
        figures = [(line.base, line.rate, line.days, line.amount) for line in content.charges]
        self.assertEqual(figures, [(1200, "13.15", 91, 39.34), (1200, "12.15", 77, 30.76), (0, "", 0, 40)])
        self.assertEqual(content.balances, {self.euro: 1310.10})

    def test_statement_on_the_due_date_has_none(self):
        self.assertFalse(self._statement("2025-03-31").charges)

    def test_statement_keeps_charges_of_a_paid_invoice_until_waived(self):
        self.pay(self.late, 1200, "2025-09-15")
        charges = self.accrue(self.late, "2025-09-20")
        content = self._statement("2025-09-30")
        self.assertFalse(content.claims)
        self.assertEqual(content.balances, {self.euro: 110.10})
        charges.action_waive("Courtesy")
        self.assertFalse(self._statement("2025-09-30").charges)

    def test_statement_leaves_a_plan_its_terms(self):
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": self.late.partner_id.id,
                "company_id": self.company.id,
                "item_ids": [Command.create({"move_line_id": self.item(self.late).id})],
            }
        )
        self.env["recovery.plan.item"].flush_model()
        self.assertTrue(self._statement("2025-09-15").charges)
        plan.item_ids.sudo().is_live = True
        self.assertFalse(self._statement("2025-09-15").charges)

    def test_printed_statement(self):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "payment_plan_recovery.report_statement", self.late.partner_id.ids
        )
        text = html.decode()
        self.assertIn("Total of penalties and fixed sums", text)
        self.assertIn(", from Apr 1, 2025", text)

    # The nightly job ---------------------------------------------------------------------

    def test_nightly_job_renews_and_asks_for_the_new_semester(self):
        reference = self.env.ref("payment_plan_recovery.reference_ecb_mro")
        known_until = reference.known_until
        cron = self.env["ir.cron"].search(
            [("code", "like", "_cron_renew"), ("model_id.model", "=", "recovery.charge")]
        )
        self.assertEqual(len(cron), 1)
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_kwargs: 1.0):
            with freeze_time(known_until):
                cron.method_direct_trigger()
            self.assertFalse(reference.activity_ids)
            with freeze_time(fields.Date.add(known_until, days=1)):
                cron.method_direct_trigger()
        self.assertEqual(len(reference.activity_ids), 1)
        self.assertEqual(
            self.late.recovery_charge_ids.filtered(lambda charge: charge.kind == "interest").date_until,
            fields.Date.add(known_until, days=1),
        )
        self.assertTrue(
            self.item(self.late)
            ._recovery_charges(fields.Date.add(known_until, days=1))[self.item(self.late).id]
            .rate_extrapolated
        )
