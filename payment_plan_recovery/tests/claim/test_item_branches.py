"""Holds, promises and disputes are about what a company and its branches are owed; a sister company stays apart."""

import re
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..plan.plan_branch_common import PlanBranchCommon

STATEMENT = "payment_plan_recovery.report_statement"


@tagged("post_install", "-at_install")
class TestItemBranches(PlanBranchCommon):
    """Odoo's rules are asked as people who work in the company, in a branch, or in the sister company only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._recovery_today()
        cls.ours = cls.invoice(60)
        cls.theirs = cls.invoice(50, company_id=cls.sister.id)
        cls.items = cls.item(cls.ours, cls.northern, cls.southern)

    def about(self, model, *moves, company=None, **values):
        """Return a record of ``model`` about ``moves`` that is kept in ``company``."""
        more = {
            "recovery.hold": {"date_until": self.today + timedelta(days=9), "reason": "Agreed"},
            "recovery.promise": {
                "amount": sum(self.item(*moves).mapped("amount_residual")) or 10,
                "currency_id": self.currency.id,
                "date_promised": self.today + timedelta(days=5),
            },
            "recovery.dispute": {"description": "Faulty", "answer": "Looked into"},
        }
        return self.env[model].create(
            {
                "partner_id": self.debtor.id,
                "company_id": (company or self.company).id,
                "move_line_ids": [Command.set(self.item(*moves).ids if moves else [])],
                **more[model],
                **values,
            }
        )

    def claim_of(self, *moves):
        return self.env["recovery.claim"].search([("move_line_id", "in", self.item(*moves).ids)])

    def held(self, *moves):
        """Return what is held today, of ``moves``."""
        return self.claim_of(*moves).filtered(lambda claim: claim.hold_kind).move_line_id

    MODELS = ("recovery.hold", "recovery.promise", "recovery.dispute")

    # -- the account -----------------------------------------------------------------------

    def test_a_statement_is_of_the_whole_account_whoever_prints_it(self):
        """Nobody tells a debtor that nothing is open because he reads one branch's invoices only."""
        for company in (self.company, self.north, self.south):
            debtor = self.as_worker(self.debtor, company)
            with self.subTest(company.name):
                page, _kind = debtor.env["ir.actions.report"]._render_qweb_html(STATEMENT, debtor.ids)
                told = re.findall(rb"\d+\.00", page)
                self.assertIn(b"360.00", told, "60, 120 and 180 of the creditor")
                self.assertNotIn(b"50.00", told, "of the sister company")
                for owed in (self.company, self.north, self.south):
                    self.assertIn(f"<div>{owed.name}</div>".encode(), page, "whose line it is")
        debtor = self.debtor.with_user(self.worker("stranger", self.north, "base.group_user"))
        with self.assertRaises(AccessError):
            debtor.env["ir.actions.report"]._render_qweb_html(STATEMENT, debtor.ids)

    def test_of_one_company_it_goes_without_saying(self):
        for company in (self.north, self.company):
            content = self.debtor._recovery_content(company, self.START, self.claim_of(self.northern))
            self.assertEqual(content.branch(content.claims[0]), "" if company == self.north else "North")

    def test_a_branch_without_a_bank_account_is_paid_to_its_creditor_s(self):
        def paid_to():
            return self.debtor._recovery_content(self.north, self.START).bank.acc_number

        self.assertFalse(paid_to())
        banks = self.env["res.partner.bank"]
        for company, number in ((self.south, "SOUTH"), (self.company, "CREDITOR"), (self.north, "NORTH")):
            banks.create({"acc_number": number, "partner_id": company.partner_id.id})
            self.assertEqual(paid_to(), {"SOUTH": False}.get(number, number))

    def test_an_account_that_anybody_added_is_paid_to_by_nobody(self):
        """Whoever keeps contacts may add a bank account to the company's own and put it first."""
        self.env["res.partner.bank"].create({"acc_number": "OURS", "partner_id": self.company.partner_id.id})
        groups = "base.group_user,base.group_partner_manager"
        theirs = self.as_worker(self.env["res.partner.bank"], self.company, groups=groups)
        theirs.create({"acc_number": "THEIRS", "partner_id": self.company.partner_id.id, "sequence": -1})
        ours = self.company.partner_id.bank_ids.filtered(lambda bank: bank.acc_number == "OURS").sudo()
        for trusted, journal in ((True, False), (False, True)):
            ours.allow_out_payment = trusted
            self.company_data["default_journal_bank"].bank_account_id = journal and ours
            content = self.debtor._recovery_content(self.company, self.START)
            self.assertEqual(content.bank.acc_number, "OURS", (trusted, journal))

    # -- what they name --------------------------------------------------------------------

    def test_they_name_items_of_any_branch_wherever_they_are_kept(self):
        for model in self.MODELS:
            for company in (self.company, self.north):
                with self.subTest(model, company=company.name):
                    record = self.about(model, self.ours, self.northern, self.southern, company=company)
                    self.assertEqual(record.move_line_ids, self.items)
                    self.assertEqual(self.held(self.ours, self.northern, self.southern), self.items)
                    self.assertFalse(self.held(self.theirs))
                    # as the system: what follows from a promise or a dispute is ended by people, not deleted
                    (record if model == "recovery.hold" else record.hold_id).sudo().unlink()
                    if model == "recovery.dispute":
                        record.action_reject()
                    elif model == "recovery.promise":
                        record.action_cancel()

    def test_what_another_creditor_is_owed_is_refused(self):
        for model in self.MODELS:
            with (
                self.subTest(model),
                self.refused("another creditor than .* Note it with each", ValidationError),
            ):
                self.about(model, self.northern, self.theirs)
            record = self.about(model, self.theirs, company=self.sister)
            with self.refused("another creditor", ValidationError):
                record.move_line_ids = [Command.link(self.item(self.northern).id)]

    def test_nobody_names_what_he_may_not_read(self):
        for model in self.MODELS:
            record = self.about(model, self.northern)
            mine = self.as_worker(record, self.company, self.north)
            with self.subTest(model), self.refused("South is in the books"):
                mine.move_line_ids = [Command.link(self.item(self.southern).id)]
            with self.refused("South is in the books"):
                mine.copy({"move_line_ids": [Command.set(self.item(self.southern).ids)]})
            mine.move_line_ids = [Command.link(self.item(self.ours).id)]
            record.invalidate_recordset()
            self.assertEqual(record.move_line_ids, self.item(self.northern, self.ours))

    # -- who reads what --------------------------------------------------------------------

    def test_who_works_in_a_branch_reads_what_is_about_it(self):
        for model in self.MODELS:
            about_all = self.about(model, self.ours, self.northern)
            about_south = self.about(model, self.southern, company=self.north)
            everything = self.env[model] if model != "recovery.hold" else self.about(model)
            seen = {
                "north": about_all + about_south + everything,
                "south": about_all + about_south + everything,
                "company": about_all + everything,
                "sister": self.env[model],
            }
            for name, records in seen.items():
                with self.subTest(model, reader=name):
                    mine = self.as_worker(self.env[model], getattr(self, name))
                    found = mine.search([("partner_id", "=", self.debtor.id)])
                    self.assertEqual(found, records)
                    found.read(["display_name", "move_line_ids", "items_elsewhere", "creditor_id"])

    def test_a_record_about_another_branch_seems_to_be_about_nothing_else(self):
        hold = self.about("recovery.hold", self.northern)
        mine = self.as_worker(hold, self.company)
        self.assertFalse(mine.search([("id", "=", hold.id)]).move_line_ids)
        self.assertEqual(mine.items_elsewhere, f"{self.northern.name} (North)")
        self.assertFalse(mine._about(self.item(self.ours)))
        self.assertEqual(mine._about(self.item(self.northern)), hold)
        self.assertFalse(hold.items_elsewhere)

    def test_it_is_changed_where_it_is_kept(self):
        for model in self.MODELS:
            record = self.about(model, self.ours, self.northern, company=self.north)
            mine = self.as_worker(record, self.company)
            mine.read(["display_name"])
            with self.subTest(model), self.assertRaises(AccessError):
                mine.write({"user_id": mine.env.uid})
            there = self.as_worker(record, self.north)
            there.write({"user_id": there.env.uid})
            record.invalidate_recordset()
            self.assertEqual(record.move_line_ids, self.item(self.ours, self.northern))
            if model != "recovery.hold":
                self.assertEqual(record.hold_id.move_line_ids, self.item(self.ours, self.northern))

    # -- promises --------------------------------------------------------------------------

    def test_a_promise_is_kept_by_what_each_branch_receives(self):
        promise = self.about("recovery.promise", self.ours, self.northern)
        self.receive_in(self.north, 120, str(self.today), self.northern)
        promise.action_judge()
        self.assertEqual((promise.state, promise.amount_received), ("open", 120))
        self.receive_in(self.company, 60, str(self.today), self.ours)
        self.as_worker(promise, self.north).action_judge()
        promise.invalidate_recordset()
        self.assertEqual((promise.state, promise.amount_received), ("kept", 180))
        self.assertEqual(promise.hold_id.date_until, self.today)

    def test_money_matched_in_another_branch_keeps_no_promise(self):
        promise = self.about("recovery.promise", self.northern)
        self.receive_in(self.south, 120, str(self.today), self.southern)
        promise._judge(promise.date_deadline + timedelta(days=1))
        self.assertEqual((promise.state, promise.amount_received), ("broken", 0))

    def test_money_that_waits_in_any_branch_keeps_it_open(self):
        promise = self.about("recovery.promise", self.ours, self.northern)
        self.receive_in(self.south, 180, str(self.today))
        promise._judge(promise.date_deadline + timedelta(days=1))
        self.assertEqual((promise.state, promise.amount_waiting), ("open", 180))

    def test_who_sees_one_branch_judges_the_whole_promise(self):
        """The items he does not see are not for whatever is owed: other money does not keep the promise."""
        promise = self.about("recovery.promise", self.southern, company=self.company)
        self.receive_in(self.north, 180, str(self.today), self.northern)
        self.as_worker(promise, self.company).action_judge()
        promise.invalidate_recordset()
        self.assertEqual((promise.state, promise.amount_received), ("open", 60))

    def test_one_promise_for_an_item_whichever_branch_took_it(self):
        self.about("recovery.promise", self.northern, company=self.company)
        with self.refused("is open already", ValidationError):
            self.about("recovery.promise", self.northern, company=self.north)
        mine = self.as_worker(self.env["recovery.promise"], self.north)
        with self.refused("is open already", ValidationError):
            mine.create(
                {
                    "partner_id": self.debtor.id,
                    "amount": 5,
                    "currency_id": self.currency.id,
                    "date_promised": self.today,
                    "move_line_ids": [Command.set(self.item(self.northern).ids)],
                }
            )
        self.about("recovery.promise", self.southern, company=self.south)
        self.about("recovery.promise", self.theirs, company=self.sister)

    # -- disputes --------------------------------------------------------------------------

    def test_a_dispute_is_settled_when_every_branch_was_paid(self):
        dispute = self.about("recovery.dispute", self.ours, self.northern)
        self.receive_in(self.company, 60, str(self.today), self.ours)
        self.env["recovery.dispute"]._settled()._close_settled()
        self.assertEqual(dispute.state, "open")
        self.receive_in(self.north, 120, str(self.today), self.northern)
        self.env["recovery.dispute"]._settled()._close_settled()
        self.assertEqual((dispute.state, dispute.outcome), ("closed", "settled"))
        self.assertFalse(self.held(self.southern))

    def test_an_item_is_disputed_once_whichever_branch_looks_into_it(self):
        self.about("recovery.dispute", self.northern, self.ours)
        mine = self.as_worker(self.env["recovery.dispute"], self.north)
        with self.refused(f"^{self.northern.name} is disputed already", ValidationError):
            mine.create(
                {
                    "partner_id": self.debtor.id,
                    "description": "Broken",
                    "move_line_ids": [Command.set(self.item(self.northern).ids)],
                }
            )

    # -- dialogs ---------------------------------------------------------------------------

    def opened(self, action, **values):
        """Fill in the dialog of ``action`` and save it, as the user of this test."""
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_dialogs_from_the_list_of_claims(self):
        claims = self.env["recovery.claim"].search([("move_line_id", "in", self.items.ids)])
        hold = self.opened(claims.action_hold(), reason="Agreed")
        self.assertEqual((hold.company_id, hold.move_line_ids), (self.company, self.items))
        promise = self.opened(claims.action_promise())
        self.assertEqual((promise.amount, promise.move_line_ids), (360, self.items))
        theirs = self.env["recovery.claim"].search([("move_line_id", "=", self.item(self.theirs).id)])
        self.assertEqual((claims + theirs).action_hold()["res_model"], "recovery.bulk")

    def test_a_dialog_in_a_branch_is_kept_there(self):
        claims = self.env["recovery.claim"].search([("move_line_id", "in", self.items.ids)])
        mine = self.as_worker(claims, self.north, self.south)
        seen = mine.search([("id", "in", claims.ids)])
        self.assertEqual(seen.move_line_id, self.item(self.northern, self.southern))
        action = seen.action_promise()
        self.assertEqual(action["context"]["default_company_id"], self.north.id)
        self.assertEqual(action["context"]["default_amount"], 300)

    def test_what_is_disputed_is_not_promised(self):
        self.about("recovery.dispute", self.northern)
        self.about("recovery.dispute", self.southern, amount=80)
        claims = self.env["recovery.claim"].search([("move_line_id", "in", self.items.ids)])
        self.assertEqual(claims.action_promise()["context"]["default_amount"], 160)

    def test_several_debtors_at_once(self):
        other = self.debtor.copy({"name": "Other"})
        elsewhere = self.invoice(40, partner_id=other.id, company_id=self.north.id)
        items = self.items + self.item(elsewhere, self.theirs)
        claims = self.env["recovery.claim"].search([("move_line_id", "in", items.ids)])
        for act, values in (
            ("hold", {"date_until": self.today + timedelta(days=3), "reason": "Agreed"}),
            ("promise", {"date_promised": self.today + timedelta(days=3)}),
        ):
            bulk = self.env["recovery.bulk"].browse(self.env["recovery.bulk"]._open(claims, act)["res_id"])
            bulk.write(values)
            bulk.action_apply()
            self.assertFalse(bulk.line_ids.filtered("is_refused"), bulk.line_ids.mapped("outcome"))
            made = self.env[f"recovery.{act}"].browse(set(bulk.line_ids.mapped("res_id")))
            self.assertEqual(
                {(one.partner_id, one.company_id): one.move_line_ids for one in made},
                {
                    (self.debtor, self.company): self.items,
                    (other, self.north): self.item(elsewhere),
                    (self.debtor, self.sister): self.item(self.theirs),
                },
            )

    def test_choosing_several_creditors_is_refused(self):
        with self.refused("records of one creditor"):
            self.env["recovery.hold"]._new_action(self.debtor, self.item(self.ours, self.theirs))

    def test_the_forms_offer_what_any_branch_is_owed(self):
        hold = self.about("recovery.hold", self.ours)
        with Form(hold) as form:
            form.move_line_ids.add(self.item(self.northern))
        self.assertEqual(hold.move_line_ids, self.item(self.ours, self.northern))
        self.assertRaises(
            UserError, self.env["recovery.hold"]._defaults_for, self.debtor + self.sister.partner_id, None
        )
