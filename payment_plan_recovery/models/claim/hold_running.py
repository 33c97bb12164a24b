"""Which holds run on a day, and who and what they hold: for the rules and queries of other rooms."""

from odoo import api, models
from odoo.tools import SQL

from .hold_since import DEBTORS_HELD, ITEMS_HELD, NAMED_SINCE, TOUCHES


class RecoveryHoldRunning(models.AbstractModel):
    """Finds holds. One that was ended before its time is run to the end of that day, and no longer stands."""

    _name = "recovery.hold.running"
    _description = "Holds of a Day"

    @api.model
    def _running(self, date, debtors):
        """Holds of ``debtors`` in the current company, with its branches, that run on ``date``."""
        return self.search(
            [
                ("partner_id", "in", debtors.ids),
                ("company_id", "in", self.env.company._recovery_branch_ids()),
                ("date_from", "<=", date),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", date),
            ]
        )

    @api.model
    def _standing(self, date, debtors):
        """Those of :meth:`_running` that bind still: one that was ended says nothing more on its last day."""
        return self._running(date, debtors).filtered(
            lambda hold: not hold.date_until == hold.date_ended == date
        )

    @api.model
    def _runs_sql(self, company, date) -> SQL:
        """Return the condition that ``hold`` runs in ``company``, or a branch of the same creditor, on ``date``."""
        return SQL(
            "hold.company_id = ANY(%(companies)s) AND hold.date_from <= %(date)s"
            " AND (hold.date_until IS NULL OR hold.date_until >= %(date)s)",
            companies=list(company._recovery_branch_ids()),
            date=date,
        )

    @api.model
    def _stands_sql(self, date, alias="hold") -> SQL:
        """Return the condition that a hold of ``alias`` which runs on ``date`` binds still; see :meth:`_standing`."""
        return SQL(
            "(%(until)s, %(ended)s) IS DISTINCT FROM (%(date)s::date, %(date)s::date)",
            until=SQL.identifier(alias, "date_until"),
            ended=SQL.identifier(alias, "date_ended"),
            date=date,
        )

    @api.model
    def _debtors_held_sql(self, company, date, debtor_ids=None) -> SQL:
        """Return a query of the debtors that are held with everything they owe, in column ``partner_id``.

        :param debtor_ids: look at these debtors only
        """
        return SQL(
            DEBTORS_HELD,
            self._runs_sql(company, date),
            SQL("TRUE") if debtor_ids is None else SQL("hold.partner_id = ANY(%s::int[])", debtor_ids),
        )

    @api.model
    def _items_held_sql(self, company, date, items=None, kinds=None, *, by_kind=False) -> SQL:
        """Return a query of the items that are held, ``whole`` or for the disputed ``amount``.

        :param items: query of the ids to look at, None for all; ``by_kind``: kind comes first
        :param kinds: what holds of these kinds say of items, see :meth:`_standing`; None: whatever is not chased
        """
        kind = SQL("hold.kind,") if by_kind else SQL()
        said = SQL("hold.kind = ANY(%s) AND %s", list(kinds or ()), self._stands_sql(date))
        return SQL(
            ITEMS_HELD,
            kind,
            self._runs_sql(company, date),
            SQL("TRUE") if kinds is None else said,
            SQL("TRUE") if items is None else SQL("rel.account_move_line_id IN (%s)", items),
            kind,
        )

    @api.model
    def _kind_sql(self, company: SQL, debtor: SQL, item: SQL, date) -> SQL:
        """Return an expression: the kind of hold that is on a debtor's item on ``date``, or NULL; all columns.

        Of several the one that comes first among the kinds.
        """
        kinds = [kind for kind, _label in self._fields["kind"].selection]
        return SQL(
            "(SELECT hold.kind FROM recovery_hold hold WHERE %s"
            " ORDER BY ARRAY_POSITION(%s::varchar[], hold.kind) LIMIT 1)",
            self._touches_sql(company, debtor, item, date),
            kinds,
        )

    @api.model
    def _on_item_sql(self, company: SQL, debtor: SQL, item: SQL, date) -> SQL:
        """Return a query of the holds that are on a debtor's item on ``date``; all are columns."""
        return SQL("SELECT FROM recovery_hold hold WHERE %s", self._touches_sql(company, debtor, item, date))

    def _touches_sql(self, company: SQL, debtor: SQL, item: SQL, date) -> SQL:
        """Return the condition that ``hold`` is on the item, or on everything its debtor owes."""
        held_items = self._fields["move_line_ids"]
        return SQL(
            TOUCHES,
            company=self.env["res.company"]._recovery_together_sql(SQL("hold.company_id"), company),
            debtor=debtor,
            item=item,
            date=date,
            held=SQL.identifier(held_items.relation),
            hold_id=SQL.identifier(held_items.column1),
            item_id=SQL.identifier(held_items.column2),
        )

    @api.model
    def _items_since_sql(self, kind, companies) -> SQL:
        """Return a query of (move_line_id, date): items that a hold of ``kind`` ever named, from which day."""
        named = self._fields["move_line_ids"]
        return SQL(
            NAMED_SINCE,
            kind=kind,
            items=SQL.identifier(named.relation),
            hold_id=SQL.identifier(named.column1),
            item_id=SQL.identifier(named.column2),
            companies=list(companies),
        )

    @api.model
    def _disputed_sql(self, company, date) -> SQL:
        """Return a query of (move_line_id): the creditor's items disputed by ``date``, ended disputes too."""
        disputed = self._items_since_sql("dispute", company._recovery_branch_ids())
        return SQL("SELECT move_line_id FROM (%s) disputed WHERE date <= %s", disputed, date)
