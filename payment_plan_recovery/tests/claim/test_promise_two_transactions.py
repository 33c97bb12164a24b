"""Two collectors note a promise of the same debtor at the same time: one is noted."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.two_transactions import TwoTransactions


class ItemsAtOnce(TwoTransactions):
    """Two items of one debtor, about which two people note something at the same time."""

    def commit_story(self, env):
        """Two items of 300 of one debtor."""
        receivable, income = self.make_accounts(env, "PRM")
        journal = self.note(env["account.journal"].create({"name": "Prm", "code": "PRM", "type": "general"}))
        debtor = self.note(env["res.partner"].create({"name": "Two promises", "is_company": True}))
        entry = self.note(
            env["account.move"].create(
                {
                    "journal_id": journal.id,
                    "line_ids": [
                        *(
                            Command.create(
                                {"account_id": receivable.id, "partner_id": debtor.id, "debit": 300}
                            )
                            for _item in range(2)
                        ),
                        Command.create({"account_id": income.id, "credit": 600}),
                    ],
                }
            )
        )
        entry.action_post()
        self.debtor_id, self.item_ids = debtor.id, entry.line_ids.filtered("debit").ids

    def take_away(self, cr):
        for table in ("recovery_promise", "recovery_dispute", "recovery_hold", "recovery_withheld"):
            cr.execute(f"DELETE FROM {table} WHERE partner_id = %s", [self.debtor_id])  # noqa: S608
        super().take_away(cr)

    def about(self, env, *items):
        """Note it about ``items``; return the record."""
        raise NotImplementedError

    def at_once(self, *items):
        """Note something about each of ``items``, the second before the first is committed; its errors."""
        first, second = self.transaction(), self.transaction()
        self.about(first, items[0])
        with mute_logger("odoo.sql_db", "odoo.service.model"), patch("time.sleep"):
            thread, errors = self.waiting(lambda: retrying(lambda: self.about(second, items[1]).ids, second))
            first.cr.commit()
            thread.join()
        return errors


@tagged("post_install", "-at_install")
class TestPromiseTwoTransactions(ItemsAtOnce):
    def about(self, env, *items):
        today = env.company._recovery_today()
        return env["recovery.promise"].create(
            {
                "partner_id": self.debtor_id,
                "amount": 300,
                "date_promised": today,
                "move_line_ids": [Command.set(items)],
            }
        )

    def test_one_of_two_promises_for_an_item_is_noted(self):
        [error] = self.at_once(self.item_ids[0], self.item_ids[0])
        self.assertIsInstance(error, ValidationError)
        self.assertIn("A promise of Two promises is open already", str(error))
        self.assertEqual(self.noted(), 1)

    def test_promises_for_two_items_are_both_noted(self):
        self.assertEqual(self.at_once(*self.item_ids), [])
        self.assertEqual(self.noted(), 2)

    def noted(self):
        return self.transaction()["recovery.promise"].search_count([("partner_id", "=", self.debtor_id)])
