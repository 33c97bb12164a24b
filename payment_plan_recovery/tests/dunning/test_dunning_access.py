"""Who may do what: collectors work, accountants read, nobody sees another company's claims."""

import os
from tempfile import TemporaryDirectory

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .dunning_common import DunningCommon, day

DUE5 = {"trigger": "due_date", "delay_days": 5}


@tagged("post_install", "-at_install")
class TestDunningAccess(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.make_policy(DUE5)
        cls.move = cls.invoice(cls.make_debtor())
        cls.collector = cls.user("collector", "payment_plan_recovery.group_recovery_user")
        cls.accountant = cls.user("accountant", "account.group_account_readonly")
        cls.clerk = cls.user("clerk", "base.group_user")

    @classmethod
    def user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def as_user(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def test_collector_runs_dunning(self):
        run = self.as_user(self.collector, self.env["recovery.dunning.run"]).create({"date": day(5)})
        run.action_propose()
        run.line_ids.action_untick()
        run.line_ids.action_tick()
        run.action_confirm()
        self.assertEqual(run.notice_ids.line_ids.move_line_id, self.item(self.move))
        self.assertEqual(run.notice_ids.create_uid, self.collector)

    def test_collector_changes_how_an_invoice_is_chased(self):
        nobody = self.make_policy(do_not_chase=True, debtor_domain="[('id', '=', False)]")
        change = self.as_user(self.collector, self.env["recovery.dunning.change"]).create(
            {"move_ids": self.move.ids, "policy_id": nobody.id, "reason": "Agreed with sales"}
        )
        change.action_change()
        self.assert_reasons(self.move, day5="do_not_chase")
        self.assertIn("Agreed with sales", self.move.message_ids[0].body)

    def test_collector_does_not_declare_policies(self):
        with self.assertRaises(AccessError):
            self.as_user(self.collector, self.policy).min_interval_days = 0

    def test_accountant_reads(self):
        run = self.make_run(5)
        run.action_propose()
        seen = self.as_user(self.accountant, run)
        self.assertEqual(seen.reason_counts(), {"selected": 1})
        self.assertEqual(seen.explain(self.item(self.move)), {self.item(self.move).id: "selected"})
        for action in (seen.action_confirm, seen.action_propose, seen.action_cancel):
            with self.assertRaises(AccessError):
                action()

    def test_others_see_nothing(self):
        for model in ("recovery.claim", "recovery.dunning.run", "recovery.hold", "recovery.promise"):
            with self.assertRaises(AccessError):
                self.as_user(self.clerk, self.env[model]).search([])
        self.assertFalse(
            self.as_user(self.clerk, self.move.partner_id)._has_field_access(
                self.env["res.partner"]._fields["recovery_claim_amount"], "read"
            )
        )

    def test_no_client_names_a_path_on_the_server(self):
        """The Excel review is downloaded; written to a path, it could take the place of any file."""
        run = self.make_run(5)
        with TemporaryDirectory() as folder:
            path = f"{folder}/review.xlsx"
            for user in (self.collector, self.clerk):
                with self.assertRaises(AccessError):
                    call_kw(self.as_user(user, self.env[run._name]), "write_review", [run.ids, path], {})
            self.assertFalse(os.listdir(folder))

    def test_claims_of_another_company_are_hidden(self):
        other = self.make_company("Other creditor")
        foreign = self.invoice(self.move.partner_id, company=other)
        claims = self.as_user(self.collector, self.env["recovery.claim"]).search([])
        self.assertEqual(claims.move_line_id, self.item(self.move))
        with self.assertRaises(AccessError):
            self.as_user(self.collector, self.env["recovery.dunning.run"]).create(
                {"date": day(5), "company_id": other.id}
            )
        hidden = self.item(foreign)
        run = self.as_user(self.collector, self.env["recovery.dunning.run"]).create({"date": day(5)})
        self.assertEqual(run.explain(self.as_user(self.collector, hidden).sudo()), {})
