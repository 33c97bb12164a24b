"""An invoice that was credited and issued anew: what was said of it goes on."""

from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestReissued(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first, second = ({"trigger": "due_date", "delay_days": days} for days in (5, 15))
        cls.policy = cls.make_policy(first, second, {"trigger": "due_date", "delay_days": 60})
        cls.debtor = cls.make_debtor()
        cls.move = cls.invoice(cls.debtor, 100)

    def anew(self, *moves, due=0, post=True, **values):
        """Credit ``moves`` and issue them anew by Odoo's dialog."""
        moves = self.env["account.move"].union(*moves)
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": moves.ids,
                "journal_id": moves.journal_id.id,
                "date": day(20),
                "reason": "Order number",
            }
        )
        wizard.modify_moves()
        found = wizard.new_move_ids.sorted("id")
        found.write({"invoice_date": day(20), "invoice_date_due": day(due), **values})
        if post:
            found.action_post()
        return found

    def level_next(self, move, on):
        item = self.item(move)
        return self.env["recovery.dunning.level"].browse(self.make_run(on)._judge(item)[item.id]["level_id"])

    def test_what_was_said_of_the_number_before_is_said_of_the_new_one(self):
        levels = self.policy.level_ids.sorted("sequence")
        self.run_on(5)
        self.run_on(15)
        anew = self.anew(self.move)
        self.assertEqual(anew.recovery_replaces_id, self.move)
        self.assertEqual(self.move.payment_state, "reversed")
        self.assertEqual(self.level_next(anew, 21), levels[1])
        self.run_on(21)
        self.assertEqual(self.reason(anew, 22), "not_due")
        self.assertEqual(self.level_next(anew, 60), levels[2])

    def test_one_that_is_due_later_starts_again(self):
        self.run_on(5)
        self.run_on(15)
        anew = self.anew(self.move, due=50)
        self.assertFalse(self.item(anew).recovery_level_id)
        self.assertEqual(self.level_next(anew, 55), self.policy.level_ids.sorted("sequence")[0])

    def test_one_that_was_disputed_starts_again_unless_there_was_no_reason(self):
        levels = self.policy.level_ids.sorted("sequence")
        self.run_on(5)
        self.run_on(15)
        for end, level in (("action_accept", levels[0]), (None, levels[0]), ("action_reject", levels[1])):
            with self.subTest(end=end), self.env.cr.savepoint() as savepoint:
                dispute = self.env["recovery.dispute"].create(
                    {
                        "partner_id": self.debtor.id,
                        "company_id": self.company.id,
                        "move_line_ids": self.item(self.move).ids,
                        "description": "Wrong price",
                        "answer": "Looked into",
                    }
                )
                if end:
                    getattr(dispute, end)()
                anew = self.anew(self.move)
                self.assertEqual(self.level_next(anew, 30), level)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_of_another_debtor_nothing_goes_on(self):
        self.run_on(5)
        promise = self.promised(self.move)
        anew = self.anew(self.move, partner_id=self.make_debtor("Other").id)
        self.assertFalse(self.item(anew).recovery_level_id)
        self.assertEqual(promise.move_line_ids, self.item(self.move))

    def test_each_in_place_of_its_own(self):
        other = self.invoice(self.debtor, 300)
        self.move.sudo().recovery_policy_id = self.env["recovery.dunning.policy"].create(
            {"name": "Left alone", "do_not_chase": True}
        )
        first, second = self.anew(self.move, other)
        self.assertEqual((first.amount_total, second.amount_total), (100, 300))
        self.assertEqual((first | second).mapped("recovery_replaces_id"), self.move | other)
        self.assertEqual(first.recovery_policy_id, self.move.recovery_policy_id)
        told = [
            any("goes on here" in body for body in move.message_ids.mapped("body"))
            for move in (first, second)
        ]
        self.assertEqual(told, [True, False], "nothing was noted about the other one")
        self.assertEqual(self.reason(first, 30), "do_not_chase")
        self.assertEqual(self.reason(second, 30), "selected")

    def promised(self, move):
        return self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "amount": 100,
                "date_given": day(10),
                "date_promised": day(40),
                "move_line_ids": self.item(move).ids,
            }
        )

    def test_what_was_promised_or_held_is_waited_for(self):
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "kind": "negotiation",
                "date_from": day(10),
                "date_review": "2099-01-01",
                "reason": "Talks",
                "move_line_ids": self.item(self.move).ids,
            }
        )
        promise = self.promised(self.move)
        anew = self.anew(self.move)
        self.assertIn(self.item(anew), promise.move_line_ids)
        self.assertIn(self.item(anew), promise.hold_id.move_line_ids)
        self.assertIn(self.item(anew), hold.move_line_ids)
        self.assertEqual(self.reason(anew, 30), "on_hold")
        promise._judge(day(30))
        self.assertEqual(promise.state, "open")

    def test_a_promise_is_kept_by_paying_the_new_one(self):
        for paid, state in ((0, "broken"), (100, "kept")):
            with self.subTest(paid=paid), self.env.cr.savepoint() as savepoint:
                promise = self.promised(self.move)
                anew = self.anew(self.move)
                if paid:
                    bank = self.env["account.journal"].create({"name": "Bank", "code": "BNK", "type": "bank"})
                    (self.item(anew) + self.credit(self.debtor, paid, journal=bank, on=38)).reconcile()
                promise._judge(day(60))
                self.assertEqual((promise.state, promise.amount_received), (state, paid))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_credit_note_alone_issues_nothing(self):
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": self.move.ids, "journal_id": self.move.journal_id.id, "date": day(20)}
        )
        wizard.reverse_moves()
        self.assertFalse(wizard.new_move_ids.recovery_replaces_id)
