"""What is let go, told: the account keeps what the ledger says, and nobody is asked for it, ranked or awaited by it."""

from datetime import date, timedelta

from freezegun import freeze_time
from odoo.tests import tagged

from ..common.early_terms import less_2_percent
from .portal_common import PortalCommon

TODAY = date(2026, 4, 10)


@tagged("post_install", "-at_install")
@freeze_time("2026-04-10 10:00:00")
class TestLetGoTold(PortalCommon):
    """1,000 of 10 January less 2 % until 20 January, 980 paid by then; and 0.30 left of 100, below 0.50."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = less_2_percent(cls.env)
        cls.company.recovery_residue_amount = 0.5
        cls.early = cls.discounted(1000)
        cls.small = cls.invoice(100, "2026-02-10")

    @classmethod
    def discounted(cls, amount, **vals):
        issued = {"invoice_date": "2026-01-10", "date": "2026-01-10"}
        return cls.invoice(amount, False, invoice_payment_term_id=cls.terms.id, **issued, **vals)

    def settle(self, early=980, small=99.7, *, is_matched=True):
        for move, amount, day in ((self.early, early, "2026-01-20"), (self.small, small, "2026-02-09")):
            entry = self.pay(move, amount, day)
            if not is_matched:
                entry.line_ids.remove_move_reconcile()

    def told(self):
        """Return (the statement, the portal's account): what each says, where they agree."""
        content, opened = self.debtor._portal_account(self.company, 0, 80)
        whole = self.debtor._recovery_content(self.company, TODAY)
        for name in ("balances", "ageing", "totals", "let_go", "days_late", "oldest_due"):
            self.assertEqual(getattr(content, name), getattr(whole, name), name)
        return whole, opened

    def rows(self, opened):
        return {
            row.move_line_id or row.plan_id: row
            for row in self.debtor._portal_rows(self.company, opened.page)
        }

    def late_on_worklist(self, day=TODAY):
        self.env["recovery.worklist"]._refresh(self.company, day)
        row = self.env["recovery.worklist"].search([("partner_id", "=", self.debtor.id)])
        return row.amount_overdue, row.date_oldest

    def ask_for_a_call(self):
        """Put the debtor on the worklist by something that has nothing to do with what is late."""
        return self.env["recovery.contact"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "date": "2026-04-01",
                "outcome": "Call back",
                "date_next": "2026-04-09",
            }
        )

    # -- the account -----------------------------------------------------------------------

    def test_the_account_keeps_the_balance_and_asks_for_nothing(self):
        self.settle()
        whole, opened = self.told()
        self.assertEqual(whole.totals, {self.currency: 20.3}, "as the ledger says")
        self.assertEqual(whole.balances, {self.currency: 0})
        self.assertEqual(whole.let_go, {self.currency: 20.3})
        self.assertFalse(whole.days_late or whole.in_favour)
        ages = [(name, amounts) for name, amounts in whole.ageing if amounts]
        self.assertEqual(ages, [("No longer asked for", {self.currency: 20.3})])
        self.assertIsNone(opened.unplanned, "nothing to promise or to pay")
        for row in self.rows(opened).values():
            self.assertEqual((row.claim.days_late, row.claim.residual), (0, row.claim.let_go))

    def test_at_the_threshold_a_day_late_or_a_cent_less_it_is_asked_for(self):
        self.settle(979.99, 99.5)
        whole, opened = self.told()
        self.assertEqual(whole.balances, {self.currency: 20.51})
        self.assertEqual((whole.let_go, whole.days_late), ({}, 60))
        self.assertEqual(opened.unplanned, self.item(self.early).date_maturity)

    def test_beside_what_is_late_only_that_is_asked_for(self):
        self.settle()
        self.invoice(400, "2026-03-31")
        whole, opened = self.told()
        self.assertEqual((whole.totals, whole.balances), ({self.currency: 420.3}, {self.currency: 400}))
        self.assertEqual((whole.days_late, opened.unplanned), (10, date(2026, 3, 31)))
        self.assertEqual(sum(sum(amounts.values()) for _name, amounts in whole.ageing), 420.3)

    def test_money_that_waits_to_be_matched_lets_go_just_as_well(self):
        self.settle(is_matched=False)
        whole, opened = self.told()
        self.assertEqual((whole.balances, whole.let_go), ({self.currency: 0}, {self.currency: 20.3}))
        self.assertEqual(sum(sum(amounts.values()) for _name, amounts in whole.ageing), 20.3)
        self.assertIsNone(opened.unplanned)

    def test_of_a_plan_the_discount_that_was_earned(self):
        self.pay(self.small, 100)
        plan = self.active_plan(self.early)
        for is_matched in (True, False):
            with self.subTest(is_matched), self.env.cr.savepoint() as savepoint:
                entry = self.pay(self.early, 980, "2026-01-20")
                if not is_matched:
                    entry.line_ids.remove_move_reconcile()
                whole, opened = self.told()
                self.assertEqual(whole.balances, {self.currency: 0})
                self.assertEqual(whole.let_go, {self.currency: 20})
                self.assertEqual(sum(sum(amounts.values()) for _name, amounts in whole.ageing), 20)
                last = self.rows(opened)[plan.id].claim
                self.assertEqual(last.let_go, 20)
                if is_matched:
                    self.assertEqual(last.days_late, 0)
                savepoint.rollback()
                self.env.invalidate_all()
        entry = self.pay(self.early, 980, "2026-01-20")
        page = self.url_open(self.link()._path()).text
        self.assertIn("No longer asked for", page)
        self.assertNotIn("03/31/2026</td>", page.partition("Instalment plans")[2], "nothing is due next")
        entry.line_ids.remove_move_reconcile()
        entry.button_draft()
        self.pay(self.early, 980, "2026-01-21")
        self.assertIn(
            "03/31/2026</td>", self.url_open(self.link()._path()).text.partition("Instalment plans")[2]
        )
        whole, opened = self.told()
        self.assertEqual((whole.balances, whole.let_go), ({self.currency: 20}, {}))
        self.assertGreater(self.rows(opened)[plan.id].claim.days_late, 0)

    def test_of_a_plan_a_small_rest(self):
        self.pay(self.early, 1000)
        plan = self.active_plan(self.small)
        self.pay(self.small, 99.7, "2026-03-31")
        whole, opened = self.told()
        self.assertEqual((whole.balances, whole.let_go), ({self.currency: 0}, {self.currency: 0.3}))
        self.assertEqual(self.rows(opened)[plan.id].claim.days_late, 0)

    def test_the_pages_say_so_and_offer_no_payment(self):
        self.settle()
        link = self.link()
        page = self.url_open(link._path()).text
        for words in ("No longer asked for", self.early.name, self.small.name):
            self.assertIn(words, page)
        for words in (
            "Pay all that is overdue",
            "Pay the invoices ticked",
            "You will pay what is late",
            "text-danger",
        ):
            self.assertNotIn(words, page)
        self.assertNotIn('name="items"', page)
        self.pay(self.early, 1, "2026-03-01")
        self.invoice(400, "2026-03-31")
        page = self.url_open(link._path()).text
        for words in (
            "Pay all that is overdue",
            "Pay the invoices ticked",
            "You will pay what is late",
            "text-danger",
        ):
            self.assertIn(words, page)
        self.assertEqual(page.count('name="items"'), 1)

    def test_the_paper_says_so(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": self.company.partner_id.id}
        )
        self.settle()
        html = self.printed()
        self.assertEqual(html.count("no longer asked for:"), 2)
        self.assertIn("No longer asked for", html)
        self.assertNotIn("By transfer to", html, "nothing is to pay")
        self.invoice(400, "2026-03-31")
        self.assertIn("By transfer to", self.printed())

    def printed(self):
        report = self.env["ir.actions.report"]
        return report._render_qweb_html("payment_plan_recovery.report_statement", self.debtor.ids)[0].decode()

    def test_a_mail_by_hand_asks_for_the_rest_only(self):
        self.settle()
        late = self.invoice(400, "2026-03-31")
        mail = self.env["recovery.debtor.mail"].new(
            {"partner_id": self.debtor.id, "company_id": self.company.id}
        )
        self.assertEqual(mail._claims()[2].move_id, late)
        self.assertEqual(mail._content().balances, {self.currency: 400})

    # -- the office ------------------------------------------------------------------------

    def test_no_case_is_made_of_it(self):
        self.settle()
        with self.refused("Nothing is late"):
            self.debtor.action_recovery_hand_over()
        late = self.invoice(400, "2026-03-31")
        handed = self.debtor.action_recovery_hand_over()
        self.assertEqual(self.env["recovery.bulk"].browse(handed["res_id"]).line_ids.claim_ids.move_id, late)

    def test_the_worklist_counts_and_ranks_nothing_of_it(self):
        self.settle()
        self.ask_for_a_call()
        self.assertEqual(self.late_on_worklist(), (0, False))
        self.invoice(400, "2026-03-31")
        self.assertEqual(self.late_on_worklist(), (400, date(2026, 3, 31)))

    def test_the_worklist_counts_what_is_a_cent_or_a_day_away_from_it(self):
        self.settle(979.99, 99.5)
        self.ask_for_a_call()
        self.assertEqual(self.late_on_worklist(), (20.51, self.item(self.early).date_maturity))

    def test_the_worklist_counts_nothing_of_it_in_plans_either(self):
        self.pay(self.small, 100)
        self.active_plan(self.early)
        self.ask_for_a_call()
        self.pay(self.early, 980, "2026-01-20")
        self.assertEqual(self.late_on_worklist(), (0, False))

    def test_money_that_waits_beside_it_is_still_to_be_matched(self):
        self.settle(is_matched=False)
        self.env["recovery.worklist"]._refresh(self.company, TODAY)
        row = self.env["recovery.worklist"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual((row.action, row.amount_overdue), ("match", 0))

    def test_the_forecast_expects_nothing_of_it(self):
        forecast, items = self.env["recovery.forecast"], self.item(self.early, self.small)
        before = date(2026, 1, 15)
        self.settle()
        late = self.item(self.invoice(400, "2026-03-31"))
        self.assertEqual(set(forecast.predict(TODAY, self.debtor)), set(late.ids))
        self.assertEqual(set(forecast.predict(before, self.debtor)), {*items.ids, *late.ids})
        [(_first, due, *_rest)] = forecast.cash(TODAY, weeks=1)
        self.assertEqual(due, 400)
        self.env["recovery.forecast.line"]._keep(self.company, TODAY)
        kept = self.env["recovery.forecast.line"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(kept.move_line_id, late)

    def test_the_forecast_of_a_day_knows_what_was_let_go_by_then(self):
        """What is paid and credited later is not read: the rest was owed by nobody's asking on the day asked."""
        self.settle()
        for move in (self.early, self.small):
            self.receive(
                self.item(move),
                self.item(move).amount_residual,
                "2026-04-20",
                journal=self.company_data["default_journal_misc"],
            )
        forecast, items = self.env["recovery.forecast"], self.item(self.early, self.small)
        for day, is_awaited in (("2026-01-19", True), ("2026-02-09", False), ("2026-04-19", False)):
            found = forecast.predict(date.fromisoformat(day), self.debtor)
            self.assertEqual(self.item(self.early).id in found, is_awaited, day)
        found = forecast.predict(date(2026, 2, 8), self.debtor)
        self.assertEqual(set(found) & set(items.ids), {self.item(self.small).id})

    def test_the_forecast_awaits_what_is_a_cent_away_from_it(self):
        self.settle(979.99, 99.5)
        found = self.env["recovery.forecast"].predict(TODAY, self.debtor)
        self.assertEqual(set(found), set(self.item(self.early, self.small).ids))

    def test_the_forecast_of_a_plan_leaves_the_discount_out(self):
        self.pay(self.small, 100)
        other = self.invoice(500)
        self.active_plan(self.early, other)
        self.pay(self.early, 980, "2026-01-20")
        found = self.env["recovery.forecast"].predict(TODAY - timedelta(days=1), self.debtor)
        self.assertEqual(set(found), {self.item(other).id})

    def test_the_exposure_counts_what_the_ledger_holds(self):
        self.settle()
        self.assertAlmostEqual(self.debtor.recovery_exposure, 20.3)
        self.assertEqual(self.env["recovery.claim"]._overdue(self.debtor, self.company, TODAY), {})
