"""What a debtor's claims decide together: credits, minimums, intervals, budget, grouping, channels."""

from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon

DUE5 = {"trigger": "due_date", "delay_days": 5}
DUE20 = {"trigger": "due_date", "delay_days": 20}
PREVIOUS10 = {"trigger": "previous_notice", "delay_days": 10}


@tagged("post_install", "-at_install")
class TestDunningTotals(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor()

    def test_covered_by_open_credits(self):
        self.make_policy(DUE5)
        move = self.invoice(self.debtor, 100)
        later = self.invoice(self.debtor, 500, due=50)
        self.credit(self.debtor, 99.99)
        self.assert_reasons(move, day5="selected")
        self.credit(self.debtor, 0.01)
        self.assert_reasons(move, day5="offset_by_credit")
        self.assert_reasons(later, day5="not_due")

    def test_credit_note_counts(self):
        self.make_policy(DUE5)
        move = self.invoice(self.debtor, 100)
        self.invoice(self.debtor, -100)
        self.assert_reasons(move, day5="offset_by_credit")

    def test_credit_in_another_currency_does_not(self):
        self.make_policy(DUE5)
        dollar = self.env.ref("base.USD")
        dollar.active = True
        move = self.invoice(self.debtor, 100, currency=dollar)
        self.credit(self.debtor, 1000)
        self.assert_reasons(move, day5="selected")

    def test_minimum_amount(self):
        self.make_policy({**DUE5, "amount_min": 150})
        first = self.invoice(self.debtor, 100)
        self.assert_reasons(first, day5="below_minimum")
        second = self.invoice(self.debtor, 49.99)
        self.assert_reasons(first, day5="below_minimum")
        self.pay(second, 0.01)
        self.invoice(self.debtor, 0.02)
        self.assert_reasons(first, day5="selected")

    def test_minimum_in_company_currency(self):
        self.make_policy({**DUE5, "amount_min": 150})
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2025-01-01", "rate": 2.0, "company_id": self.company.id}
        )
        move = self.invoice(self.debtor, 299.98, currency=dollar)
        self.assert_reasons(move, day5="below_minimum")
        self.invoice(self.debtor, 0.02, currency=dollar)
        run = self.make_run(5)
        run.action_propose()
        self.assertEqual(run.line_ids.mapped("amount_residual"), [299.98, 0.02])
        self.assertEqual(run.line_ids.mapped("amount_company"), [149.99, 0.01])
        self.assertEqual(run.line_ids.currency_id, dollar)

    def test_minimum_share_of_what_is_owed(self):
        self.make_policy({**DUE5, "share_min": 25})
        move = self.invoice(self.debtor, 100)
        self.invoice(self.debtor, 300.01, due=50)
        self.assert_reasons(move, day5="below_minimum")
        self.invoice(self.debtor, 0.01)
        self.assert_reasons(move, day5="selected")

    def test_part_payment_leaves_the_rest(self):
        self.make_policy(DUE5)
        move = self.invoice(self.debtor, 100)
        self.pay(move, 60)
        run = self.run_on(5)
        self.assertEqual(run.notice_ids.line_ids.amount_residual, 40)


@tagged("post_install", "-at_install")
class TestDunningNotices(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor()

    def at_two_levels(self, **values):
        """A debtor with one claim due for the second level and one for the first."""
        policy = self.make_policy(DUE5, PREVIOUS10, **values)
        old = self.invoice(self.debtor, 100, due=-50)
        self.run_on(0)
        new = self.invoice(self.debtor, 40, due=5)
        return policy, old, new

    def test_one_notice_per_level(self):
        policy, old, new = self.at_two_levels(grouping="level")
        run = self.run_on(10)
        self.assertEqual(
            {
                (notice.level_id, notice.line_ids.move_line_id, notice.amount_total)
                for notice in run.notice_ids
            },
            {
                (policy.level_ids[1], self.item(old), 100),
                (policy.level_ids[0], self.item(new), 40),
            },
        )

    def test_one_notice_at_the_highest_level(self):
        policy, _old, _new = self.at_two_levels(grouping="debtor")
        notice = self.run_on(10).notice_ids
        self.assertEqual(notice.level_id, policy.level_ids[1])
        self.assertEqual(notice.line_ids.mapped("level_id"), policy.level_ids)
        self.assertEqual(notice.amount_total, 140)

    def test_claim_on_a_higher_notice_goes_up_by_its_own_levels(self):
        policy, _old, new = self.at_two_levels(grouping="debtor")
        self.run_on(10)
        self.assert_reasons(new, day19="waiting_interval", day20="selected")
        self.assertEqual(self.run_on(20).notice_ids.level_id, policy.level_ids[1])

    def test_days_between_two_notices(self):
        self.make_policy(DUE5, min_interval_days=7)
        self.invoice(self.debtor, due=-5)
        self.run_on(0)
        move = self.invoice(self.debtor, due=-5)
        self.assert_reasons(move, day6="waiting_interval", day7="selected")

    def test_notice_on_its_way_counts_for_the_interval(self):
        self.make_policy({**DUE5, "needs_approval": True}, min_interval_days=7)
        self.invoice(self.debtor, due=-5)
        run = self.make_run(0)
        run.action_propose()
        run.action_confirm()
        move = self.invoice(self.debtor, due=-5)
        self.assert_reasons(move, day6="waiting_interval", day7="selected")
        run.notice_ids.action_cancel()
        self.assert_reasons(move, day6="selected")

    def test_contacts_in_a_window(self):
        self.make_policy(DUE5)
        self.company.recovery_contact_max = 2
        self.company.recovery_contact_window_days = 7
        for day in (0, 3):
            self.invoice(self.debtor, due=day - 5)
            self.assertTrue(self.run_on(day).notice_ids)
        move = self.invoice(self.debtor, due=-5)
        # The contact of day 0 leaves the window on day 7.
        self.assert_reasons(move, day4="contact_budget", day6="contact_budget", day7="selected")

    def test_days_between_contacts(self):
        self.make_policy(DUE5)
        self.company.recovery_contact_gap_days = 2
        self.invoice(self.debtor, due=-5)
        self.run_on(0)
        move = self.invoice(self.debtor, due=-5)
        self.assert_reasons(move, day1="contact_budget", day2="selected")

    def test_budget_goes_to_the_highest_level(self):
        letter = {**PREVIOUS10, "channel_ids": [fields_command("letter")]}
        policy = self.make_policy(DUE5, letter, grouping="level")
        self.debtor.write({"street": "1 High Street", "city": "Paris"})
        self.company.recovery_contact_gap_days = 1
        old = self.invoice(self.debtor, due=-50)
        self.run_on(0)
        new = self.invoice(self.debtor, due=5)
        self.assert_reasons(old, day10="selected")
        self.assert_reasons(new, day10="contact_budget")
        self.assertEqual(self.run_on(10).notice_ids.level_id, policy.level_ids[1])
        self.assert_reasons(new, day11="selected")

    def test_notices_of_a_day_over_one_channel_are_one_contact(self):
        self.at_two_levels(grouping="level")
        self.company.recovery_contact_gap_days = 1
        self.assertEqual(len(self.run_on(10).notice_ids), 2)

    def test_channel_in_order_of_preference(self):
        self.make_policy({**DUE5, "channel_ids": [fields_command("email"), fields_command("letter", 2)]})
        self.debtor.email = False
        move = self.invoice(self.debtor)
        self.assert_reasons(move, day5="no_address")
        self.debtor.write({"street": "1 High Street", "city": "Paris"})
        run = self.make_run(5)
        run.action_propose()
        self.assertEqual(run.line_ids.channel, "letter")
        self.debtor.email = "debtor@example.com"
        run.action_propose()
        self.assertEqual(run.line_ids.channel, "email")

    def test_contact_for_invoices_is_reached(self):
        self.make_policy(DUE5)
        self.debtor.email = False
        self.env["res.partner"].create(
            {
                "name": "Accounts",
                "parent_id": self.debtor.id,
                "type": "invoice",
                "email": "accounts@example.com",
            }
        )
        self.assert_reasons(self.invoice(self.debtor), day5="selected")

    def test_nobody_at_a_delivery_address_is_written_to(self):
        """Goods go to a customer's customer, or to a neighbour: neither is told that the debtor is late."""
        self.make_policy(DUE5)
        self.debtor.email = False
        site = self.env["res.partner"].create(
            {"name": "Site", "parent_id": self.debtor.id, "type": "delivery", "email": "site@example.com"}
        )
        move = self.invoice(self.debtor)
        self.assert_reasons(move, day5="no_address")
        self.assertNotIn(site, self.debtor._recovery_addressees())
        site.type = "other"
        self.assert_reasons(move, day5="selected")
        self.assertIn(site, self.debtor._recovery_addressees())


def fields_command(channel, sequence=1):
    """Command that adds a channel to a new level."""
    return (0, 0, {"channel": channel, "sequence": sequence})
