"""A manager's and an accountant's day: their acts on a phone, and every screen at a desk."""

import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from days import CLICKS, DESK, LAPTOP, NOTEBOOK, PHONE, Days
from lxml import etree
from odoo import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestOfficeDays(Days):
    def test_a_managers_day_at_the_desk(self):
        worker = self.at_work("manager", NOTEBOOK)
        worker.go("action_worklist_refreshed")
        self.opens_everything(worker, forms=True)

    def test_a_managers_day_on_the_phone(self):
        worker = self.at_work("manager", PHONE)
        worker.go("action_worklist_refreshed")
        self.approves(worker, self.waiting_plan(), "approval_state", "approved")
        self.approves(worker, self.waiting_write_off(), "state", "booked")
        self.decides_a_case(worker)
        self.proves_a_figure(worker)

    def waiting_plan(self):
        """A plan that its collector may not grant alone: more instalments than the policy has."""
        items = self.items(self.debtor("Crêperie Lann Vraz", 900))
        plan = (
            self.env["recovery.plan"]
            .with_user(self.users["collector"])
            .create(
                {
                    "partner_id": items.partner_id.id,
                    "date_start": date.today() + timedelta(days=10),
                    "instalment_count": 18,
                    "item_ids": [Command.create({"move_line_id": item.id}) for item in items],
                }
            )
        )
        plan.generate_instalments()
        plan.action_propose()
        return plan

    def waiting_write_off(self):
        """What a collector asked to give up."""
        company = self.env.company
        company.recovery_write_off_account_id = self.env["account.account"].create(
            {"name": "Pertes", "code": "654009", "account_type": "expense"}
        )
        items = self.items(self.debtor("Auberge du Pont", 40))
        found = (
            self.env["recovery.write.off"]
            .with_user(self.users["collector"])
            .create(
                {
                    "partner_id": items.partner_id.id,
                    "reason": "cost",
                    "line_ids": [Command.create({"move_line_id": item.id}) for item in items],
                }
            )
        )
        found.action_ask()
        return found

    def approves(self, worker, record, field, state):
        self.shows(worker, record)
        with worker.in_clicks(f"approving {record._name}", CLICKS["approval"]):
            worker.click(".o_form_statusbar button[name='action_approve']")
            worker.sees("body:not(:has(button[name='action_approve']))")
        worker.rest()
        self.assertEqual(record[field], state)

    def decides_a_case(self, worker):
        """From a case to the procedure that is begun, each weighed."""
        items = self.items(self.chased)
        self.chased.country_id = self.env.ref("base.fr")
        case = self.env["recovery.case"]._open(self.chased, items, reason="Dernier niveau sans effet")
        self.shows(worker, case)
        with worker.in_clicks("a case decided", CLICKS["case decided"]):
            worker.click(".o_form_statusbar button[name='action_weigh']")
            worker.click(".modal [name='action_begin']")
            worker.sees("body:not(:has(.modal))")
        worker.rest()
        self.assertTrue(case.procedure_id)

    def proves_a_figure(self, worker):
        """From the dashboard to the records that a figure is made of."""
        worker.go("action_dashboard")
        with worker.in_clicks("a figure's proof", CLICKS["proof"]):
            worker.click("[data-figure='overdue'] a.o_recovery_value")
            worker.sees(".o_list_view .o_data_row, .o_kanban_record")

    def test_an_accountants_day_at_the_desk(self):
        worker = self.at_work("accountant", DESK)
        worker.go("action_claim")
        worker.fits(LAPTOP)
        worker.do(self.chased.with_user(self.users["accountant"]).action_recovery_page())
        worker.sees(".o_form_view [name='recovery_timeline']")
        self.assertFalse(worker._run("!!document.querySelector(\"button[name='action_recovery_hold']\")"))
        self.opens_everything(worker)

    def test_an_accountants_day_on_the_phone(self):
        self.owes_charges(self.late)
        worker = self.at_work("accountant", PHONE)
        worker.go("action_claim")
        self.matches_money(worker)
        self.books_charges(worker)

    def owes_charges(self, debtor):
        """What lateness cost ``debtor`` until today, as every night brings it there."""
        france = self.env.ref("base.fr")
        self.env.company.write({"recovery_charge_since": "2000-01-01", "recovery_charge_law": "debtor"})
        debtor.country_id = france
        self.items(debtor)._recovery_accrue(date.today())
        self.env.flush_all()

    def matches_money(self, worker):
        """Money that nobody matched is put on the invoice it pays."""
        invoice = self.items(self.chased)[:1].move_id
        payment = self.env["account.payment"].create(
            {"partner_id": self.chased.id, "amount": invoice.amount_total, "payment_type": "inbound"}
        )
        payment.action_post()
        self.shows(worker, invoice)
        with worker.in_clicks("money matched", CLICKS["money matched"]):
            worker.click(".outstanding_credit_assign")
            worker.sees("body:not(:has(.outstanding_credit_assign))")
        worker.rest()
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))

    def books_charges(self, worker):
        """From the list of late charges to the invoice that claims them."""
        worker.go("action_charge")
        with worker.in_clicks("charges booked", CLICKS["charges booked"]):
            if worker.width == DESK:
                worker.click(".o_group_header")
            worker.click(".o_data_row td[name='partner_id'], .o_kanban_record:not(.o_kanban_ghost)")
            worker.click(".o_form_statusbar button:not([name^='action_'])")
            worker.click(".modal button[name='action_book']")
            worker.sees("body:not(:has(.modal))")
        worker.rest()
        charges = self.env["recovery.charge"].search([("partner_id", "=", self.late.id)])
        self.assertIn("booked", charges.mapped("state"))

    def opens_everything(self, worker, forms=False):
        """Each screen that the menus of Recovery lead to, and a new record of each sort where there may be one."""
        worker.rest()
        user = worker._test.env["res.users"].search([("login", "=", worker.login)])
        menus = self.env["ir.ui.menu"].with_user(user)
        root = self.env.ref("payment_plan_recovery.menu_recovery")
        shown = menus.browse(menus._visible_menu_ids()).filtered(
            lambda menu: menu.sudo().action and menu.parent_path.startswith(root.parent_path)
        )
        self.assertGreater(len(shown), 10)
        actions = [menu.sudo().action for menu in shown]
        # Asked before anything is opened: the browser's requests work with the same cursor in threads of their own.
        begun = {action.id: self.begun_by(action, user) for action in actions if forms}
        for action in actions:
            worker.do(action.id)
            worker.shows_headings()
            worker.shows_columns()
            if begun.get(action.id):
                worker.do(
                    {
                        "type": "ir.actions.act_window",
                        "res_model": begun[action.id],
                        "views": [[False, "form"]],
                        "target": "current",
                    }
                )

    def begun_by(self, action, user):
        """Return the name of the model of which ``user`` may begin a new record from ``action``, "" for none."""
        if action._name != "ir.actions.act_window" or "form" not in action.view_mode:
            return ""
        model = self.env[action.res_model].with_user(user)
        return model._name if model.has_access("create") and self.may_begin(model) else ""

    def may_begin(self, model):
        """Whether there is a button for a new record: what only the product makes has none."""
        views = (etree.fromstring(model.get_view(view_type=kind)["arch"]) for kind in ("list", "form"))
        return not any(view.get("create") in ("0", "false", "False") for view in views)
