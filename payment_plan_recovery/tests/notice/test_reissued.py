"""An invoice that was credited and issued anew: what was said of it goes on."""

from odoo.exceptions import UserError
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

    def by_hand(self, move, amount=100, due=0, credited=20, debtor=None):
        """Credit ``move`` in full by hand on a day, and issue another invoice the day after."""
        note = self.invoice(debtor or self.debtor, -move.amount_total, due=credited + 30)
        (self.item(move) + self.item(note)).reconcile()
        anew = self.invoice(debtor or self.debtor, amount, due=due, post=False)
        anew.write(
            {"invoice_date": day(credited + 1), "date": day(credited + 1), "invoice_date_due": day(due)}
        )
        anew.action_post()
        return anew

    def question(self, move):
        return move.activity_ids.filtered(lambda one: "in place of" in (one.summary or ""))

    def say(self, move, former=None):
        """Answer by the button of the invoice: that it stands in place of ``former``, or of the one proposed."""
        context = move.action_recovery_reissued()["context"]
        dialogs = self.env["recovery.reissue"].with_context(**context)
        dialogs.create({"former_id": former.id} if former else {}).action_confirm()

    def test_what_looks_issued_anew_by_hand_is_asked_about_and_nothing_goes_on_by_itself(self):
        levels = self.policy.level_ids.sorted("sequence")
        self.run_on(5)
        self.run_on(15)
        anew = self.by_hand(self.move, amount=95)
        self.assertEqual(len(self.question(anew)), 1)
        self.assertIn(self.move.name, self.question(anew).note)
        self.assertEqual((self.level_next(anew, 21), anew.recovery_replaces_id.ids), (levels[0], []))
        self.say(anew)
        self.assertEqual((self.level_next(anew, 21), anew.recovery_replaces_id), (levels[1], self.move))
        self.assertFalse(self.question(anew), "it was answered")
        self.assertTrue(any("as a person said" in body for body in anew.message_ids.mapped("body")))

    def test_what_is_not_asked_about(self):
        self.run_on(5)
        other = self.make_debtor("Other")
        silent = self.invoice(self.debtor, 300)
        for case, anew in (
            ("another amount", self.by_hand(self.move, amount=50)),
            ("of another", self.invoice(other, 100)),
            ("long after", self.by_hand(self.invoice(self.debtor, 70), amount=70, credited=200)),
            ("nothing was noted", self.by_hand(silent, amount=300)),
        ):
            self.assertFalse(self.question(anew), case)

    def test_another_amount_may_be_said_all_the_same(self):
        self.run_on(5)
        anew = self.by_hand(self.move, amount=50)
        self.say(anew, self.move)
        self.assertEqual(anew.recovery_replaces_id, self.move)
        again = self.invoice(self.debtor, 100)
        with self.assertRaisesRegex(UserError, "another invoice stands in its place"):
            self.say(again, self.move)
        with self.assertRaisesRegex(UserError, "already"):
            self.say(anew, self.move)

    def test_what_was_not_credited_in_full_stands_itself(self):
        anew, other = self.invoice(self.debtor, 100), self.invoice(self.debtor, 60)
        with self.assertRaisesRegex(UserError, "credited in full"):
            self.say(anew, other)

    def test_one_that_was_told_of_itself_goes_on_from_there(self):
        self.run_on(5)
        anew = self.by_hand(self.move, due=1)
        self.run_on(40)
        self.say(anew)
        self.assertFalse(self.item(anew).recovery_level_id)

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
