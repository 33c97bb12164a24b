"""Claims looked at again when their notice is about to go: some are settled, held or in a plan by then."""

from odoo import models
from odoo.tools import SQL

from ..common.channel import Obstacle


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _drop_settled_claims(self, today):
        """Leave out what is no longer to be chased on ``today``; cancel a notice that is left empty.

        Claims paid, taken into a plan, put on hold or excluded since the notice was made are
        dropped, and so are those whose due date or debtor changed: what the notice says of them is no
        longer true. An amount paid in part since is brought up to date.
        """
        self.env.flush_all()
        dropped, changed = {}, {}
        for line_id, reason, residual in self.env.execute_query(self._line_changes_query(today)):
            if reason:
                dropped.setdefault(reason, []).append(line_id)
            else:
                changed[line_id] = residual
        lines = self.env["recovery.notice.line"]
        excluded = self._lines_not_to_chase(today).ids
        dropped.setdefault("excluded", []).extend(set(excluded).difference(*dropped.values()))
        for reason, ids in dropped.items():
            lines.browse(ids).write({"is_live": False, "drop_reason": reason})
        for line_id, residual in changed.items():
            lines.browse(line_id).amount_residual = residual
        empty = self.filtered(lambda notice: not any(notice.line_ids.mapped("is_live")))
        empty._log_held()
        for notice in empty:
            labels = dict(lines._fields["drop_reason"]._description_selection(self.env))
            reasons = {labels[line.drop_reason] for line in notice.line_ids if line.drop_reason}
            notice._bulk_write(
                {
                    "state": "cancelled",
                    "next_attempt": False,
                    "failure_reason": self.env._(
                        "Nothing was left to ask for: %s", ", ".join(sorted(reasons)) or "-"
                    ),
                }
            )

    def _lines_not_to_chase(self, today):
        """Return the live lines whose claim a run of ``today`` would say is not to be chased.

        The run's own statement judges: a policy "do not chase" on the invoice or the debtor, an account that
        is chased no more.
        """
        left_out = self.env["recovery.notice.line"]
        for company, notices in self.grouped("company_id").items():
            scope = self.env["recovery.dunning.scope"]._read(company, today, partners=notices.partner_id)
            rows = self.env.execute_query(
                SQL(
                    "SELECT move_line_id, instalment_id FROM (%s) claim WHERE reason = 'do_not_chase'",
                    self.env["recovery.dunning.engine"]._statement(scope),
                )
            )
            claims = set(rows)
            left_out |= notices.line_ids.filtered(
                lambda line, claims=claims: (
                    line.is_live and (line.move_line_id.id or None, line.instalment_id.id or None) in claims
                )
            )
        return left_out

    def _log_held(self):
        """Write down whom a hold keeps from being contacted."""
        obstacle = Obstacle("hold", self.env._("A hold was set before the notice went."))
        held = self.filtered(lambda notice: "on_hold" in notice.line_ids.mapped("drop_reason"))
        self._log_withheld([(notice, notice.channel, obstacle) for notice in held])

    def _line_changes_query(self, today):
        """Return the live lines whose claim changed: (line, why it is dropped or NULL, what is claimed now).

        A hold on the debtor or on the whole item drops the claim, one on a part takes the part off.
        """
        return SQL(
            """
            SELECT line.id, claim.reason, claim.residual
              FROM recovery_notice_line line
              JOIN recovery_notice notice ON notice.id = line.notice_id
              LEFT JOIN account_move_line item ON item.id = line.move_line_id
              LEFT JOIN res_partner debtor ON debtor.id = item.partner_id
              LEFT JOIN (%(instalments)s) instalment ON instalment.id = line.instalment_id
             CROSS JOIN LATERAL (
                    SELECT COALESCE(instalment.amount_residual, item.amount_residual_currency) AS owed
                   ) ledger
             CROSS JOIN LATERAL (%(holds)s) held
             CROSS JOIN LATERAL (
                    SELECT ledger.owed - CASE WHEN held.whole THEN 0 ELSE held.part END AS residual,
                           CASE WHEN ledger.owed <= 0 OR item.parent_state <> 'posted'
                                  OR NOT instalment.is_live
                                THEN 'settled'
                                WHEN debtor.commercial_partner_id <> notice.partner_id THEN 'other_debtor'
                                WHEN %(covered)s THEN 'in_plan'
                                WHEN held.whole OR held.part >= ledger.owed THEN 'on_hold'
                                WHEN item.no_followup THEN 'excluded'
                                WHEN COALESCE(item.date_maturity, item.date) <> line.date_due THEN 'due_moved'
                           END AS reason
                   ) claim
             WHERE line.notice_id IN %(notices)s AND line.is_live
               AND (claim.reason IS NOT NULL OR claim.residual <> line.amount_residual)
            """,
            instalments=self.env["recovery.plan.instalment"]._owed_sql(),
            covered=self.env["recovery.plan.item"]._covers_sql(SQL("item.id")),
            holds=self.env["recovery.hold"]._parts_held_sql(
                SQL("notice.company_id"), SQL("notice.partner_id"), SQL("item.id"), today
            ),
            notices=tuple(self.ids),
        )
