"""A notice waits while its level, or what is left of its claims, changes: it goes as its level stands by then."""

from odoo.tests import tagged

from ..common.early_terms import less_2_percent
from .notice_common import NoticeCommon, day


@tagged("post_install", "-at_install")
class TestNoticeLevelChanged(NoticeCommon):
    """Claims of 100 are due on day 0, the level is reached on day 5, and looked at again on day 7."""

    def waiting(self, *amounts, debtor=None):
        debtor = debtor or self.make_debtor()
        for amount in amounts:
            self.invoice(debtor, amount)
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        return run.notice_ids.filtered(lambda notice: notice.partner_id == debtor)

    def look_again(self, notice, on=7):
        """Look at a notice again on a day; what became of it and of its claims."""
        notice._drop_settled_claims(day(on))
        return notice.state, [line.drop_reason for line in notice.line_ids]

    def assert_withdrawn(self, notice, why, on=7):
        self.assertEqual(self.look_again(notice, on), ("cancelled", [why] * len(notice.line_ids)))

    def assert_goes(self, notice, on=7):
        self.assertEqual(self.look_again(notice, on), ("queued", [False] * len(notice.line_ids)))

    # What is left is not asked for --------------------------------------------------------

    def test_what_payments_leave_is_let_go(self):
        self.company.recovery_residue_amount = 5
        for money in (self.pay, lambda move, amount: self.credit(move.partner_id, amount)):
            notice = self.waiting(100)
            money(notice.line_ids.move_id, 95)
            self.assert_goes(notice)
            money(notice.line_ids.move_id, 0.01)
            self.assert_withdrawn(notice, "let_go")

    def test_the_discount_was_earned(self):
        terms = less_2_percent(self.env)
        debtor = self.make_debtor()
        self.invoice(debtor, 1000, invoice_payment_term_id=terms.id)
        notice = self.waiting(debtor=debtor)
        self.credit(debtor, 980, on=-20)
        self.assert_withdrawn(notice, "let_go")

    def test_less_is_left_than_the_level_asks_for(self):
        self.level.amount_min = 50
        notice = self.waiting(60, 40)
        first = notice.line_ids.filtered(lambda line: line.amount_residual == 60).move_id
        self.pay(first, 50)
        self.assert_goes(notice)
        self.pay(first, 0.01)
        self.assert_withdrawn(notice, "below_minimum")

    def test_what_other_claims_owe_counts_for_the_minimum(self):
        """The level is worth it by the claims of both notices, though each alone is not."""
        self.level.amount_min = 50
        debtor = self.make_debtor()
        notice = self.waiting(60, debtor=debtor)
        self.invoice(debtor, 30)
        self.pay(notice.line_ids.move_id, 40)
        self.assert_goes(notice)

    # Its level is another -----------------------------------------------------------------

    def test_its_minimum_was_raised(self):
        notice = self.waiting(100)
        self.level.amount_min = 100
        self.assert_goes(notice)
        self.level.amount_min = 100.01
        self.assert_withdrawn(notice, "below_minimum")

    def test_its_delay_was_raised(self):
        notice = self.waiting(100)
        self.level.delay_days = 7
        self.assert_goes(notice, on=7)
        self.level.delay_days = 8
        self.assert_withdrawn(notice, "other_rules", on=7)
        self.assert_reasons(notice.line_ids.move_id, day7="not_due", day8="selected")

    def test_its_delay_was_lowered(self):
        notice = self.waiting(100)
        self.level.delay_days = 1
        self.assert_goes(notice)

    def test_its_filter_of_debtors_leaves_the_debtor_out_by_now(self):
        notice = self.waiting(100)
        self.level.debtor_domain = f"[('id', '=', {notice.partner_id.id})]"
        self.assert_goes(notice)
        self.level.debtor_domain = f"[('id', '!=', {notice.partner_id.id})]"
        self.assert_withdrawn(notice, "other_rules")

    def test_its_filter_of_items_leaves_a_claim_out_by_now(self):
        notice = self.waiting(100, 60)
        self.level.item_domain = "[('amount_residual', '>', 99)]"
        self.assertEqual(
            self.look_again(notice),
            ("queued", notice.line_ids.mapped(lambda line: line.amount_residual < 99 and "other_rules")),
        )
        self.level.item_domain = "[('amount_residual', '>', 100)]"
        notice._drop_settled_claims(day(7))
        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(set(notice.line_ids.mapped("drop_reason")), {"other_rules"})

    def test_the_debtor_left_the_filter_meanwhile_though_a_further_level_takes_it(self):
        self.level.copy({"name": "Everybody", "sequence": 99, "delay_days": 5})
        notice = self.waiting(100)
        self.level.debtor_domain = "[('ref', '=', False)]"
        self.assert_goes(notice)
        notice.partner_id.ref = "Key account"
        self.assert_withdrawn(notice, "other_rules")

    def test_its_days_count_from_the_end_of_the_month(self):
        notice = self.waiting(100)
        self.level.trigger = "month_end"
        self.assert_withdrawn(notice, "other_rules")

    def test_the_notice_before_arrived_later_than_was_thought(self):
        second = self.level.copy({"sequence": 99, "trigger": "previous_notice", "delay_days": 10})
        self.message.copy({"level_id": second.id})
        debtor = self.make_debtor()
        first = self.waiting(100, debtor=debtor)
        self.send(first, 5)
        run = self.make_run(15)
        run.action_propose()
        run.action_confirm()
        self.assertEqual(run.notice_ids.level_id, second)
        self.send(first, 9)
        self.assert_withdrawn(run.notice_ids, "other_rules", on=18)
        self.assertEqual(self.reason(first.line_ids.move_id, 19), "selected")

    def test_a_further_level_before_it_stops_nothing_that_waits(self):
        notice = self.waiting(100)
        self.level.copy({"name": "Earlier", "sequence": 0, "delay_days": 1})
        self.assert_goes(notice)

    def test_nobody_is_reminded_of_a_due_date_that_has_passed(self):
        self.level.delay_days = -5
        self.level.copy({"name": "Late", "sequence": 99, "delay_days": 5})
        notice = self.waiting(100)
        self.assert_goes(notice, on=0)
        self.assert_withdrawn(notice, "other_rules", on=1)
        self.assert_reasons(notice.line_ids.move_id, day1="not_due", day5="selected")

    def test_a_reminder_that_the_next_level_waits_for_goes_late(self):
        self.level.delay_days = -5
        self.level.copy({"name": "Next", "sequence": 99, "trigger": "previous_notice", "delay_days": 5})
        self.assert_goes(self.waiting(100), on=3)

    def test_its_words_are_those_of_the_day_it_goes(self):
        notice = self.waiting(100)
        self.message.body = "<p>Other words, {total}</p>"
        self.assertIn(b"Other words, ", self.drain().envelopes[0].content)
        self.assertEqual(notice.state, "sent")

    def test_it_does_not_go_over_a_channel_that_was_taken_off(self):
        notice = self.waiting(100)
        self.level.channel_ids.filtered(lambda channel: channel.channel == "email").unlink()
        self.drain()
        self.assertEqual(
            (notice.state, notice.channel), ("failed", "email"), "nothing else reaches the debtor"
        )
