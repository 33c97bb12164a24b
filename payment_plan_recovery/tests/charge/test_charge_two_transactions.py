"""Two people book the charges of the same invoice at the same time: one bills them, the other finds nothing left."""

import psycopg2
from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.two_transactions import TwoTransactions

UNTIL = "2025-09-15"


@tagged("post_install", "-at_install")
class TestChargeTwoTransactions(TwoTransactions):
    def commit_story(self, env):
        """An invoice that is late, and a journal for the bills of its charges."""
        receivable, income = self.make_accounts(env, "CHA")
        journal = self.make_sale_journal(env, "LATE", income)
        debtor = self.note(
            env["res.partner"].create(
                {
                    "name": "Billed once",
                    "is_company": True,
                    "country_id": env.ref("base.fr").id,
                    "property_account_receivable_id": receivable.id,
                }
            )
        )
        # The fixed sum is one of euros: what it is worth in the company's currency is known.
        euro = {"currency_id": env.ref("base.EUR").id, "company_id": env.company.id}
        self.note(env["res.currency.rate"].create({**euro, "name": "2000-01-01", "rate": 1.0}))
        self.debtor_id = debtor.id
        self.company_id = env.company.id
        self.before = (env.company.recovery_charge_journal_id.id or None, env.company.recovery_charge_law)
        env.company.write({"recovery_charge_journal_id": journal.id, "recovery_charge_law": "debtor"})
        late = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": journal.id,
                "partner_id": debtor.id,
                "invoice_date": "2025-03-31",
                "invoice_date_due": "2025-03-31",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 1200, "tax_ids": []})],
            }
        )
        late.action_post()
        self.late_id = late.id

    def take_away(self, cr):
        """Delete what the transactions booked too."""
        cr.execute(
            "UPDATE res_company SET (recovery_charge_journal_id, recovery_charge_law) = (%s, %s) WHERE id = %s",
            [*self.before, self.company_id],
        )
        cr.execute("DELETE FROM recovery_charge WHERE partner_id = %s", [self.debtor_id])
        cr.execute("DELETE FROM account_move WHERE partner_id = %s", [self.debtor_id])
        super().take_away(cr)

    def late(self, env):
        return env["account.move"].browse(self.late_id)

    def book(self, env):
        self.late(env).action_book_charges(UNTIL)

    def assert_billed_once(self):
        env = self.transaction()
        charges = self.late(env).recovery_charge_ids
        self.assertEqual(sorted(charges.mapped("state")), ["booked", "booked"])
        self.assertEqual(len(charges.invoice_id), 1)
        with self.assertRaises(UserError) as refused:
            self.late(env).action_book_charges(UNTIL)
        self.assertIn("nothing to book", str(refused.exception))

    def test_the_second_one_waits_and_is_refused(self):
        first, second = self.transaction(), self.transaction()
        self.book(first)
        with mute_logger("odoo.sql_db"):
            thread, errors = self.waiting(lambda: self.book(second))
            first.cr.commit()
            thread.join()
        self.assertEqual([type(error) for error in errors], [psycopg2.errors.SerializationFailure])
        self.assert_billed_once()

    def test_a_stale_snapshot_is_refused(self):
        first, second = self.transaction(), self.transaction()
        self.book(first)
        first.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
            self.book(second)
        second.cr.rollback()
        self.assert_billed_once()

    def test_one_of_two_approvals_of_a_waiver_gives_it_up(self):
        """A part was asked for: given up twice, there would be two parts."""
        env = self.transaction()
        self.late(env).line_ids.filtered("date_maturity")._recovery_accrue(fields.Date.to_date(UNTIL))
        charge = self.late(env).recovery_charge_ids.filtered(lambda one: one.kind == "interest")
        before = charge.amount
        charge.write(
            {"waiver_asked": 10, "waive_reason": "Strike", "waive_asked_by_id": env.ref("base.user_admin").id}
        )
        env.cr.commit()

        def approve(env):
            env["recovery.charge"].browse(charge.id).action_approve_waiver()

        self.assertIsInstance(self.at_the_same_time(approve, approve), UserError)
        interest = self.late(self.transaction()).recovery_charge_ids.filtered(
            lambda one: one.kind == "interest"
        )
        self.assertEqual(sum(interest.filtered("is_waived").mapped("amount")), 10)
        self.assertAlmostEqual(sum(interest.mapped("amount")), before)

    def test_what_is_given_up_in_two_windows_is_counted_one_after_the_other(self):
        """Each alone would stay below what one person may give up of a debtor's charges."""
        env = self.transaction()
        self.late(env).line_ids.filtered("date_maturity")._recovery_accrue(fields.Date.to_date(UNTIL))
        env.cr.commit()
        first, second = self.transaction(), self.transaction()
        charges = self.late(first).recovery_charge_ids
        charges[0]._beyond_one_person({charges[0]: 1.0})
        others = self.late(second).recovery_charge_ids[1]
        with mute_logger("odoo.sql_db"):
            thread, errors = self.waiting(lambda: others._beyond_one_person({others: 1.0}))
            first.cr.commit()
            thread.join()
        self.assertEqual([type(error) for error in errors], [psycopg2.errors.SerializationFailure])

    def test_plans_that_waive_are_proposed_one_after_the_other(self):
        """Each alone stays below what one person may give up; two proposed in two windows do not, together."""
        env = self.transaction()
        moves = self.late(env) | self.late(env).copy(
            {"invoice_date": "2025-03-31", "invoice_date_due": "2025-03-31"}
        )
        moves[1].action_post()
        items = moves.line_ids.filtered("date_maturity")
        items._recovery_accrue(fields.Date.to_date(UNTIL))
        plans = env["recovery.plan"].create(
            [
                {
                    "partner_id": self.debtor_id,
                    "charge_terms": "waived_if_kept",
                    "item_ids": [Command.create({"move_line_id": item.id})],
                }
                for item in items
            ]
        )
        ceiling = env.company.recovery_waiver_ceiling
        self.addCleanup(self.forget_plans, plans.ids, ceiling)
        env.company.recovery_waiver_ceiling = plans[0]._charges_so_far(env.company._recovery_today()) + 1
        env.cr.commit()

        def propose(number):
            return lambda env: env["recovery.plan"].browse(plans[number].id).action_propose()

        self.assertIsNone(self.at_the_same_time(propose(0), propose(1)))
        proposed = self.transaction()["recovery.plan"].browse(plans.ids)
        self.assertEqual(proposed.mapped("state"), ["proposed", "draft"])
        self.assertEqual(proposed[1].approval_state, "waiting")

    def forget_plans(self, plan_ids, ceiling):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM recovery_plan WHERE id = ANY(%s)", [plan_ids])
            cr.execute(
                "UPDATE res_company SET recovery_waiver_ceiling = %s WHERE id = %s",
                [ceiling, self.company_id],
            )
