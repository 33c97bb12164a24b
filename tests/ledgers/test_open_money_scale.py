"""What the queries of open money look at: nothing of debtors without credits, and each row a few times of others."""

import sys
from pathlib import Path

from odoo.addons.payment_plan_recovery.tests.dunning.dunning_common import DunningCommon
from odoo.tests import tagged
from odoo.tools import SQL

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

import dunning_ledger
from plan_rows import looked_at

ITEMS = 10_000
PER_DEBTOR = dunning_ledger.ITEMS_PER_DEBTOR
#: Rows that all steps may look at together, for each item of a debtor with credits: about twice what they do.
#: Companies, accounts and journals are looked at besides.
MOST, BESIDES = 150, 2_000


@tagged("post_install", "-at_install")
class TestOpenMoneyScale(DunningCommon):
    world_of_its_own = True  # rows are counted: see dev/worlds.py

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dunning_ledger.fill(cls.env, cls.company, ITEMS)

    def looks(self, debtors=None):
        """The rows that each of the queries looks at, the most of them."""
        money = self.env["recovery.open.money"]
        of_plans = self.env["recovery.plan.instalment"]._covered_sql
        return max(
            looked_at(self.env, query(self.company, dunning_ledger.TODAY, debtors))
            for query in (money._covered_sql, money._receipts_sql, money._totals_sql, of_plans)
        )

    def give_credit(self, one_in):
        """One debtor in so many has an open payment of 50, besides what it owes."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO account_move_line (
                    move_id, parent_state, journal_id, company_id, company_currency_id, currency_id, account_id,
                    partner_id, date, date_maturity, display_type, balance, amount_currency, debit, credit,
                    amount_residual, amount_residual_currency, reconciled
                )
                SELECT MIN(move_id), 'posted', MIN(journal_id), company_id, MIN(company_currency_id),
                       MIN(currency_id), account_id, partner_id, %(today)s, %(today)s, 'payment_term', -50, -50, 0,
                       50, -50, -50, FALSE
                  FROM account_move_line
                 WHERE company_id = %(company)s AND amount_residual > 0 AND partner_id %% %(one_in)s = 0
                 GROUP BY company_id, account_id, partner_id
                """,
                today=dunning_ledger.TODAY,
                company=self.company.id,
                one_in=one_in,
            )
        )
        return self.env.cr.rowcount

    def test_debtors_without_credits_cost_nothing(self):
        assert self.looks() < BESIDES

    def test_few_debtors_with_credits(self):
        given = self.give_credit(one_in=200)
        assert self.looks() < BESIDES + MOST * PER_DEBTOR * given

    def test_everybody_has_credits_whatever_the_planner_was_told(self):
        given = self.give_credit(one_in=1)
        for told in ("nothing", "all"):
            with self.subTest(told=told):
                if told == "all":
                    self.env.cr.execute("ANALYZE account_move_line")
                assert self.looks() < BESIDES + MOST * PER_DEBTOR * given

    def test_one_debtor_with_many_items_and_credits(self):
        given = self.give_credit(one_in=1)
        debtor = self.make_debtor()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = %s WHERE company_id = %s", [debtor.id, self.company.id]
        )
        assert self.looks() < BESIDES + MOST * PER_DEBTOR * given
        assert self.looks(debtor.ids) < BESIDES + MOST * PER_DEBTOR * given

    def test_asked_about_one_debtor(self):
        self.give_credit(one_in=1)
        [debtor_id] = self.env.execute_query(
            SQL(
                "SELECT MIN(partner_id) FROM account_move_line WHERE company_id = %s AND amount_residual > 0",
                self.company.id,
            )
        )[0]
        assert self.looks([debtor_id]) < BESIDES + MOST * PER_DEBTOR
