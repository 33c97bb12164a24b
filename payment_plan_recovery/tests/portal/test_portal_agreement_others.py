"""An agreement, its link and its signature, asked for by whoever they are not for."""

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .portal_sign_common import DOT, SignCommon

#: Pages of a plan that print, show or keep its agreement, and those that sign it.
PAPERS = ("/paper/agreement", "/sign/document", "/signed", "/sign", "")
STEPS = ("/sign", "/sign/code", "/sign/confirm", "/refuse")


@tagged("post_install", "-at_install")
class TestPortalAgreementOthers(SignCommon):
    def assert_closed(self, root, plan=None):
        """Nothing of the offer is shown or signed by the way in ``root``."""
        plan = plan or self.offer
        for path in PAPERS:
            answer = self.url_open(f"{root}/plans/{plan.id}{path}")
            self.assertEqual(answer.status_code, 404, path)
            self.assertNotIn(plan.name, answer.text)
        for path in STEPS:
            self.assertEqual(self.post(f"{root}/plans/{plan.id}{path}", consent="1").status_code, 404, path)
        with mute_logger("odoo.http"):
            try:
                said = self.make_jsonrpc_request(
                    f"{root}/plans/{plan.id}/sign/finish", {"name": "Eve", "signature": DOT}
                )
            except JsonRpcException as error:
                said = {"error": str(error)}
        self.assertIn("error", said)
        self.env.invalidate_all()
        self.assertEqual(plan.state, "proposed")

    def test_what_is_printed_on_one_agreement_opens_no_other(self):
        other = self.plan(self.late_invoice(90))
        other.action_propose()
        root = self.link(plan=self.offer)._path()
        self.assertEqual(self.url_open(f"{root}/plans/{self.offer.id}/paper/agreement").status_code, 200)
        self.assert_closed(root, other)
        for path in ("/statement", "/plans", "/ask", "/write", "/contact", "/pay/overdue"):
            self.assertEqual(self.url_open(root + path).status_code, 404, path)

    def test_a_code_that_is_not_quite_it_opens_nothing(self):
        link = self.link(plan=self.offer)
        code = link.sudo().code
        for tampered in (
            code.lower(),
            link._printed_code(),
            code[:-1] + ("2" if code[-1] != "2" else "3"),
            code[::-1],
            code + "A",
            code[:-1],
            code[:-1] + "%00",
            "%" + code[1:],
        ):
            with self.subTest(tampered):
                self.assertEqual(self.url_open(f"/r/{tampered}").status_code, 404)

    def test_another_debtor_another_company_and_a_branch_of_another_get_none(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        self.invoice(10, partner_id=stranger.id)
        sister = self.env["res.company"].create({"name": "Sister"})
        branch = self.env["res.company"].create({"name": "Sister's branch", "parent_id": sister.id})
        self.begin()  # what this browser was shown opens nothing by another way either
        for root in (
            self.link(debtor=stranger)._path(),
            self.link(company=sister)._path(),
            self.link(company=branch)._path(),
        ):
            with self.subTest(root):
                self.assert_closed(root)

    def test_a_contact_without_rights_and_one_who_left_get_none(self):
        contact = self.contact("accounts", self.debtor)
        user = self.portal_user("agreement_contact", contact)
        self.login(user)
        self.assertEqual(self.url_open(f"/my/plans/{self.offer.id}/paper/agreement").status_code, 200)
        contact.recovery_no_portal = True
        for root in (f"/my/creditor/{self.company.id}", "/my"):
            self.assert_closed(root)
        contact.recovery_no_portal = False
        contact.parent_id = self.env["res.partner"].create({"name": "Elsewhere", "is_company": True})
        for root in (f"/my/creditor/{self.company.id}", "/my"):
            self.assert_closed(root)

    def test_an_offer_that_was_taken_back_is_opened_by_no_agreement(self):
        self.begin()
        root = self.link(plan=self.offer)._path()
        self.offer.action_draft()
        for path in PAPERS:
            self.assertEqual(self.url_open(f"{root}/plans/{self.offer.id}{path}").status_code, 404, path)
        self.offer.action_propose()
        self.assertEqual(self.url_open(f"{root}/plans/{self.offer.id}").status_code, 200)

    def test_what_a_call_says_of_its_context_changes_nothing(self):
        self.begin()
        self.confirm(self.code())
        known = self.offer.message_ids
        forged = {"default_state": "draft", "tracking_disable": True, "recovery_without_link": True}
        said = self.make_jsonrpc_request(
            f"{self.url}/sign/finish", {"name": "Anne", "signature": DOT, "context": forged}
        )
        self.assertNotIn("error", said)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        self.assertEqual(self.offer.state, "accepted")
        self.assertTrue((self.offer.message_ids - known).tracking_value_ids, "the history tells it")
