"""Coming from addons whose tables are there without their code: reminders that were counted, and follow-up levels.

Those that can be installed are tested with their code in tests/install/test_coming.py.
"""

from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon, day

DUE5 = {"trigger": "due_date", "delay_days": 5}
PREVIOUS10 = {"trigger": "previous_notice", "delay_days": 10}


@tagged("post_install", "-at_install")
class TestComing(DunningCommon):
    def setUp(self):
        super().setUp()
        self.debtor = self.make_debtor()
        self.move = self.invoice(self.debtor)

    def wizard(self, source, **values):
        return self.env["recovery.coming.wizard"].create(
            {"source": source, "company_id": self.company.id, **values}
        )

    def test_nothing_is_offered_that_is_not_there(self):
        self.assertFalse(self.env["recovery.coming"]._installed_selection())

    # -- Odoo Enterprise -------------------------------------------------------------------

    def plant_followup(self, **items):
        """The tables of Odoo's follow-up: its levels, and what it wrote on the items."""
        self.env.cr.execute(
            """
            CREATE TABLE account_followup_followup_line (
                id serial PRIMARY KEY, name jsonb, delay int, company_id int, send_email boolean, send_letter boolean
            );
            ALTER TABLE account_move_line ADD followup_line_id int, ADD last_followup_date date;
            INSERT INTO account_followup_followup_line (name, delay, company_id, send_email, send_letter)
            VALUES ('{"en_US": "First {reminder}"}', 15, %(company)s, TRUE, FALSE),
                   ('{"en_US": "Second reminder"}', 30, %(company)s, FALSE, TRUE);
            UPDATE account_move_line SET followup_line_id = (
                SELECT MIN(id) FROM account_followup_followup_line
            ), last_followup_date = %(day)s WHERE id = %(item)s;
            """,
            {"company": self.company.id, "item": self.item(self.move).id, "day": day(16)},
        )

    def test_a_look_keeps_nothing(self):
        self.plant_followup()
        before = self.env["recovery.dunning.policy"].search_count([])
        wizard = self.wizard("followup")
        wizard.action_look()
        self.assertEqual(
            [(line.name, line.comes) for line in wizard.line_ids],
            [(f"Follow-up of {self.company.name}", True), ("1 notices about 1 claims", True)],
        )
        self.assertEqual(self.env["recovery.dunning.policy"].search_count([]), before)
        self.assertFalse(self.env["recovery.notice"].search([("partner_id", "=", self.debtor.id)]))

    def test_follow_up_levels_and_dates(self):
        self.plant_followup()
        self.wizard("followup").action_bring()
        policy = self.env["recovery.dunning.policy"].search(
            [("name", "=", f"Follow-up of {self.company.name}")]
        )
        self.assertEqual(policy.level_ids.mapped("delay_days"), [15, 30])
        self.assertEqual(policy.level_ids[1].channel_ids.sorted()[0].channel, "letter")
        notice = self.env["recovery.notice"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual((notice.state, notice.date, notice.level_id), ("sent", day(16), policy.level_ids[0]))
        self.debtor.recovery_policy_id = policy
        run = self.run_on(31)
        self.assertEqual(run.line_ids.level_id, policy.level_ids[1], "nobody gets the first level again")

    def test_it_comes_once(self):
        self.plant_followup()
        self.wizard("followup").action_bring()
        again = self.wizard("followup")
        again.action_bring()
        self.assertEqual(again.line_ids.mapped("reason"), ["It came before.", "It came before."])
        self.assertEqual(len(self.env["recovery.notice"].search([("partner_id", "=", self.debtor.id)])), 1)

    def test_what_was_paid_does_not_come(self):
        self.plant_followup()
        self.pay(self.move, 100.0)
        wizard = self.wizard("followup")
        wizard.action_look()
        self.assertIn(
            (False, "Nothing is open of the claim any more."),
            wizard.line_ids.mapped(lambda line: (line.comes, line.reason)),
        )

    # -- OCA overdue reminders --------------------------------------------------------------

    def test_counted_reminders_are_levels_of_a_policy(self):
        policy = self.make_policy(DUE5, PREVIOUS10)
        self.env.cr.execute(
            """
            CREATE TABLE overdue_reminder_action (id serial PRIMARY KEY, date date, reminder_type varchar);
            CREATE TABLE account_invoice_overdue_reminder (
                id serial PRIMARY KEY, invoice_id int, action_id int, counter int
            );
            INSERT INTO overdue_reminder_action (date, reminder_type) VALUES (%s, 'mail'), (%s, 'post');
            INSERT INTO account_invoice_overdue_reminder (invoice_id, action_id, counter)
            VALUES (%s, 1, 1), (%s, 2, 5);
            """,
            [day(6), day(30), self.move.id, self.move.id],
        )
        wizard = self.wizard("overdue_reminder", default_policy_id=policy.id)
        wizard.action_bring()
        self.assertEqual(
            wizard.line_ids.mapped(lambda line: (line.comes, line.reason)),
            [
                (True, "Kept as sent on their days: the next level follows."),
                (False, "Its policy or level did not come."),
            ],
        )
        self.assert_reasons(self.move, day15="waiting_interval", day16="selected")
