"""Figures of the law that a simpler reading gets wrong: claims told of together, days off, discounts, part payments."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common.early_terms import less_2_percent
from .charge_told import ChargeTold


@tagged("post_install", "-at_install")
class TestChargeFigures(ChargeTold):
    def invoices(self, count, amount, debtor):
        moves = [self.invoice(amount, "2026-07-31", debtor) for _number in range(count)]
        return moves[0].union(*moves[1:])

    # The Netherlands: collection costs over the claims of one notice --------------------------------

    def test_three_small_claims_of_one_notice_share_fifteen_percent(self):
        moves = self.invoices(3, 100, self.debtor("nl", is_company=False))
        self.tell(moves, "2026-09-01")
        self.assertEqual(self.fees(moves, "2026-10-01"), [15, 15, 15])

    def test_five_claims_of_one_notice_climb_the_percentages_together(self):
        moves = self.invoices(5, 1000, self.debtor("nl", is_company=False))
        self.tell(moves, "2026-09-01")
        self.assertEqual(self.fees(moves, "2026-10-01"), [125] * 5)

    def test_asked_for_alone_a_claim_has_its_share(self):
        moves = self.invoices(3, 100, self.debtor("nl", is_company=False))
        self.tell(moves, "2026-09-01")
        self.assertEqual(self.charge(moves[1], "2026-10-01")[1], "15.00")

    def test_a_share_that_is_no_cent_goes_to_the_first_claims(self):
        moves = self.invoices(3, 33.33, self.debtor("nl", is_company=False))
        self.tell(moves, "2026-09-01")
        self.assertEqual(self.fees(moves, "2026-10-01"), [13.34, 13.33, 13.33])

    def test_two_notices_are_two_sums(self):
        moves = self.invoices(2, 100, self.debtor("nl", is_company=False))
        self.tell(moves[0], "2026-09-01")
        self.tell(moves[1], "2026-09-02")
        self.assertEqual(self.fees(moves, "2026-10-01"), [40, 40])

    def test_given_elsewhere_on_one_day_it_is_one_notice(self):
        moves = self.invoices(3, 100, self.debtor("nl", is_company=False))
        moves.recovery_notice_date = "2026-09-01"
        self.assertEqual(self.fees(moves, "2026-10-01"), [15, 15, 15])
        self.assertEqual(self.charge(moves[1], "2026-10-01")[1], "15.00")

    def test_paid_within_the_fourteen_days_it_counts_no_more(self):
        moves = self.invoices(3, 1000, self.debtor("nl", is_company=False))
        self.tell(moves, "2026-09-01")
        self.pay(moves[0], 1000, "2026-09-15")
        self.assertEqual(self.fees(moves, "2026-10-01"), [0, 150, 150])
        self.pay(moves[1], 1000, "2026-09-16")
        self.assertEqual(self.fees(moves, "2026-10-01"), [0, 150, 150])

    def test_companies_owe_for_each_invoice(self):
        moves = self.invoices(3, 100, self.debtor("nl"))
        self.assertEqual(self.fees(moves, "2026-10-01"), [40, 40, 40])

    def test_a_sum_over_a_notice_waits_for_one(self):
        rule = self.env.ref("payment_plan_recovery.rule_nl_b2c").sudo()
        with self.assertRaises(ValidationError):
            rule.fee_start = "with_interest"

    def test_paid_in_the_days_of_a_notice_a_belgian_consumer_owes_nothing(self):
        for day, expected in (("2026-09-15", ("0.00", "0.00")), ("2026-09-16", ("1.73", "55.00"))):
            move = self.invoice(400, "2026-07-31", self.debtor("be", is_company=False))
            self.tell(move, "2026-09-01", kind="reminder")
            self.pay(move, 400, day)
            self.assertEqual(self.charge(move, "2026-12-31"), expected)

    # Germany: a due date on a day off -------------------------------------------------------------

    def test_due_on_saturday_paid_on_monday_is_in_time(self):
        move = self.invoice(10000, "2026-08-01", self.debtor("de"))
        self.pay(move, 10000, "2026-08-03")
        self.assertEqual(self.charge(move, "2026-10-01"), ("0.00", "0.00"))
        self.assertEqual(self.fees(move, "2026-10-01"), [0])

    def test_due_on_saturday_paid_on_tuesday_is_one_day_late(self):
        move = self.invoice(10000, "2026-08-01", self.debtor("de"))
        self.pay(move, 10000, "2026-08-04")
        self.assertEqual(self.charge(move, "2026-10-01"), ("2.88", "40.00"))  # 10.52 %
        self.assertEqual(self.fees(move, "2026-10-01"), [40])

    def test_a_holiday_of_the_creditor_moves_it_too(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-08-02 22:00:00",
                "date_to": "2026-08-03 21:59:59",
            }
        )
        move = self.invoice(10000, "2026-08-01", self.debtor("de"))
        self.pay(move, 10000, "2026-08-04")
        self.assertEqual(self.charge(move, "2026-10-01"), ("0.00", "0.00"))

    def test_in_france_saturday_is_a_day_like_another(self):
        move = self.invoice(10000, "2026-08-01")
        self.pay(move, 10000, "2026-08-03")
        self.assertEqual(self.charge(move, "2026-10-01"), ("6.79", "40.00"))

    # A discount for paying early ------------------------------------------------------------------

    def _with_discount(self, issued="2026-08-01", debtor=None):
        terms = less_2_percent(self.env)
        return self.invoice(1000, issued, debtor, invoice_payment_term_id=terms.id)

    def test_980_on_the_tenth_day_the_rest_is_the_discount(self):
        move = self._with_discount()
        self.money(move.partner_id, 980, "2026-08-11")
        self.assertEqual(self.charge(move, "2026-12-31"), ("0.00", "0.00"))
        self.assertEqual(self.fees(move, "2026-12-31"), [0])

    def test_matched_it_is_the_same(self):
        move = self._with_discount()
        (self.money(move.partner_id, 980, "2026-08-11") | self.item(move)).reconcile()
        self.assertEqual(move.amount_residual, 20)
        self.assertEqual(self.charge(move, "2026-12-31"), ("0.00", "0.00"))

    def test_a_day_later_or_a_cent_less_the_rest_is_owed(self):
        for amount, day in ((980, "2026-08-12"), (979.99, "2026-08-11")):
            move = self._with_discount()
            self.money(move.partner_id, amount, day)
            self.assertEqual(self.charge(move, "2026-12-31")[1], "40.00")

    def test_a_discount_until_sunday_is_earned_on_monday_where_the_law_of_the_creditor_says_so(self):
        """DE BGB 193, by the creditor's calendar; in France a day is a day. Matched or not, letters know it too."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-09-06 22:00:00",
                "date_to": "2026-09-07 21:59:59",
            }
        )
        for country, issued, day, is_earned in (
            ("de", "2026-08-06", "2026-08-17", True),  # until Sunday 16 August
            ("de", "2026-08-06", "2026-08-18", False),
            ("de", "2026-08-28", "2026-09-08", True),  # until Monday 7 September, a holiday
            ("de", "2026-08-07", "2026-08-18", False),  # until Monday 17 August
            ("fr", "2026-08-06", "2026-08-17", False),
        ):
            self.company.country_id = self.env.ref(f"base.{country}")
            for is_matched in (False, True):
                with self.subTest(country=country, issued=issued, day=day, matched=is_matched):
                    move = self._with_discount(issued, self.debtor(country))
                    money = self.money(move.partner_id, 980, day)
                    if is_matched:
                        (money | self.item(move)).reconcile()
                    self.assertEqual(self.charge(move, "2026-12-31")[1], "0.00" if is_earned else "40.00")
                    let_go = self.env["recovery.residue"]._let_go(
                        self.company, date(2026, 12, 31), move.partner_id.ids
                    )
                    self.assertEqual(self.item(move).id in let_go, is_earned)

    # What part payments settle --------------------------------------------------------------------

    def test_in_france_a_part_payment_settles_interest_and_leaves_the_fixed_sum(self):
        move = self.invoice(10000, "2026-06-04")
        self.assertEqual(self.charge(move, "2026-08-22"), ("266.60", "40.00"))
        self.pay(move, 4000, "2026-08-22")
        self._bears_on(move, 6266.60)

    def test_in_germany_it_settles_the_fixed_sum_first(self):
        move = self.invoice(10000, "2026-06-04", self.debtor("de"))
        interest, _fee = self.charge(move, "2026-08-22")
        self.pay(move, 4000, "2026-08-22")
        self._bears_on(move, 6040 + float(interest))

    def _bears_on(self, move, base):
        [charges] = self.item(move)._recovery_charges(date(2026, 9, 1)).values()
        self.assertAlmostEqual(float(charges.segments[-1].base), base, 2)
        self.charges._renew(self.company, date(2026, 9, 1))
        interest = move.recovery_charge_ids.filtered(lambda charge: charge.kind == "interest")
        self.assertEqual(interest.amount, float(charges.interest))

    def test_where_it_stands_apart_paying_the_fixed_sum_settles_no_interest(self):
        move = self.invoice(10000, "2026-06-04")
        before = self.charge(move, "2026-09-30")
        charges = self.accrue(move, "2026-08-22").filtered(lambda charge: charge.kind == "fixed_sum")
        self.pay(charges._book(date(2026, 8, 22)), 40, "2026-08-22")
        self.assertEqual(self.charge(move, "2026-09-30"), before)

    # Whose law ------------------------------------------------------------------------------------

    def _french(self, law):
        france = self.env.ref("base.fr").id
        self.company.write(
            {"country_id": france, "account_fiscal_country_id": france, "recovery_charge_law": law}
        )

    def test_without_a_clause_the_seller_s_law_as_the_company_declares(self):
        self._french("creditor")
        move = self.invoice(1200, "2025-03-31", self.debtor("be"))
        self.assertEqual(self.charge(move, "2025-09-15"), ("70.10", "40.00"))
        self.assertEqual(
            self.charge(self.invoice(1200, "2025-03-31", self.debtor("us")), "2025-09-15")[0], "70.10"
        )
        self.company.recovery_charge_law = "debtor"
        self.assertEqual(self.charge(move, "2025-09-15")[0], "60.99")  # 91 d at 11.5, 77 d at 10.5

    def test_a_polish_company_of_a_french_seller(self):
        self._french(self.company.default_get(["recovery_charge_law"])["recovery_charge_law"])
        move = self.invoice(1200, "2025-03-31", self.debtor("pl"))
        self.assertEqual(self.charge(move, "2025-09-15"), ("70.10", "40.00"))

    def test_an_individual_is_under_the_law_of_its_country(self):
        self.company.recovery_charge_law = "creditor"
        move = self.invoice(10000, "2021-03-31", self.debtor("de", is_company=False))
        self.assertEqual(self.charge(move, "2021-06-29"), ("101.59", "0.00"))

    # Small residues -------------------------------------------------------------------------------

    def test_a_residue_below_the_threshold_is_not_priced(self):
        self.company.recovery_residue_amount = 5
        for left, expected in ((4.99, ("0.00", "0.00")), (5, ("0.26", "40.00"))):
            move = self.invoice(1000, "2026-07-31")
            self.money(move.partner_id, 1000 - left, "2026-07-31")
            self.assertEqual(self.charge(move, "2026-12-31"), expected)
            self.assertEqual(self.fees(move, "2026-12-31"), [float(expected[1])])

    def test_a_small_invoice_is_no_residue(self):
        self.company.recovery_residue_amount = 5
        self.assertEqual(self.charge(self.invoice(4, "2026-07-31"), "2026-12-31")[1], "40.00")

    def test_interest_until_only_a_residue_was_left(self):
        self.company.recovery_residue_amount = 5
        move = self.invoice(1000, "2026-07-31")
        self.pay(move, 996, "2026-08-31")
        self.assertEqual(self.charge(move, "2026-08-31"), ("10.53", "40.00"))
        self.assertEqual(self.charge(move, "2026-12-31"), ("10.53", "40.00"))
