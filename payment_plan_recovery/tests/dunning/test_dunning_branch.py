"""A company and its branches are one creditor; a sister company is another one."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..notice.notice_branch_common import NoticeBranchCommon
from ..notice.notice_common import day


@tagged("post_install", "-at_install")
class TestDunningBranch(NoticeBranchCommon):
    """Invoices are due on day 0, the level is reached on day 5."""

    def hold(self, debtor, company):
        self.env["recovery.hold"].create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "date_from": day(0),
                "date_until": day(9),
                "reason": "Agreed on the telephone",
            }
        )

    def test_a_run_judges_the_claims_of_the_branches(self):
        debtor = self.make_debtor()
        ours, theirs = self.invoice(debtor), self.branch_invoice(debtor)
        run = self.make_run(5)
        run.action_propose()
        self.assertEqual(run.line_ids.move_line_id, self.item(ours) + self.item(theirs))
        run.action_confirm()
        self.assertEqual(len(run.notice_ids), 1)
        self.assertEqual(run.notice_ids.amount_total, 200.0)
        self.drain()
        self.assertEqual(run.notice_ids.state, "sent")

    def test_a_run_asked_for_in_a_branch_is_the_creditors(self):
        run = self.make_run(5, company_id=self.branch.id)
        self.assertEqual(run.company_id, self.company)

    def test_money_in_the_parent_covers_the_branch(self):
        move = self.branch_invoice(self.make_debtor())
        self.assert_reasons(move, day4="not_due", day5="selected")
        self.credit(move.partner_id, 100.0)
        self.assert_reasons(move, day4="not_due", day5="offset_by_credit")

    def test_a_sister_knows_nothing(self):
        debtor = self.make_debtor()
        move = self.invoice(debtor)
        self.invoice(debtor, -100.0, company=self.sister)
        self.env["recovery.hold"].create(
            {
                "partner_id": debtor.id,
                "company_id": self.sister.id,
                "date_from": day(0),
                "date_until": day(9),
                "reason": "Theirs",
            }
        )
        self.assert_reasons(move, day5="selected")

    def test_a_hold_of_the_parent_holds_the_branch_and_the_other_way_round(self):
        for company in self.company + self.branch:
            with self.subTest(company.name):
                debtor = self.make_debtor()
                moves = self.invoice(debtor), self.branch_invoice(debtor)
                self.env["recovery.hold"].create(
                    {
                        "partner_id": debtor.id,
                        "company_id": company.id,
                        "date_from": day(0),
                        "date_until": day(9),
                        "reason": "Ours",
                    }
                )
                for move in moves:
                    self.assert_reasons(move, day5="on_hold")

    def test_the_contact_budget_is_one(self):
        self.company.recovery_contact_gap_days = 3
        self.assertEqual(self.branch.recovery_contact_gap_days, 3)
        debtor = self.make_debtor()
        move = self.invoice(debtor)
        self.env["recovery.contact"].create(
            {"partner_id": debtor.id, "company_id": self.branch.id, "date": day(4), "outcome": "spoke"}
        )
        self.assert_reasons(move, day6="contact_budget", day7="selected")

    def test_settings_are_those_of_the_creditor(self):
        with self.assertRaisesRegex(ValidationError, "change it in Creditor"):
            self.branch.recovery_contact_max = 9

    def test_a_manager_of_a_branch_changes_what_is_the_branch_s(self):
        manager = new_test_user(
            self.env,
            "branch_manager",
            groups="payment_plan_recovery.group_recovery_manager",
            company_id=self.branch.id,
            company_ids=[Command.set(self.branch.ids)],
        )
        model = self.env["recovery.settings"].with_user(manager)
        model = model.with_context(allowed_company_ids=self.branch.ids)
        settings = model.browse(model._open()["res_id"])
        with Form(settings) as form:
            self.assertTrue(form._get_modifier("recovery_contact_max", "readonly"))
            self.assertIn("the same in Creditor", form.branch_note)
            form.recovery_credit_user_id = manager
        self.assertEqual(self.branch.recovery_credit_user_id, manager)
        self.assertFalse(self.company.recovery_credit_user_id)

    def test_settings_that_change_together(self):
        self.company.write(
            {"recovery_contact_from": 21, "recovery_contact_until": 22, "recovery_contact_max": 4}
        )
        self.env.flush_all()
        told = (self.branch.recovery_contact_from, self.branch.recovery_contact_until)
        self.assertEqual((*told, self.branch.recovery_contact_max), (21, 22, 4))
        for marker in (True, object()):
            with self.assertRaises(ValidationError):
                self.branch.with_context(recovery_spreading=marker).recovery_contact_max = 9

    def test_what_a_person_may_give_up_alone_is_what_the_creditor_says(self):
        self.company.write({"recovery_waiver_ceiling": 0, "recovery_write_off_ceiling": 70})
        self.assertEqual(
            (self.branch.recovery_waiver_ceiling, self.branch.recovery_write_off_ceiling),
            (0, 70),
            "the default of a branch opens no gate that the creditor shut",
        )
        later = self.env["res.company"].create({"name": "Later", "parent_id": self.branch.id})
        self.assertEqual((later.recovery_waiver_ceiling, later.recovery_write_off_ceiling), (0, 70))

    def test_every_setting_says_how_branches_come_by_it(self):
        """Each is the creditor's, or the nearest company's that has one (:meth:`_recovery_nearest`)."""
        nearest = {
            *("recovery_charge_journal_id", "recovery_interest_product_id", "recovery_fee_product_id"),
            *("recovery_write_off_account_id", "recovery_discount_account_id", "recovery_plan_policy_id"),
            *("recovery_credit_user_id", "recovery_portal_signatory_id"),
        }
        by_country = {"recovery_envelope"}  # of who writes: a branch is where it is
        companies = self.env["res.company"]
        ours = {
            name
            for name, field in companies._fields.items()
            if name.startswith("recovery_") and field.store and field.type != "one2many"
        }
        same = set(companies._get_company_root_delegated_field_names())
        self.assertEqual(ours - same - by_country, nearest)

    def test_an_archived_branch_is_owed_what_it_was(self):
        debtor = self.make_debtor()
        ours, theirs = self.invoice(debtor), self.branch_invoice(debtor)
        debtor.with_company(self.company).recovery_policy_id = self.policy
        self.branch.active = False
        self.env.invalidate_all()
        self.assertEqual(self.branch._recovery_lineage_ids(), (self.branch.id, self.company.id))
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.company.ids})
        self.assert_reasons(ours, day4="not_due", day5="selected")
        self.assert_reasons(theirs, day4="not_due", day5="selected")
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        self.assertEqual(run.notice_ids.amount_total, 200.0)

    def test_an_archived_branch_of_a_branch(self):
        below = self.env["res.company"].create({"name": "Below", "parent_id": self.branch.id})
        self.branch.active = False
        self.env.invalidate_all()
        self.assertEqual(below._recovery_lineage_ids(), (below.id, self.branch.id, self.company.id))
        self.assert_reasons(self.invoice(self.make_debtor()), day5="selected")

    def test_a_policy_of_the_branch_goes_before_the_creditors(self):
        debtor = self.make_debtor()
        ours, theirs = self.invoice(debtor), self.branch_invoice(debtor)
        debtor.with_company(self.branch).recovery_policy_id = self.make_policy(do_not_chase=True)
        self.assert_reasons(ours, day5="selected")
        self.assert_reasons(theirs, day5="do_not_chase")

    def test_a_policy_of_the_creditor_is_the_branchs(self):
        debtor = self.make_debtor()
        theirs = self.branch_invoice(debtor)
        debtor.with_company(self.company).recovery_policy_id = self.make_policy(do_not_chase=True)
        self.assert_reasons(theirs, day5="do_not_chase")

    def test_a_collector_of_a_branch_reads_what_was_sent(self):
        debtor = self.make_debtor()
        self.branch_invoice(debtor)
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        collector = new_test_user(
            self.env,
            "branch_collector",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.branch.id,
            company_ids=[Command.set(self.branch.ids)],
        )
        mine = (
            self.env["recovery.notice"].with_user(collector).with_context(allowed_company_ids=self.branch.ids)
        )
        self.assertEqual(mine.search([("partner_id", "=", debtor.id)]), run.notice_ids)
        self.assertEqual(
            self.env["recovery.claim"]
            .with_user(collector)
            .with_context(allowed_company_ids=self.branch.ids)
            .search([("partner_id", "=", debtor.id)])
            .mapped("reason"),
            ["previous_not_sent"],
        )

    def test_a_statement_shows_the_whole_account(self):
        debtor = self.make_debtor()
        self.invoice(debtor, 100.0)
        self.branch_invoice(debtor, 50.0)
        self.credit(debtor, 30.0)
        for company in self.company + self.branch:
            content = debtor._recovery_content(company, day(5))
            self.assertEqual(content.balances, {self.currency: 120.0})
