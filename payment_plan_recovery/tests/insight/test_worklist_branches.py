"""The worklist of a creditor with branches: what is late counts once, with those who look after it."""

from datetime import date

from odoo.tests import tagged

from ..plan.plan_branch_common import PlanBranchCommon


@tagged("post_install", "-at_install")
class TestWorklistBranches(PlanBranchCommon):
    TODAY = date(2026, 3, 2)

    def refreshed(self):
        """The debtor's rows as {company: (action, overdue)}."""
        worklist = self.env["recovery.worklist"]
        worklist._refresh(self.company, self.TODAY)
        rows = worklist.search([("partner_id", "=", self.debtor.id)])
        return {row.company_id: (row.action, row.amount_overdue) for row in rows}

    def dispute(self, *moves, **values):
        dispute = self.env["recovery.dispute"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "move_line_ids": self.item(*moves).ids,
                "description": "Faulty",
                **values,
            }
        )
        dispute.sudo().is_waiting = True
        return dispute

    def broken_promise(self, *moves, company=None):
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": (company or self.company).id,
                "amount": 100,
                "date_given": date(2026, 2, 1),
                "date_promised": date(2026, 2, 20),
                "move_line_ids": self.item(*moves).ids,
            }
        )
        promise._judge(date(2026, 2, 28))
        self.assertEqual(promise.state, "broken")
        return promise

    def test_a_dispute_kept_by_the_parent_is_work_where_its_items_are_owed(self):
        dispute = self.dispute(self.northern)
        self.assertEqual(self.refreshed(), {self.north: ("answer_dispute", 300)})
        row = self.as_worker(self.env["recovery.worklist"], self.north).search([])
        opened = row.action_open()
        self.assertEqual(opened["res_id"], dispute.id)
        as_worker = self.as_worker(self.env["recovery.dispute"], self.north)
        self.assertTrue(
            as_worker.search([("id", "=", dispute.id)]), "who has the row may read what it is about"
        )

    def test_a_dispute_about_items_of_two_branches_is_a_row_in_each(self):
        self.dispute(self.northern, self.southern)
        rows = {self.north: ("answer_dispute", 120), self.south: ("answer_dispute", 180)}
        self.assertEqual(self.refreshed(), rows)
        self.receive_in(self.north, 120, "2026-02-02", self.northern)
        self.assertEqual(self.refreshed(), {self.south: ("answer_dispute", 180)})

    def test_a_promise_that_the_parent_was_given_is_asked_about_where_it_is_owed(self):
        self.broken_promise(self.southern)
        self.assertEqual(self.refreshed(), {self.south: ("broken_promise", 300)})

    def test_a_promise_about_everything_is_asked_about_wherever_something_is_late(self):
        self.broken_promise()
        rows = {self.north: ("broken_promise", 120), self.south: ("broken_promise", 180)}
        self.assertEqual(self.refreshed(), rows)

    def test_who_called_from_a_branch_called_about_the_parent_s_promise(self):
        self.broken_promise()
        self.env["recovery.contact"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.north.id,
                "date": date(2026, 3, 1),
                "outcome": "Pays on Friday",
            }
        )
        self.assertEqual(self.refreshed(), {})

    def test_money_in_the_parent_is_matched_before_the_branches_write(self):
        self.receive_in(self.company, 50, "2026-02-02")
        self.assertEqual(self.refreshed(), {self.company: ("match", 250)})

    def test_what_the_creditor_decides_ranks_by_what_its_branches_are_owed(self):
        self.env["recovery.contact"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "date": date(2026, 2, 20),
                "date_next": date(2026, 3, 1),
                "outcome": "Call on the first",
            }
        )
        self.assertEqual(self.refreshed(), {self.company: ("call_back", 300)})
        self.dispute(self.northern)
        rows = {self.company: ("call_back", 180), self.north: ("answer_dispute", 120)}
        self.assertEqual(self.refreshed(), rows, "each amount counts once")

    def test_a_sister_s_list_is_its_own(self):
        self.dispute(self.northern)
        self.invoice(70, company_id=self.sister.id)
        self.assertNotIn(self.sister, self.refreshed())
