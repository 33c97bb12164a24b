"""A level opens a case: the claims leave dunning, the file goes along, a person is asked."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..notice.notice_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestLevelCase(NoticeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.company)
        cls.debtor = cls.make_debtor("Late", is_company=True)
        cls.notice = cls.notify(cls.debtor)
        cls.send(cls.notice, 5)

    def move(self, kind="litigation"):
        action = self.env.ref(f"payment_plan_recovery.action_move_case_{kind}")
        action.with_context(
            active_model="recovery.notice", active_ids=self.notice.ids, active_id=self.notice.id
        ).run()
        return self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)])

    def test_claims_leave_dunning_until_the_review(self):
        hold = self.move()
        self.assertEqual((hold.kind, hold.date_from, hold.date_until), ("litigation", self.today, False))
        self.assertEqual((hold.date_review - self.today).days, 30)
        self.assertEqual(hold.move_line_ids, self.notice.line_ids.move_line_id)
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": self.today})
        self.assertEqual(set(run.explain(hold.move_line_ids).values()), {"on_hold"})

    def test_file_goes_along_and_a_person_is_asked(self):
        hold = self.move("mediation")
        documents = self.env["ir.attachment"].search(
            [("res_model", "=", "recovery.hold"), ("res_id", "=", hold.id)]
        )
        self.assertEqual(
            sorted(documents.mapped("name")), ["Evidence of sending.pdf", "Statement of account.pdf"]
        )
        self.assertTrue(all(document.raw.startswith(b"%PDF") for document in documents))
        case = self.env["recovery.case"].search([("hold_id", "=", hold.id)])
        self.assertIn("Take over the case of Late", case.activity_ids.mapped("summary"))

    def test_done_once(self):
        self.assertEqual(len(self.move()), 1)
        self.assertEqual(len(self.move()), 1)

    def test_done_once_in_every_company(self):
        """The outbox works in a company of its own: what runs in the creditor's is seen all the same."""
        first = self.move()
        elsewhere = self.make_company("Home of the outbox")
        self.notice = self.notice.with_context(allowed_company_ids=[elsewhere.id, self.company.id])
        self.notice._move_case("litigation")
        self.assertEqual(self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)]), first)

    def test_new_claims_follow(self):
        first = self.move()
        later = self.invoice(self.debtor, 70.0)
        self.notice.line_ids.copy({"move_line_id": self.item(later).id})
        holds = self.move()
        self.assertEqual((holds - first).move_line_ids, self.item(later))
