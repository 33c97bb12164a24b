"""An invoice comes to be owed by another customer: what holds it goes along, what was said stays with who said it."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..dunning.dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestInvoiceGiven(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.make_policy({"trigger": "due_date", "delay_days": 5})
        cls.first = cls.make_debtor("First", is_company=True)
        cls.second = cls.make_debtor("Second", is_company=True)
        cls.move = cls.invoice(cls.first, 100.0)
        cls.other = cls.invoice(cls.first, 200.0)
        cls.own = cls.invoice(cls.second, 300.0)

    def about(self, moves, **values):
        return {
            "partner_id": self.first.id,
            "company_id": self.company.id,
            "move_line_ids": [Command.set(self.item(moves).ids)],
            **values,
        }

    def hold(self, moves=None, **values):
        told = {"kind": "manual", "date_from": day(0), "date_until": day(900), "reason": "Asked", **values}
        return self.env["recovery.hold"].create(self.about(moves or self.move, **told))

    def promise(self, moves, amount=100.0):
        return self.env["recovery.promise"].create(
            self.about(moves, amount=amount, date_given=day(0), date_promised=day(600))
        )

    def dispute(self, moves):
        return self.env["recovery.dispute"].create(
            self.about(moves, description="Not ours", date_opened=day(0), date_deadline=day(600))
        )

    def give(self, debtor=None, move=None, user=None):
        """As whoever corrects an invoice does, who need not read what recovery keeps."""
        user = user or new_test_user(
            self.env,
            "accountant_giving",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        move = (move or self.move).with_user(user)
        move.button_draft()
        move.partner_id = debtor or self.second
        move.action_post()
        self.env.invalidate_all()
        return user

    def reasons(self, days=1):
        """Whether each invoice is chased so many days from today."""
        on = (self.company._recovery_today() - day(0)).days + days
        return [self.reason(move, on) for move in (self.move, self.other, self.own)]

    def test_a_hold_on_the_invoice_holds_it_still(self):
        hold = self.hold()
        self.give()
        self.assertEqual(self.reasons(), ["on_hold", "selected", "selected"])
        self.assertEqual((hold.partner_id, hold.move_line_ids), (self.second, self.item(self.move)))
        self.assertIn(self.move.name, hold.message_ids[0].body)

    def test_and_comes_back_with_it(self):
        hold = self.hold()
        user = self.give()
        self.give(self.first, user=user)
        self.assertEqual(self.reasons(), ["on_hold", "selected", "selected"])
        self.assertEqual(hold.partner_id, self.first)

    def test_a_hold_on_two_is_one_of_each_debtor(self):
        hold = self.hold(self.move + self.other)
        self.give()
        self.assertEqual(self.reasons(), ["on_hold", "on_hold", "selected"])
        self.assertEqual((hold.partner_id, hold.move_line_ids), (self.first, self.item(self.other)))
        hold.action_end()
        self.assertEqual(self.reasons()[0], "on_hold")

    def test_a_hold_on_everything_stays_with_its_debtor(self):
        hold = self.hold()
        hold.move_line_ids = False
        self.give()
        self.assertEqual(self.reasons(), ["selected", "on_hold", "selected"])

    def test_a_hold_that_ended_stays_where_it_was(self):
        hold = self.hold(date_until=day(20))
        self.give()
        self.assertEqual(hold.partner_id, self.first)

    def test_what_became_of_the_debtor_is_not_said_of_another_one(self):
        hold = self.hold(self.move + self.other, kind="insolvency")
        alone = self.hold(kind="deceased")
        self.give()
        self.assertEqual(self.reasons(), ["selected", "on_hold", "selected"])
        self.assertEqual((hold.partner_id, hold.move_line_ids), (self.first, self.item(self.other)))
        self.assertEqual(alone.partner_id, self.first)
        self.assertLessEqual(alone.date_until, self.company._recovery_today())

    def test_a_posted_item_given_by_itself(self):
        hold = self.hold()
        self.item(self.move).partner_id = self.second
        self.assertEqual(self.reasons(), ["on_hold", "selected", "selected"])
        self.assertEqual(hold.partner_id, self.second)

    def test_another_contact_of_the_debtor_changes_nothing(self):
        hold, promise = self.hold(), self.promise(self.other)
        contact = self.make_debtor("Desk", parent_id=self.first.id)
        user = self.give(contact)
        self.give(contact, self.other, user)
        self.assertEqual(
            (hold.partner_id, promise.partner_id, promise.state), (self.first, self.first, "open")
        )
        self.assertFalse([message for message in hold.message_ids if "Second" in message.body])

    def test_other_payment_terms(self):
        """The due dates, and with them the items, are others then."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "In two",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )
        self.second.property_payment_term_id = terms
        hold = self.hold()
        self.give()
        self.assertEqual(len(self.item(self.move)), 2)
        self.assertEqual((hold.partner_id, hold.move_line_ids), (self.second, self.item(self.move)))

    def test_whoever_promised_owes_it_no_more(self):
        promise = self.promise(self.move)
        self.give()
        self.assertEqual((promise.partner_id, promise.state), (self.first, "cancelled"))
        self.assertEqual(self.reasons(), ["selected", "selected", "selected"], "Second promised nothing")
        self.assertIn(self.move.name, promise.message_ids[0].body)

    def test_a_promise_for_two_is_for_what_its_debtor_owes_still(self):
        promise = self.promise(self.move + self.other, 300.0)
        self.give()
        self.assertEqual(promise.move_line_ids, self.item(self.other))
        self.assertEqual(promise.hold_id.move_line_ids, self.item(self.other))
        self.assertEqual(self.reasons(), ["selected", "on_hold", "selected"])
        self.pay(self.other, 200.0)
        promise._judge(day(700))
        self.assertEqual(promise.state, "cancelled", "without money, and nothing is missed")

    def test_a_dispute_is_answered_where_it_was_raised_and_holds_until_then(self):
        dispute = self.dispute(self.move)
        self.give()
        self.assertEqual(dispute.partner_id, self.first, "what it wrote is not shown to another customer")
        self.assertEqual(self.reasons(), ["on_hold", "selected", "selected"])
        dispute.date_deadline = day(620)
        self.assertEqual(dispute.hold_id.partner_id, self.second)
        dispute.answer = "You are right"
        dispute.action_accept()
        self.assertEqual(self.reasons()[0], "selected")
        dispute.action_reopen()
        self.assertEqual(self.reasons()[0], "on_hold")

    def close(self, dispute):
        dispute.answer = "You are right"
        dispute.action_accept()

    def test_a_dispute_about_two_holds_each_where_it_is_owed_until_it_is_closed(self):
        dispute = self.dispute(self.move + self.other)
        self.give()
        self.assertEqual(self.reasons(), ["on_hold", "on_hold", "selected"])
        there = self.env["recovery.hold"].search([("partner_id", "=", self.second.id)])
        dispute.write({"date_deadline": day(620), "user_id": self.env.ref("base.user_admin").id})
        self.assertEqual(self.reasons(), ["on_hold", "on_hold", "selected"])
        self.assertEqual((there.date_review, there.user_id), (day(620), dispute.user_id))
        self.assertFalse(there.activity_ids, "who answers the dispute need not be asked of its holds")
        self.close(dispute)
        self.assertEqual(self.reasons(), ["selected", "selected", "selected"])
        dispute.action_reopen()
        self.assertEqual(self.reasons(), ["on_hold", "on_hold", "selected"], "each where it is owed")
        self.close(dispute)
        self.assertEqual(self.reasons(), ["selected", "selected", "selected"])

    def test_a_dispute_about_two_that_were_given_to_two_others(self):
        dispute = self.dispute(self.move + self.other)
        third = self.make_debtor("Third", is_company=True)
        user = self.give()
        self.give(third, self.other, user)
        dispute.date_deadline = day(620)
        self.assertEqual(self.reasons(), ["on_hold", "on_hold", "selected"])
        self.give(third, self.move, user)
        self.give(self.first, self.other, user)
        dispute.date_deadline = day(630)
        self.assertEqual(self.reasons(), ["on_hold", "on_hold", "selected"])
        self.close(dispute)
        self.assertEqual(self.reasons(), ["selected", "selected", "selected"])

    def test_what_is_disputed_no_more_is_held_no_longer_wherever_it_is_owed(self):
        dispute = self.dispute(self.move + self.other)
        self.give()
        dispute.move_line_ids = self.item(self.other)
        self.assertEqual(self.reasons(), ["selected", "on_hold", "selected"])

    def test_a_request_answered_lets_go_of_what_was_given_away_too(self):
        request = self.env["recovery.request"].create(
            {
                "partner_id": self.first.id,
                "company_id": self.company.id,
                "kind": "plan",
                "description": "Little by little",
            }
        )
        request.hold_id = self.hold(self.move + self.other, kind="negotiation")
        self.give()
        self.assertEqual(self.reasons(), ["on_hold", "on_hold", "selected"])
        request.action_close()
        self.assertEqual(self.reasons(), ["selected", "selected", "selected"])

    def test_a_part_is_no_dispute_that_was_settled_again(self):
        dispute = self.dispute(self.move + self.other)
        self.give()
        self.close(dispute)
        today = self.company._recovery_today()
        scope = self.env["recovery.kpi"].with_company(self.company)._scope(today, today)
        settled = self.env.execute_query_dict(self.env["recovery.kpi.acts"]._settled_rows(scope))
        self.assertEqual(
            [(row["res_model"], row["res_id"]) for row in settled], [(dispute._name, dispute.id)]
        )

    def test_what_follows_from_a_dispute_stays_on_file_wherever_it_went(self):
        self.dispute(self.move + self.other)
        self.hold(self.move + self.other)
        user = new_test_user(
            self.env,
            "collector_deleting",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.give()
        there = self.env["recovery.hold"].with_user(user).search([("partner_id", "=", self.second.id)])
        followed = there.filtered(lambda hold: hold.kind == "dispute")
        with self.assertRaisesRegex(UserError, "stays on file"):
            followed.unlink()
        (there - followed).part_of_id.unlink()
        (there - followed).unlink()
        self.assertEqual(self.reasons()[0], "on_hold")

    def test_the_level_chosen_for_one_debtor_is_not_the_next_ones(self):
        last = self.policy.level_ids.copy({"name": "Last", "sequence": 99, "trigger": "previous_notice"})
        self.item(self.move).recovery_level_id = last
        self.give()
        self.assertFalse(self.item(self.move).recovery_level_id)
