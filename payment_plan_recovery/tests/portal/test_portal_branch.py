"""A company and its branches are one creditor: one account, of which a debtor pays branch by branch."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalBranch(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.setup_branch()
        cls.ours = cls.late_invoice(300, 40)
        cls.theirs = cls.late_invoice(200, 20, company_id=cls.branch.id)

    def test_one_account_shows_all_branches(self):
        link = self.link()
        self.assertEqual(self.link(company=self.branch), link)
        self.assertEqual(self.debtor._recovery_portal_creditors(), self.company)
        self.login()
        page = self.url_open(link._path()).text
        for words in (self.ours.name, self.theirs.name, "500.00"):
            self.assertIn(words, page)
        for owed in (self.company, self.branch):
            self.assertIn(f">{owed.name}</small>", page, "whose line it is")
        self.pay(self.theirs, 200)
        self.assertNotIn(f">{self.company.name}</small>", self.url_open(link._path()).text)

    def test_lateness_costs_at_every_branch(self):
        self.company.write({"recovery_charge_since": "2000-01-01", "recovery_charge_law": "debtor"})
        self.debtor.write({"country_id": self.env.ref("base.fr").id, "is_company": True})
        whole = self.debtor._recovery_content(self.company, self.today)
        self.debtor._state_charges({self.debtor.id: whole})
        self.assertEqual({line.number for line in whole.charges}, {self.ours.name, self.theirs.name})
        self.assertEqual(self.debtor.sudo()._portal_account(self.company)[0].charged, whole.charged)

    def test_a_plan_of_a_branch_opens_by_login_and_by_its_link(self):
        plan = self.plan(self.theirs, company_id=self.branch.id, policy_id=False)
        plan.action_propose()
        path = f"/plans/{plan.id}"
        self.login()
        self.assertIn(plan.name, self.url_open(self.link(company=self.branch, plan=plan)._path()).text)
        self.login(self.portal_user("branch_debtor", self.contact("branch", self.debtor)))
        for root in ("/my", f"/my/creditor/{self.company.id}", f"/my/creditor/{self.branch.id}"):
            self.assertIn(plan.name, self.url_open(root + path).text, root)

    def test_branches_are_paid_one_after_the_other(self):
        payable = self.debtor.sudo()._portal_payable
        self.assertEqual(payable(self.company), (300, self.item(self.ours)))
        self.assertEqual(payable(self.company, self.item(self.theirs).ids), (200, self.item(self.theirs)))

    def promise(self):
        return self.debtor.sudo()._portal_promise(self.company, str(self.today + timedelta(days=3)), "Martin")

    def hold(self, kind, *moves, **values):
        self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "move_line_ids": self.item(*moves).ids if moves else [],
                "kind": kind,
                "date_until": self.today + timedelta(days=9),
                "reason": "Looked into",
                **values,
            }
        )

    def test_what_is_late_with_two_branches_is_one_promise(self):
        promise = self.promise()
        self.assertEqual((promise.company_id, promise.amount), (self.company, 500))
        self.assertEqual(promise.hold_id.move_line_ids, self.item(self.ours, self.theirs))
        self.receive(self.item(self.ours), 300, self.today)
        self.receive(self.item(self.theirs), 200, self.today)
        promise._judge(self.today)
        self.assertEqual(promise.state, "kept")

    def test_what_is_late_with_one_branch_is_promised_to_it(self):
        self.receive(self.item(self.ours), 300, self.today)
        promise = self.promise()
        self.assertEqual((promise.company_id, promise.amount), (self.branch, 200))

    def test_what_is_disputed_is_not_promised(self):
        self.env["recovery.dispute"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "move_line_ids": self.item(self.ours).ids,
                "description": "Faulty",
            }
        )
        self.hold("dispute", self.theirs, amount=50)
        promise = self.promise()
        self.assertEqual((promise.amount, promise.move_line_ids), (150, self.item(self.theirs)))

    def test_what_is_held_covered_or_in_a_plan_is_not_promised(self):
        held, declared = self.late_invoice(70, 10), self.late_invoice(90, 12, company_id=self.branch.id)
        self.hold("manual", held)
        self.hold("insolvency", declared)
        self.active_plan(self.late_invoice(1000, 50))
        money = self.late_invoice(120, 60)
        payment = self.receive(self.item(money), 120, self.today)
        payment.line_ids.remove_move_reconcile()
        promise = self.promise()
        self.assertNotIn(self.item(money), promise.move_line_ids)
        self.assertEqual((promise.amount, promise.move_line_ids), (500, self.item(self.ours, self.theirs)))

    def test_nothing_is_promised_of_a_debtor_held_altogether_by_an_insolvency(self):
        self.hold("insolvency", company_id=self.branch.id)
        with self.assertRaisesRegex(UserError, "Write to us"):
            self.promise()

    def test_an_insolvency_is_no_matter_where_nothing_is_open(self):
        self.hold("insolvency")
        self.assertTrue(self.debtor._portal_is_insolvent(self.company))
        self.receive(self.item(self.ours), self.item(self.ours).amount_residual, self.today)
        self.receive(self.item(self.theirs), self.item(self.theirs).amount_residual, self.today)
        self.assertFalse(self.env["recovery.claim"].search([("partner_id", "=", self.debtor.id)]))
        self.assertFalse(self.debtor._portal_is_insolvent(self.company))

    def test_nothing_is_promised_of_what_is_disputed_altogether(self):
        self.hold("dispute", self.ours, self.theirs)
        with self.assertRaisesRegex(UserError, "Write to us"):
            self.promise()

    def test_a_plan_asked_for_leaves_out_what_is_disputed(self):
        self.hold("dispute", self.ours)
        requests = self.env["recovery.request"].sudo()
        request = requests._ask_for_plan(self.debtor.sudo(), self.company, self.debtor, description="Slow")
        self.assertEqual(request.plan_id.item_ids.move_line_id, self.item(self.theirs))

    def test_a_plan_asked_for_is_over_all_branches(self):
        request = (
            self.env["recovery.request"]
            .sudo()
            ._ask_for_plan(
                self.debtor.sudo(), self.company, self.debtor, description="Slow season", amount=100.0
            )
        )
        self.assertEqual(request.plan_id.item_ids.move_line_id, self.item(self.ours) + self.item(self.theirs))
        self.assertEqual((request.company_id, request.plan_id.company_id), (self.company, self.company))
        self.assertEqual(
            (request.hold_id.company_id, request.hold_id.move_line_ids),
            (self.company, self.item(self.ours, self.theirs)),
        )
        self.assertTrue(request.plan_id.option_ids)

    def test_a_plan_asked_for_over_one_branch_is_with_that_branch(self):
        self.receive(self.item(self.ours), 300, self.today)
        request = (
            self.env["recovery.request"]
            .sudo()
            ._ask_for_plan(self.debtor.sudo(), self.company, self.debtor, description="Slow season")
        )
        self.assertEqual(request.plan_id.company_id, self.branch)
        self.assertEqual(request.hold_id.move_line_ids, self.item(self.theirs))

    def test_nobody_else_sees_a_plan_over_the_branches(self):
        plan = self.active_plan(self.ours, self.theirs)
        stranger = self.env["res.partner"].create({"name": "Stranger", "email": "stranger@example.com"})
        self.invoice(40, self.today, partner_id=stranger.id, company_id=self.branch.id)
        self.login(self.portal_user("branch_stranger", self.contact("stranger", stranger)))
        for path in (f"/my/plans/{plan.id}", f"/my/creditor/{self.branch.id}/plans/{plan.id}", "/my/plans"):
            self.assertNotIn(plan.name, self.url_open(path).text)
        self.login(self.portal_user("branch_debtor", self.contact("branch", self.debtor)))
        for company in (self.company, self.branch):
            page = self.url_open(f"/my/creditor/{company.id}/plans/{plan.id}").text
            self.assertIn(f"{self.theirs.name} (Branch)", page)

    def test_a_dispute_is_with_the_creditor(self):
        debtor = self.debtor.sudo()
        said = {"cause": "goods", "description": "Too dear"}
        disputes, items = self.env["recovery.dispute"].sudo(), self.item(self.ours) + self.item(self.theirs)
        dispute = disputes._raise(debtor, self.company, debtor, items=items.ids, **said)
        self.assertEqual((dispute.company_id, dispute.move_line_ids), (self.company, items))
        self.assertEqual(dispute.hold_id.move_line_ids, items)
        self.receive(self.item(self.ours), 300, self.today)
        disputes._settled()._close_settled()
        self.assertEqual(dispute.state, "open")
        dispute.answer = "It stands"
        dispute.action_reject()
        later = self.late_invoice(20, 5, company_id=self.branch.id)
        alone = disputes._raise(debtor, self.company, debtor, items=self.item(later).ids, **said)
        self.assertEqual(alone.company_id, self.branch)

    def test_who_does_not_work_in_every_branch_does_not_look_as_the_debtor(self):
        collector = self.collector("branch_collector")
        collector.password = "portal-secret"  # noqa: S105 lives as long as the test
        self.login(collector)
        url = f"/recovery/debtor/{self.debtor.id}/{self.company.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
        collector.company_ids |= self.branch
        self.assertIn(self.theirs.name, self.url_open(url).text)
