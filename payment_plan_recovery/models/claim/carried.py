"""Claims that an entry moved to another account: a debt that is doubtful by now is the debt it was."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .open_money_facts import MONEY_JOURNALS


class RecoveryCarried(models.AbstractModel):
    """Finds where claims stood before they were moved, to account 416 say. Holds no data."""

    _name = "recovery.carried"
    _description = "Claims Moved to Another Account"

    @api.model
    def _origins(self, item_ids):
        """Return the journal items that ``item_ids`` go on from: {item id: [item id]}.

        An entry in no journal of money that settles what a debtor owed on one receivable item and has the debtor owe
        it on another moves the claim; however often, it goes on from the first one. Where an entry moves several
        claims of a debtor, what comes of them goes on from all of them.
        """
        if not item_ids:
            return {}
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model(["debit_move_id", "credit_move_id"])
        found = defaultdict(list)
        for item_id, origin_id in self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE moved (item_id, origin_id) AS (
                    SELECT opened.id, partial.debit_move_id
                      FROM account_move_line opened %(settled)s
                     WHERE opened.id = ANY(%(ids)s)
                     UNION
                    SELECT moved.item_id, partial.debit_move_id
                      FROM moved JOIN account_move_line opened ON opened.id = moved.origin_id %(settled)s
                )
                SELECT item_id, origin_id FROM moved ORDER BY item_id, origin_id
                """,
                settled=self._settled_by_the_same_entry(),
                ids=list(item_ids),
            )
        ):
            found[item_id].append(origin_id)
        return dict(found)

    def _settled_by_the_same_entry(self) -> SQL:
        """Joins from an item (``opened``) to what its entry settled of the same debtor (``partial``)."""
        return SQL(
            """
            JOIN account_move entry ON entry.id = opened.move_id AND entry.move_type = 'entry'
            JOIN account_journal journal ON journal.id = entry.journal_id AND journal.type NOT IN %s
            JOIN res_partner owing ON owing.id = opened.partner_id
            JOIN account_move_line settling
              ON settling.move_id = opened.move_id AND settling.balance < 0 AND opened.balance > 0
            JOIN res_partner owed ON owed.id = settling.partner_id
             AND owed.commercial_partner_id = owing.commercial_partner_id
            JOIN account_account account ON account.id = settling.account_id
             AND account.account_type = 'asset_receivable'
            JOIN account_partial_reconcile partial ON partial.credit_move_id = settling.id
            """,
            MONEY_JOURNALS,
        )
