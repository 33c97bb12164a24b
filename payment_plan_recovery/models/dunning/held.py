"""What of a claim is asked for: not what is on hold, disputed in part or let go."""

from odoo import models
from odoo.tools import SQL


class RecoveryDunningHeld(models.AbstractModel):
    """Parts of the dunning statement: what holds and small residues leave of a claim."""

    _name = "recovery.dunning.held"
    _description = "Dunning Holds"

    def _step_item_hold(self, scope) -> SQL:
        """Items on hold: as a whole, or for the disputed amount."""
        items = None if scope.partner_ids is None else SQL("SELECT claim.move_line_id FROM claim")
        return self.env["recovery.hold"]._items_held_sql(scope.company, scope.date, items)

    def _held(self, scope) -> SQL:
        """Whether all that is asked of a ``claim`` is on hold, by itself or by what its plan covers."""
        return SQL(
            """
            COALESCE(hold.whole OR hold.amount >= claim.uncovered AND claim.uncovered > 0, FALSE)
                OR claim.instalment_id IS NOT NULL AND claim.instalment_id IN (%s) %s
            """,
            self.env["recovery.plan"]._instalments_on_hold_sql(self._planned_on_hold()),
            SQL("OR COALESCE(spared.amount >= claim.uncovered AND claim.uncovered > 0, FALSE)")
            if scope.spared
            else SQL(),
        )

    def _planned_on_hold(self) -> SQL:
        """The items of live plans that are open and on hold: they are few."""
        return SQL(
            "(SELECT hold.* FROM item_hold hold"
            " WHERE hold.move_line_id IN (SELECT move_line_id FROM claim WHERE in_plan))"
        )

    def _let_go(self, scope) -> SQL:
        """Whether nothing more is asked of a ``claim``: of an item, or of what payments left of an instalment."""
        return SQL(
            "CASE WHEN claim.instalment_id IS NULL THEN %s ELSE %s END",
            SQL("claim.move_line_id = ANY(%s::int[])", scope.let_go) if scope.let_go else SQL("FALSE"),
            self.env["recovery.plan"]._residue_sql(scope.company),
        )

    def _chased(self, scope) -> SQL:
        """What is chased of a ``claim``: what is uncovered, less a disputed part of it (``hold``, ``spared``)."""
        whole = SQL("claim.uncovered")
        if scope.spared:
            whole = SQL(
                "claim.uncovered - CASE WHEN spared.amount < claim.uncovered THEN spared.amount ELSE 0 END"
            )
        return SQL(
            "CASE WHEN NOT hold.whole AND hold.amount < claim.uncovered"
            " THEN claim.uncovered - hold.amount ELSE %s END",
            whole,
        )

    def _spared_join(self, scope) -> SQL:
        """Join what is disputed of instalments, where anything is."""
        if not scope.spared:
            return SQL()
        return SQL(
            "LEFT JOIN unnest(%s::int[], %s::numeric[]) AS spared (instalment_id, amount)"
            " ON spared.instalment_id = claim.instalment_id",
            list(scope.spared),
            [str(amount) for amount in scope.spared.values()],
        )
