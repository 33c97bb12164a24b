"""Coming from addons whose tables are there without their code: reminders that were counted, and follow-up levels.

Those that can be installed are tested with their code in tests/install/test_coming.py.
"""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..dunning.dunning_common import DunningCommon, day
from .coming_tables import CREDIT_CONTROL, REMINDERS

DUE5 = {"trigger": "due_date", "delay_days": 5}
PREVIOUS10 = {"trigger": "previous_notice", "delay_days": 10}


@tagged("post_install", "-at_install")
class TestComing(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor()
        cls.move = cls.invoice(cls.debtor)

    def wizard(self, source, env=None, **values):
        return (env or self.env)["recovery.coming.wizard"].create(
            {"source": source, "company_id": self.company.id, **values}
        )

    def manager(self, **values):
        """A Recovery manager with no other right."""
        return new_test_user(
            self.env,
            f"manager{len(values)}",
            "payment_plan_recovery.group_recovery_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            **values,
        )

    def told(self, wizard):
        return wizard.line_ids.mapped(lambda line: (line.name, line.comes, line.reason))

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
            [
                (f"Follow-up of {self.company.name}", True),
                ("1 notice about 1 claim", True),
                (f"Policy “Follow-up of {self.company.name}” of 1 claim with a history", True),
            ],
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
        self.make_policy(DUE5)
        run = self.run_on(31)
        self.assertEqual(run.line_ids.level_id, policy.level_ids[1], "nobody gets the first level again")

    def test_it_comes_once(self):
        self.plant_followup()
        self.wizard("followup").action_bring()
        again = self.wizard("followup")
        again.action_bring()
        self.assertEqual(again.line_ids.mapped("reason"), ["It came before.", "It came before."])
        self.assertEqual(len(self.env["recovery.notice"].search([("partner_id", "=", self.debtor.id)])), 1)

    def test_what_was_chosen_here_since_stays(self):
        self.plant_credit_control()
        self.env.cr.execute("ALTER TABLE res_partner ADD credit_policy_id int")
        self.env.cr.execute("UPDATE res_partner SET credit_policy_id = 1 WHERE id = %s", [self.debtor.id])
        self.wizard("credit_control").action_bring()
        self.assertEqual(self.debtor.recovery_policy_id.name, "Shared")
        mine = self.debtor.recovery_policy_id = self.make_policy(DUE5)
        again = self.wizard("credit_control")
        again.action_bring()
        self.assertEqual(self.debtor.recovery_policy_id, mine)
        self.assertIn("They have a policy of their own here.", again.line_ids.mapped("reason"))

    def test_what_was_paid_does_not_come(self):
        self.plant_followup()
        self.pay(self.move, 100.0)
        wizard = self.wizard("followup")
        wizard.action_look()
        self.assertIn(
            (False, "Nothing is open of the claim any more."),
            wizard.line_ids.mapped(lambda line: (line.comes, line.reason)),
        )

    def test_a_manager_of_no_other_right_brings_it_in_and_reads_it_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.plant_followup()
        french = self.env(user=self.manager(lang="fr_FR"), context={**self.env.context, "lang": "fr_FR"})
        wizard = self.wizard("followup", french)
        wizard.action_look()
        wizard.action_bring()
        self.assertEqual(wizard.state, "done")
        self.assertEqual(self.move.recovery_policy_id.level_ids.mapped("delay_days"), [15, 30])
        self.assertFalse([line.name for line in wizard.line_ids if " about " in line.name])

    def test_of_a_company_where_one_does_not_work_nothing_comes(self):
        self.plant_followup()
        elsewhere = self.make_company("Elsewhere")
        wizard = self.wizard("followup", self.env(user=self.manager()), company_id=elsewhere.id)
        with self.assertRaises(AccessError):
            wizard.action_look()

    def test_a_branch_has_its_creditor_s_history(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.plant_followup()
        self.env.cr.execute(
            "UPDATE account_move_line SET company_id = %s WHERE id = %s", [branch.id, self.item(self.move).id]
        )
        self.env.invalidate_all()
        self.wizard("followup", company_id=branch.id).action_bring()
        policy = self.move.recovery_policy_id
        self.assertEqual((policy.company_id, len(policy.level_ids)), (self.company, 2))
        self.assertEqual(
            self.env["recovery.notice"].search([("partner_id", "=", self.debtor.id)]).state, "sent"
        )

    def test_records_that_are_broken_leave_the_others_be(self):
        self.plant_followup()
        other = self.invoice(self.make_debtor("Other"))
        entry = self.item(self.invoice(self.debtor))
        self.env.cr.execute(
            """
            UPDATE account_followup_followup_line SET name = NULL, delay = NULL WHERE delay = 15;
            UPDATE account_move_line SET followup_line_id = 2, last_followup_date = %s WHERE id = %s;
            UPDATE account_move_line SET followup_line_id = 1, last_followup_date = %s, partner_id = NULL WHERE id = %s;
            """,
            [day(32), self.item(other).id, day(16), entry.id],
        )
        self.env.invalidate_all()
        wizard = self.wizard("followup")
        wizard.action_bring()
        levels = other.recovery_policy_id.level_ids
        self.assertEqual(
            levels.mapped(lambda one: (one.name, one.delay_days)), [("Level 1", 0), ("Second reminder", 30)]
        )
        self.assertIn(("1 reminder", False, "Nobody owes the claim."), self.told(wizard))

    def test_who_was_put_off_is_said(self):
        self.plant_followup()
        self.env.cr.execute("ALTER TABLE res_partner ADD followup_next_action_date jsonb")
        for debtor, company, on in (
            (self.debtor, self.company.id, "2999-01-01"),
            (self.make_debtor(), self.company.id, "2020-01-01"),
            (self.make_debtor(), self.company.id + 1, "2999-01-01"),
        ):
            self.env.cr.execute(
                "UPDATE res_partner SET followup_next_action_date = jsonb_build_object(%s, %s::text) WHERE id = %s",
                [str(company), on, debtor.id],
            )
        wizard = self.wizard("followup")
        wizard.action_look()
        left = [name for name, comes, _why in self.told(wizard) if not comes]
        self.assertEqual(left, ["Follow-up put off to a later day for 1 debtor"])

    def test_who_is_left_alone_below_another_company_is_left_alone_here(self):
        """A company below another one owes what it owes itself; a contact's invoices are its company's."""
        self.make_policy(DUE5)
        below = self.make_debtor("Subsidiary", parent_id=self.debtor.id, is_company=True)
        theirs = self.invoice(below)
        self.env.flush_all()
        self.env.cr.execute(REMINDERS)
        self.env.cr.execute(
            """
            ALTER TABLE res_partner ADD no_overdue_reminder boolean;
            UPDATE res_partner SET no_overdue_reminder = TRUE WHERE id = %s;
            """,
            [below.id],
        )
        self.wizard("overdue_reminder").action_bring()
        self.assert_reasons(theirs, day5="do_not_chase")
        self.assert_reasons(self.move, day5="selected")

    def test_policy_of_a_company_below_another_one(self):
        self.plant_credit_control()
        below = self.make_debtor("Subsidiary", parent_id=self.debtor.id, is_company=True)
        contact = self.make_debtor("Contact", parent_id=self.debtor.id)
        self.env.cr.execute(
            "ALTER TABLE res_partner ADD credit_policy_id int;"
            "UPDATE res_partner SET credit_policy_id = 1 WHERE id IN (%s, %s)",
            [below.id, contact.id],
        )
        self.wizard("credit_control").action_bring()
        self.assertEqual(below.recovery_policy_id.name, "Shared")
        self.assertFalse(contact.recovery_policy_id or self.debtor.recovery_policy_id)

    # -- OCA credit control: two companies share a policy -----------------------------------

    def plant_credit_control(self):
        self.env.cr.execute(CREDIT_CONTROL)
        self.env.cr.execute(
            """
            ALTER TABLE res_company ADD credit_policy_id int;
            INSERT INTO credit_control_policy (name, active) VALUES ('Shared', TRUE), ('Old', FALSE), ('Unused', FALSE);
            UPDATE res_company SET credit_policy_id = 1;
            INSERT INTO credit_control_policy_level (policy_id, level, name, computation_mode, delay_days, channel)
            VALUES (1, 1, '{"en_US": "First"}', 'net_days', 10, 'email'),
                   (1, 2, '{"en_US": "Second"}', 'previous_date', 10, 'letter'),
                   (2, 1, '{"en_US": "Only"}', 'net_days', 10, 'email');
            """
        )

    def remind(self, move, level, on):
        self.env.cr.execute(
            "INSERT INTO credit_control_line (move_line_id, policy_level_id, state, date, date_sent, channel)"
            " VALUES (%s, %s, 'sent', %s, %s, 'email')",
            [self.item(move).id, level, on, on],
        )

    def test_a_policy_that_companies_share_comes_to_each(self):
        self.plant_credit_control()
        other = self.make_company("Other")
        theirs = self.invoice(self.debtor, company=other)
        self.remind(self.move, 1, day(11))
        self.remind(theirs, 1, day(11))
        for company in (self.company, other):
            self.wizard("credit_control", company_id=company.id).action_bring()
        for move in (self.move, theirs):
            self.assertEqual(move.recovery_policy_id.company_id, move.company_id)
        self.assertNotEqual(self.move.recovery_policy_id, theirs.recovery_policy_id)

    def test_who_was_reminded_goes_on_where_he_was_whatever_policy_is_his_here(self):
        self.plant_credit_control()
        self.make_policy(DUE5)
        untouched = self.invoice(self.make_debtor())
        self.remind(self.move, 1, day(11))
        wizard = self.wizard("credit_control")
        wizard.action_bring()
        self.assert_reasons(self.move, day20="waiting_interval", day21="selected")
        self.assertEqual(
            self.run_on(21).notice_ids.filtered(lambda one: one.partner_id == self.debtor).level_id.name,
            "Second",
        )
        self.assertFalse(untouched.recovery_policy_id)
        self.assertIn("Shared", next(name for name, comes, _why in self.told(wizard) if not comes))

    def test_what_was_sent_under_a_policy_laid_by_comes_with_it(self):
        self.plant_credit_control()
        self.remind(self.move, 3, day(11))
        wizard = self.wizard("credit_control")
        wizard.action_bring()
        self.assertEqual(self.move.recovery_policy_id.name, "Old")
        self.assertNotIn("Unused", wizard.line_ids.mapped("name"))
        self.assert_reasons(self.move, day40="last_level_done")

    # -- OCA overdue reminders --------------------------------------------------------------

    def test_counted_reminders_are_levels_of_a_policy(self):
        policy = self.make_policy(DUE5, PREVIOUS10)
        self.env.cr.execute(REMINDERS)
        self.env.cr.execute(
            """
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
                (True, "They go on where they were, whatever policy their debtors have here."),
            ],
        )
        self.assert_reasons(self.move, day31="last_level_done")
        last = self.env["recovery.notice"].search([("level_id", "=", policy.level_ids[1].id)])
        self.assertEqual(last.date, day(30), "a fifth reminder is as good as the last of two")

    def test_who_gets_no_reminder_there_is_not_chased_here(self):
        policy = self.make_policy(DUE5)
        theirs, alone = self.invoice(self.make_debtor("Other")), self.invoice(self.make_debtor("Third"))
        self.env.cr.execute(REMINDERS)
        self.env.cr.execute(
            """
            ALTER TABLE res_partner ADD no_overdue_reminder jsonb;
            ALTER TABLE account_move ADD no_overdue_reminder boolean;
            UPDATE res_partner SET no_overdue_reminder = jsonb_build_object(%s, TRUE) WHERE id = %s;
            UPDATE account_move SET no_overdue_reminder = TRUE WHERE id = %s;
            """,
            [str(self.company.id), self.debtor.id, theirs.id],
        )
        self.wizard("overdue_reminder", default_policy_id=policy.id).action_bring()
        self.assert_reasons(self.move, day15="do_not_chase")
        self.assert_reasons(theirs, day15="do_not_chase")
        self.assert_reasons(alone, day15="selected")
