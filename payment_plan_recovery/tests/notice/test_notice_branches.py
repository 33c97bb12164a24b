"""A notice about claims of several branches is one paper: whoever reads it prints it, and acts on it, whole."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .notice_branch_common import NoticeBranchCommon
from .test_notice_print import ROLES

PAPERS = ("report_letter", "report_formal_notice", "report_evidence")


@tagged("post_install", "-at_install")
class TestNoticeBranches(NoticeBranchCommon, HttpCase):
    """100.00 are owed to the company and 50.00 to its branch; a letter asks for both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.channel_ids.filtered(lambda one: one.channel == "email").unlink()
        debtor = cls.make_debtor(street="2 Side Street", zip="69001", city="Lyon", email=False)
        cls.ours = cls.invoice(debtor, 100.0)
        cls.theirs = cls.branch_invoice(debtor, 50.0)
        run = cls.make_run(5)
        run.action_propose()
        run.action_confirm()
        cls.notice = run.notice_ids
        cls.users = {
            (role, company.name): new_test_user(
                cls.env,
                f"{role}_{company.name}",
                groups=f"base.group_user,{group}",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for role, group in ROLES.items()
            for company in cls.companies
        }

    def as_role(self, role, company, records=None):
        """Return ``records``, the notice unless others are given, as who has that role in that company only."""
        self.env.flush_all()
        self.env.invalidate_all()
        records = self.notice if records is None else records
        user = self.users[role, company.name]
        return records.with_user(user).with_context(allowed_company_ids=company.ids)

    def test_whoever_reads_it_prints_it_whole(self):
        for (role, place), user in self.users.items():
            self.authenticate(user.login, user.login)
            for paper in PAPERS:
                with self.subTest(role=role, place=place, paper=paper):
                    answer = self.url_open(f"/report/html/payment_plan_recovery.{paper}/{self.notice.id}")
                    if place == self.sister.name:
                        self.assertEqual(answer.status_code, 403)
                        self.assertNotIn(self.ours.name, answer.text)
                        continue
                    self.assertEqual(answer.status_code, 200)
                    self.assertIn(self.ours.name, answer.text)
                    self.assertIn(self.theirs.name, answer.text)
                    for owed in (self.company, self.branch):
                        self.assertIn(f"<div>{owed.name}</div>", answer.text, "whose line it is")

    def test_whoever_writes_to_debtors_looks_at_what_would_go(self):
        for company in self.company + self.branch:
            for role in ("collector", "manager"):
                with self.subTest(role=role, place=company.name):
                    mine = self.as_role(role, company)
                    self.assertIn("document", mine._preview_values())
                    self.notice.channel = "email"
                    self.notice.partner_id.email = "debtor@example.com"
                    self.level.attach_invoices = True
                    mine = self.as_role(role, company)
                    self.assertIn("150", mine._preview_values()["subject"])
                    self.assertIn(f">{self.branch.name}</div>", mine._preview_values()["body"])
                    self.notice.channel = "letter"

    def test_nobody_else_looks_at_it(self):
        with self.assertRaises(AccessError):
            self.as_role("manager", self.sister)._preview_values()

    def test_what_is_noted_from_it_says_whose_invoices_one_may_not_name(self):
        for role, company, other in (
            ("collector", self.company, self.branch),
            ("manager", self.branch, self.company),
        ):
            for act in ("action_recovery_hold", "action_recovery_promise", "action_recovery_case"):
                with self.subTest(act, place=company.name), self.assertRaisesRegex(UserError, other.name):
                    getattr(self.as_role(role, company), act)()
