from odoo import api, models
from odoo.tools import SQL

from ..claim.dispute_settled import hold_what_is_left
from ..claim.open_money_facts import MONEY_JOURNALS
from .ledger import Event


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    #: What is kept of journal items and follows what they receive; a room further down adds its own.
    _recovery_followers = ("recovery_item_ids",)

    @api.model_create_multi
    def create(self, vals_list):
        # Each payment of an import comes here by itself: whatever follows it is looked up in one statement.
        ids = {vals[side] for vals in vals_list for side in ("debit_move_id", "credit_move_id")}
        if ids:
            self._recovery_look_up_followers(list(ids))
        partials = super().create(vals_list)
        covered = partials.filtered(lambda partial: partial.debit_move_id.sudo().recovery_item_ids)
        if covered:
            self.env["recovery.plan"]._note_made(covered)
        hold_what_is_left(partials._recovery_disputes())
        partials._recovery_name_moved()
        partials._recovery_moving_cases()._follow_moved()  # of a room below, which says in its own file which these are
        return partials

    def unlink(self):
        if self:
            self.env["recovery.plan"]._note_undone(self)
        disputes, cases = self._recovery_disputes(), self._recovery_moving_cases()
        result = super().unlink()
        cases._leave_moved_back()  # of a room below, see above
        hold_what_is_left(disputes)
        return result

    @api.model
    def _recovery_look_up_followers(self, ids):
        """Have at hand what is kept of the journal items ``ids`` and follows what they receive.

        The amounts that follow would look for it themselves, in a query for each link of the chain.
        """
        rows = self.env.execute_query(SQL(" UNION ALL ").join(self._recovery_followers_sql(ids)))
        for model, name, record_id, found in rows:
            record = self.env[model].browse(record_id)
            field = record._fields[name]
            field._insert_cache(record, [tuple(found) if field.type == "one2many" else found[0]])

    @api.model
    def _recovery_followers_sql(self, ids) -> list[SQL]:
        """Return queries of (model, field, id, ids): values of the relational fields by which followers are found."""
        self.env["recovery.plan.item"].flush_model(["plan_id"])
        self.env["recovery.plan.instalment"].flush_model(["plan_id"])
        covering = SQL("SELECT id, plan_id FROM recovery_plan_item WHERE move_line_id = ANY(%s)", ids)
        return [
            *(self._recovery_follower_sql(name, ids) for name in self._recovery_followers),
            SQL("SELECT 'recovery.plan.item', 'plan_id', id, ARRAY[plan_id] FROM (%s) covering", covering),
            SQL(
                """
                SELECT 'recovery.plan', 'instalment_ids', plan_id,
                       ARRAY(SELECT id FROM recovery_plan_instalment WHERE plan_id = covering.plan_id
                              ORDER BY date_due, number, id)
                  FROM (%s) covering
                 GROUP BY plan_id
                """,
                covering,
            ),
        ]

    @api.model
    def _recovery_follower_sql(self, name, ids) -> SQL:
        """Return the query of the values of ``name``, a one2many field of journal items."""
        field = self.env["account.move.line"]._fields[name]
        follower = self.env[field.comodel_name]
        follower.flush_model([field.inverse_name])
        return SQL(
            """
            SELECT 'account.move.line', %(name)s, item.id,
                   ARRAY(SELECT id FROM %(table)s WHERE %(inverse)s = item.id ORDER BY %(order)s)
              FROM unnest(%(ids)s::int[]) item(id)
            """,
            name=name,
            table=SQL.identifier(follower._table),
            inverse=SQL.identifier(field.inverse_name),
            order=SQL(", ").join(SQL.identifier(column) for column in follower._order.split(", ")),
            ids=ids,
        )

    def _recovery_event(self, undone=None):
        """Return what a reconciliation of a covered item is to the item's plan.

        :param undone: the kind of event that it is, where it is undone
        """
        credit = self.credit_move_id
        if undone:
            kind = undone
        elif credit.journal_id.type in MONEY_JOURNALS:
            kind = "payment"
        else:
            kind = "credit_note" if credit.move_id.move_type == "out_refund" else "entry"
        return Event(
            kind,
            self.debit_move_id._recovery_number(),
            self.debit_amount_currency,
            credit.date,
            credit.move_id.id,
            credit.move_id._get_html_link(),
        )
