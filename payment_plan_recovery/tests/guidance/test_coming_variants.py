"""Ledgers that one may come from as they differ: companies, fields that are there or not, what was laid by; a look and
the act tell the same.
"""

from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon, day
from .coming_tables import CREDIT_CONTROL, REMINDERS

DUE5 = {"trigger": "due_date", "delay_days": 5}
CREDIT_CONTROL_ROWS = """
    INSERT INTO credit_control_policy (name, active) VALUES ('Three', TRUE), ('Laid by', FALSE), ('Empty', TRUE);
    INSERT INTO credit_control_policy_level (policy_id, level, name, computation_mode, delay_days, channel)
    VALUES (1, 1, '{"en_US": "First"}', 'net_days', 10, 'email'),
           (1, 2, '{"en_US": "Second"}', 'previous_date', 10, 'letter');
"""


@tagged("post_install", "-at_install")
class TestComingVariants(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor()
        cls.move = cls.invoice(cls.debtor)

    def plant(self, statements, *values):
        self.env.flush_all()
        self.env.cr.execute(statements, values or None)
        self.env.invalidate_all()

    def told(self, source, **values):
        """What is told by a look, which the act has to tell as well, to the letter."""
        wizard = self.env["recovery.coming.wizard"].create(
            {"source": source, "company_id": self.company.id, **values}
        )
        told = []
        for act in (wizard.action_look, wizard.action_bring):
            act()
            told.append(wizard.line_ids.mapped(lambda line: (line.name, line.comes, line.reason)))
        self.assertEqual(*told)
        return told[0]

    def reasons(self, told):
        return {name: reason for name, comes, reason in told if not comes}

    def test_tables_of_which_some_are_gone_are_told(self):
        """An addon that was uninstalled by halves: which table says nothing any more, and what to do."""
        self.plant(CREDIT_CONTROL)
        self.plant("DROP TABLE credit_control_policy_level CASCADE")
        self.plant("CREATE TABLE account_invoice_overdue_reminder (id serial PRIMARY KEY)")
        self.assertRegex(
            self.reasons(self.told("credit_control"))["credit_control_policy_level"],
            "is gone from the database, or lacks id, policy_id, level: what it said does not come",
        )
        why = self.reasons(self.told("overdue_reminder"))
        self.assertIn("lacks invoice_id:", why["account_invoice_overdue_reminder"])
        self.assertIn("lacks id:", why["overdue_reminder_action"])

    # -- OCA credit control ------------------------------------------------------------------

    def test_policies_that_did_not_come_are_told_of_those_who_had_them(self):
        """Laid by, another company's, or without a level: who was under it is not left out in silence."""
        self.plant(CREDIT_CONTROL)
        self.plant(CREDIT_CONTROL_ROWS)
        self.plant("ALTER TABLE res_partner ADD credit_policy_id int")
        self.plant("ALTER TABLE account_move ADD credit_policy_id int")
        other = self.make_company("Other")
        theirs = self.make_debtor("Theirs")
        self.plant(
            "INSERT INTO credit_control_policy (name, active, company_id) VALUES ('Their', TRUE, %s)",
            other.id,
        )
        for number, debtor in enumerate(
            (self.debtor, self.make_debtor("Second"), self.make_debtor("Third"), theirs), 1
        ):
            self.plant("UPDATE res_partner SET credit_policy_id = %s WHERE id = %s", number, debtor.id)
        self.plant("UPDATE account_move SET credit_policy_id = 3 WHERE id = %s", self.move.id)
        why = self.reasons(self.told("credit_control"))
        self.assertEqual(why["Policy “Empty” of 1 record (Contact)"], "Their policy did not come.")
        self.assertEqual(why["Policy “Empty” of 1 record (Journal Entry)"], "Their policy did not come.")
        laid_by = "It is laid by there, or another company's."
        self.assertEqual(why["Policy “Laid by” of 1 record (Contact)"], laid_by)
        self.assertEqual(why["Policy “Their” of 1 record (Contact)"], laid_by)
        self.assertEqual(self.debtor.recovery_policy_id.name, "Three")
        self.assertFalse(theirs.recovery_policy_id)

    def test_notes_and_persons_of_debtors_are_told(self):
        self.plant(CREDIT_CONTROL)
        self.plant(CREDIT_CONTROL_ROWS)
        self.plant("ALTER TABLE res_partner ADD payment_note text, ADD payment_responsible_id int")
        self.plant("UPDATE res_partner SET payment_note = 'Pays late' WHERE id = %s", self.debtor.id)
        why = self.reasons(self.told("credit_control"))
        self.assertIn("Notes and persons in charge of 1 debtor", why)

    # -- OCA financial risk -------------------------------------------------------------------

    def test_limits_of_parts_are_counted_by_company(self):
        other = self.make_company("Other")
        self.plant(
            "ALTER TABLE res_partner ADD risk_invoice_unpaid_limit numeric,"
            " ADD credit_currency varchar DEFAULT 'company'"
        )
        dollars, theirs = (
            self.make_debtor("Dollars", credit_limit=7),
            self.make_debtor("T", company_id=other.id),
        )
        self.debtor.credit_limit = 5
        self.plant("UPDATE res_partner SET credit_currency = 'manual' WHERE id = %s", dollars.id)
        self.plant(
            "UPDATE res_partner SET risk_invoice_unpaid_limit = 9 WHERE id = ANY(%s)",
            [self.debtor.id, theirs.id],
        )
        told = self.told("financial_risk")
        self.assertIn("1 credit limit", [name for name, comes, _reason in told if comes])
        self.assertEqual({"Dollars", "risk_invoice_unpaid_limit of 1 debtor"}, set(self.reasons(told)))

    # -- OCA overdue reminders ----------------------------------------------------------------

    def test_counted_reminders_need_a_policy_of_the_company(self):
        self.plant(REMINDERS)
        self.plant("INSERT INTO overdue_reminder_action (date, reminder_type) VALUES (%s, 'mail')", day(6))
        self.plant(
            "INSERT INTO account_invoice_overdue_reminder (invoice_id, action_id, counter) VALUES (%s, 1, 1)",
            self.move.id,
        )
        why = self.reasons(self.told("overdue_reminder", default_policy_id=False))
        self.assertEqual(why, {"1 reminder": "Choose the policy whose levels they were."})

    def test_the_policy_of_counted_reminders_is_the_company_s(self):
        mine = self.make_policy(DUE5)
        other = self.make_company("Other")
        theirs = self.env["recovery.dunning.policy"].create(
            {**mine.with_context(active_test=False).copy_data()[0], "company_id": other.id}
        )
        other.recovery_dunning_policy_id = theirs
        self.company.recovery_dunning_policy_id = mine
        self.plant(REMINDERS)
        wizard = self.env["recovery.coming.wizard"].create(
            {"source": "overdue_reminder", "company_id": self.company.id}
        )
        self.assertEqual(wizard.default_policy_id, mine)
        wizard.company_id = other
        self.assertEqual(wizard.default_policy_id, theirs)

    # -- Odoo Enterprise ----------------------------------------------------------------------

    def plant_followup(self, *columns):
        """Levels as they were at first, and with more columns of them."""
        self.plant(
            """
            CREATE TABLE account_followup_followup_line (id serial PRIMARY KEY, name jsonb, delay int, company_id int);
            ALTER TABLE account_move_line ADD followup_line_id int, ADD followup_date date;
            """
        )
        for name, delay in (("First", 15), ("Second", None)):
            self.plant(
                "INSERT INTO account_followup_followup_line (name, delay, company_id)"
                " VALUES (jsonb_build_object('en_US', %s), %s, %s)",
                *(name, delay, self.company.id),
            )
        for column in columns:
            self.plant(f"ALTER TABLE account_followup_followup_line ADD {column}")

    def test_follow_up_of_an_old_version_has_no_ways_of_sending(self):
        self.plant_followup()
        self.plant(
            "UPDATE account_move_line SET followup_line_id = 1, followup_date = %s WHERE id = %s",
            *(day(16), self.item(self.move).id),
        )
        told = self.told("followup")
        self.assertIn("1 notice about 1 claim", [name for name, comes, _reason in told if comes])
        self.assertEqual(self.reasons(told), {})

    def test_words_of_follow_up_that_stand_in_templates_are_told(self):
        self.plant_followup("mail_template_id int", "send_sms boolean")
        why = self.reasons(self.told("followup"))
        self.assertIn("Words of 2 levels", why)

    def test_items_that_are_left_out_of_follow_up_are_not_chased(self):
        self.make_policy(DUE5)
        alone = self.invoice(self.make_debtor("Alone"))
        self.plant_followup()
        self.item(self.move).no_followup = True
        told = self.told("followup")
        same = "The same mark of Odoo's: they are not chased here either."
        self.assertIn(("Left out of follow-up: 1 journal item", True, same), told)
        self.assert_reasons(self.move, day15="do_not_chase")
        self.assert_reasons(alone, day15="selected")

    def test_debtors_that_are_followed_up_by_hand_are_told(self):
        self.plant_followup()
        self.plant("ALTER TABLE res_partner ADD followup_reminder_type varchar DEFAULT 'automatic'")
        self.plant("UPDATE res_partner SET followup_reminder_type = 'manual' WHERE id = %s", self.debtor.id)
        self.assertIn("Reminded by hand: 1 debtor", self.reasons(self.told("followup")))

    def test_tables_of_follow_up_alone(self):
        """Levels whose items have lost their columns, or never had any."""
        self.plant(
            "CREATE TABLE account_followup_followup_line (id int, name varchar, delay int, company_id int)"
        )
        self.assertEqual(self.told("followup"), [])

    # -- what was left behind in part ----------------------------------------------------------

    def check_left_overs(self, source, tables):
        """Without any one table or column of ``tables`` there is an answer, the same by a look and by the act."""
        for table in tables:
            columns = self.env["recovery.coming"]._columns(table)
            self.assertTrue(columns, table)
            drops = [f"ALTER TABLE {table} DROP COLUMN {name} CASCADE" for name in sorted(columns)]
            for drop in (*drops, f"DROP TABLE {table} CASCADE"):
                with self.subTest(drop), self.env.cr.savepoint() as undone:
                    self.plant(drop)
                    try:
                        if source in dict(self.env["recovery.coming"]._installed_selection()):
                            self.assertIsInstance(self.told(source), list)
                    finally:
                        undone.rollback()
                        self.env.invalidate_all()

    def plant_credit_control(self):
        self.plant(CREDIT_CONTROL)
        self.plant(CREDIT_CONTROL_ROWS)
        self.plant("ALTER TABLE res_partner ADD credit_policy_id int")
        self.plant("UPDATE res_partner SET credit_policy_id = 1 WHERE id = %s", self.debtor.id)
        self.plant(
            "INSERT INTO credit_control_line (move_line_id, policy_level_id, state, date, channel)"
            " VALUES (%s, 1, 'sent', %s, 'email')",
            self.receivable(self.move).id,
            day(12),
        )

    def receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def test_credit_control_of_which_something_is_gone(self):
        self.plant_credit_control()
        tables = ("credit_control_policy", "credit_control_policy_level", "credit_control_line")
        self.check_left_overs("credit_control", tables)

    def test_credit_control_that_says_less_still_brings_what_it_says(self):
        """An old version without channels and words, whose policies are nobody's and never laid by."""
        self.plant_credit_control()
        for table, name in (
            ("credit_control_policy", "active"),
            ("credit_control_policy", "company_id"),
            ("credit_control_policy_level", "channel"),
            ("credit_control_policy_level", "custom_text"),
            ("credit_control_line", "date_sent"),
        ):
            self.plant(f"ALTER TABLE {table} DROP COLUMN {name}")
        self.told("credit_control")
        self.assertEqual(self.debtor.recovery_policy_id.level_ids.mapped("delay_days"), [10, 10])
        notice = self.env["recovery.notice"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual((notice.date, notice.state, notice.level_id.name), (day(12), "sent", "First"))

    def test_reminders_of_which_something_is_gone(self):
        self.plant(REMINDERS)
        self.plant("INSERT INTO overdue_reminder_action (date, reminder_type) VALUES (%s, 'mail')", day(6))
        self.plant(
            "INSERT INTO account_invoice_overdue_reminder (invoice_id, action_id, counter) VALUES (%s, 1, 1)",
            self.move.id,
        )
        self.check_left_overs(
            "overdue_reminder", ("account_invoice_overdue_reminder", "overdue_reminder_action")
        )

    def test_follow_up_of_which_something_is_gone(self):
        self.plant(
            "CREATE TABLE account_followup_followup_line (id int, name varchar, delay int, company_id int,"
            " send_email boolean, send_letter boolean)"
        )
        self.plant("INSERT INTO account_followup_followup_line VALUES (1, 'First', 10, NULL, TRUE, FALSE)")
        self.check_left_overs("followup", ("account_followup_followup_line",))
