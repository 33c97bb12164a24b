"""Which of a level's messages a debtor gets: strategic, prompt, chronic, individual, else everybody's."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...models.solvency.habit import payment_habit
from ..notice.notice_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestMessageChoice(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].create({"name": "Bank", "code": "BNK", "type": "bank"})
        cls.today = fields.Date.context_today(cls.env["res.partner"])

    def paid(self, debtor, *days_late):
        """Invoices of 100 that the debtor paid so many days after they were due, in the last months."""
        for number, late in enumerate(days_late):
            due = self.today - timedelta(days=200 - number)
            move = self.invoice(debtor, 100.0, invoice_date=due - timedelta(days=30), invoice_date_due=due)
            received = self.credit(
                debtor, 100.0, journal=self.bank, on=(due - fields.Date.to_date("2026-01-15")).days + late
            )
            (self.item(move) + received).reconcile()

    def chosen(self, level, debtor):
        message = self.env.ref(f"payment_plan_recovery.{level}").message_ids._for_debtors(debtor)[debtor.id]
        return message.get_external_id()[message.id].removeprefix("payment_plan_recovery.message_")

    def test_habit_boundaries(self):
        for in_time, days, habit in (
            (None, None, False),
            (100, 0, "prompt"),
            (80, 3, "prompt"),
            (79.9, 3, "mixed"),
            (50, 30, "mixed"),
            (49.9, 10, "mixed"),
            (49.9, 10.1, "chronic"),
            (0, 40, "chronic"),
        ):
            self.assertEqual(
                payment_habit({"paid_on_time": in_time, "days_late": days}), habit, (in_time, days)
            )

    def test_first_reminder(self):
        firm, prompt, chronic = (
            self.make_debtor(name, is_company=True) for name in ("New", "Prompt", "Late")
        )
        person = self.make_debtor("Person")
        self.paid(prompt, 0, 0, 0, 0, 2)
        self.paid(chronic, 30, 40, 0)
        level = "level_standard_reminder"
        self.assertEqual(self.chosen(level, firm), "standard_reminder")
        self.assertEqual(self.chosen(level, prompt), "reminder_prompt")
        self.assertEqual(self.chosen(level, chronic), "reminder_chronic")
        self.assertEqual(self.chosen(level, person), "reminder_individual")

    def test_strategic_goes_before_the_habit(self):
        tag = self.env.ref("payment_plan_recovery.tag_strategic")
        debtor = self.make_debtor(is_company=True, category_id=[(4, tag.id)])
        self.paid(debtor, 30, 40)
        self.assertEqual(self.chosen("level_standard_reminder", debtor), "reminder_strategic")
        self.assertEqual(self.chosen("level_standard_firm", debtor), "firm_strategic")

    def test_second_reminder(self):
        firm, person = self.make_debtor(is_company=True), self.make_debtor()
        self.assertEqual(self.chosen("level_standard_firm", firm), "standard_firm")
        self.assertEqual(self.chosen("level_standard_firm", person), "firm_individual")

    def test_an_individual_is_threatened_with_no_costs(self):
        """Who is no firm owes none (CPCE, L111-8), in no reminder and in no language."""
        firm, person = self.make_debtor(is_company=True), self.make_debtor()
        self.assertEqual(self.chosen("level_five_last", firm), "five_last")
        self.assertEqual(self.chosen("level_five_last", person), "five_last_individual")
        levels = self.env["recovery.dunning.level"].search([("policy_id", "!=", self.policy.id)])
        for message in (level.message_ids._for_debtors(person).get(person.id) for level in levels):
            for words in (message.body, message.letter, message.closing, message.sms) if message else ():
                self.assertNotRegex(words or "", "[Pp]enalt|costs the law", message.name)

    def test_habit_is_searched(self):
        late = self.make_debtor("Late", is_company=True)
        self.paid(late, 30, 40)
        partners = self.env["res.partner"]
        self.assertIn(late, partners.search([("recovery_payment_habit", "=", "chronic")]))
        self.assertNotIn(late, partners.search([("recovery_payment_habit", "=", "prompt")]))
        self.assertNotIn(late, partners.search([("recovery_payment_habit", "=", False)]))

    def test_every_variant_can_be_sent_over_each_channel_of_its_level(self):
        messages = self.env["recovery.message"].search([("level_id.policy_id", "!=", self.policy.id)])
        for message in messages:
            ranked = message.level_id.channel_ids.filtered(lambda channel: not channel.is_by_hand)
            channels = set(ranked.mapped("channel"))
            needed = {"email": "body", "letter": "letter", "registered": "letter", "sms": "sms"}
            for channel in channels & needed.keys():
                self.assertTrue(message[needed[channel]], f"{message.name}: {channel}")

    def test_every_occasion_of_writing_has_its_words(self):
        for use in (
            "level_five_before",
            "level_five_first",
            "level_five_second",
            "level_five_last",
            "level_five_formal",
            "level_standard_reminder",
            "level_standard_firm",
            "level_standard_formal",
            "level_instalment_soon",
            "level_instalment_late",
            "level_cure",
        ):
            self.assertTrue(self.env.ref(f"payment_plan_recovery.{use}").message_ids, use)
        messages = self.env["recovery.message"]
        for occasion, _label in messages._fields["occasion"].selection:
            self.assertTrue(messages._for_occasion(occasion, self.make_debtor()), occasion)

    def test_last_message_of_a_level_is_kept(self):
        for change in (
            self.message.unlink,
            lambda: self.message.write({"active": False}),
            lambda: self.message.write({"level_id": False}),
        ):
            with self.assertRaisesRegex(ValidationError, "no message left"), self.env.cr.savepoint():
                change()
        self.env.invalidate_all()
        other = self.message.copy()
        self.message.unlink()
        messages = self.env["recovery.message"].search([("level_id", "=", self.level.id)])
        self.assertEqual(messages, other)

    def test_message_lost_behind_our_back_stops_one_level_only(self):
        """A level whose words are gone: its notices say so, those of other levels go."""
        wordless = self.policy.copy({"sequence": 1, "debtor_domain": "[('name', '=', 'Wordless')]"})
        wordless.level_ids.channel_ids.filtered(lambda line: line.channel != "letter").unlink()
        address = {"street": "2 Side Street", "city": "Lyon"}
        lost = self.notify(self.make_debtor("Wordless", **address))
        kept = self.notify(self.make_debtor("Kept"))
        self.assertEqual((lost.level_id.policy_id, lost.channel), (wordless, "letter"))
        self.env.cr.execute("DELETE FROM recovery_message WHERE level_id = %s", [lost.level_id.id])
        self.env.invalidate_all()
        self.drain()
        self.assertEqual((lost.state, kept.state), ("failed", "sent"))
        self.assertIn("No message of level", lost.failure_reason)

    def test_template_lost_behind_our_back_fails_its_notices(self):
        self.channel("phone", 3)
        mailed = self.notify(self.make_debtor("Mailed"))
        called = self.notify(self.make_debtor("Called", email=False))
        self.env.ref("payment_plan_recovery.mail_body").unlink()
        self.drain()
        self.assertEqual(mailed.state, "failed")
        self.assertIn("could not be made", mailed.failure_reason)
        self.assertEqual(called.activity_ids.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
