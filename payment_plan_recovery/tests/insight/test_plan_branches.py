"""Figures and acts where a plan spans the branches of a creditor."""

from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from ..plan.plan_branch_common import PlanBranchCommon

TODAY = date(2026, 2, 1)


class AsLateAsItIs:
    """A debtor's curve that tells how many days late a part of the schedule is on the day asked."""

    @classmethod
    def on(cls, _due):
        return cls

    @staticmethod
    def outlook(age):
        return age


@tagged("post_install", "-at_install")
class TestPlanBranches(PlanBranchCommon):
    def owed(self):
        return self.env["recovery.claim"].search([("partner_id", "=", self.debtor.id)])

    def exposures(self):
        self.env.invalidate_all()
        companies = self.company | self.north | self.south | self.sister
        debtor = self.debtor
        return {company.name: debtor.with_company(company).recovery_exposure for company in companies}

    def test_a_debtor_s_page_adds_up_what_every_branch_is_owed_that_its_reader_may_see(self):
        self.invoice(50, company_id=self.sister.id)
        debtor = self.debtor
        with freeze_time("2026-03-02"):
            for company in (self.company, self.north, self.south):
                page = debtor.with_company(company)
                self.assertEqual(
                    (page.recovery_claim_amount, page.recovery_overdue), (300, 300), company.name
                )
                self.assertEqual(page.recovery_claim_count, 2)
                opened = page.with_context(allowed_company_ids=company.ids).action_recovery_claims()
                listed = self.env["recovery.claim"].with_context(**opened["context"]).search(opened["domain"])
                self.assertEqual(listed.move_id, self.northern | self.southern, "what the button counts")
            page = debtor.with_company(self.sister)
            self.assertEqual((page.recovery_claim_amount, page.recovery_overdue), (50, 50))
            page = self.as_worker(debtor, self.north)
            northern = self.item(self.northern).amount_residual
            self.assertEqual((page.recovery_claim_amount, page.recovery_overdue), (northern, northern))
            self.assertLess(northern, 300)

    def test_one_draft_over_what_the_branches_are_owed(self):
        theirs = self.invoice(50, company_id=self.sister.id)
        window = self.env["recovery.bulk"]._open(self.owed(), "plan")
        asked = self.env["recovery.bulk"].browse(window["res_id"])
        self.assertEqual(asked.line_ids.company_id, self.north | self.south | self.sister)
        asked.action_apply()
        self.assertFalse(any(asked.line_ids.mapped("is_refused")), asked.line_ids.mapped("outcome"))
        made = {line.company_id: line.res_id for line in asked.line_ids}
        self.assertEqual(made[self.north], made[self.south])
        ours = self.env["recovery.plan"].browse(made[self.north])
        self.assertEqual(
            (ours.company_id, ours.amount_total, ours.creditor_id), (self.company, 300, self.company)
        )
        other = self.env["recovery.plan"].browse(made[self.sister])
        self.assertEqual((other.company_id, other.item_ids.move_line_id), (self.sister, self.item(theirs)))

    def test_what_is_owed_is_the_same_with_a_plan_and_without(self):
        before = self.exposures()
        plan = self.active_plan(self.northern, self.southern, company_id=self.north.id)
        self.assertEqual(self.exposures(), before)
        self.assertEqual(sum(self.owed().mapped("amount_company")), 300)
        self.receive_in(self.south, 80, "2026-01-31", self.southern)
        self.assertEqual(
            {name: amount - 80 * (name != "Sister") for name, amount in before.items()}, self.exposures()
        )
        self.assertEqual(sum(self.owed().mapped("amount_company")), 220)
        self.assertEqual(plan.amount_residual, 220)

    def test_a_hold_on_another_branch_s_invoice_is_not_on_what_its_reader_may_see(self):
        hold = {"partner_id": self.debtor.id, "kind": "dispute", "reason": "Flour", "date_from": "2026-01-20"}
        named = self.item(self.northern)
        self.env["recovery.hold"].create(
            {**hold, "company_id": self.south.id, "move_line_ids": named.ids, "date_until": "2026-12-31"}
        )
        seen = self.as_worker(self.env["recovery.forecast"], self.south)
        [found] = seen.predict(TODAY).values()
        self.assertNotIn("hold", dict(found.reasons))
        found = self.env["recovery.forecast"].with_company(self.company).predict(TODAY)
        self.assertIn("hold", dict(found[named.id].reasons))

    def test_the_schedule_is_laid_over_the_items_of_all_branches_whoever_looks(self):
        plan = self.active_plan(self.northern, self.southern)
        plan.sudo().date_activated = date(2026, 1, 15)
        southern = self.item(self.southern).id
        whole = self.env["recovery.forecast"].with_company(self.company)
        seen = self.as_worker(self.env["recovery.forecast"], self.south)
        self.assertEqual(set(seen.predict(TODAY)), {southern})
        laid = [
            forecast._plan_outlooks(forecast._creditor(), TODAY, None)[southern](AsLateAsItIs)[0]
            for forecast in (whole, seen)
        ]
        shares = [(round(way.share * 9, 3), way.outlook) for way in laid[0].ways]
        kept = shares[-1][0] / 5 * 9  # 80 and 100 of 180 are left for the south
        self.assertEqual(laid[0], laid[1], "the first instalments pay the north, whoever looks")
        self.assertEqual(
            [(round(share / kept, 3), late) for share, late in shares],
            [(round(4 / 9, 3), -27), (round(5 / 9, 3), -58)],
        )
        self.assertNotIn(southern, self.env["recovery.forecast"].with_company(self.sister).predict(TODAY))
