"""The ways to pay, side by side, as a debtor reads them: on paper and by mail.

What is the creditor's own business stays out of them: limits of the policy exceeded,
the debtor's capacity as it was assessed, what comes in when.
"""

from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class OfferedOption(NamedTuple):
    """One way to pay; amounts in the plan's currency. ``amount`` is the largest instalment."""

    count: int
    amount: float
    date_first: Any
    date_last: Any
    total_cost: float


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def action_print_options(self):
        """Print the ways to pay, in each debtor's language.

        :raise UserError: no terms of the plan give a schedule
        """
        self._ready_options()
        report = self.env.ref("payment_plan_recovery.action_report_plan_options")
        return report.report_action(self, config=False)

    def action_send_options(self):
        """Open a mail that offers the debtor the ways to pay, the same on paper attached.

        :raise UserError: no terms of the plan give a schedule
        """
        self.ensure_one()
        self._ready_options()
        message = self._words_for("plan_options")
        name = self._in_debtor_s_language().env._("Your ways to pay.pdf")
        pdf = self._document_attachment("payment_plan_recovery.report_plan_options", name)
        return self._compose(message, pdf)

    def _ready_options(self):
        """Make sure that there are ways to pay to show."""
        self._require_state(("draft",), self.env._("offer ways to pay"))
        self.filtered(lambda plan: not plan.option_ids).action_compare_options()
        for plan in self:
            if not plan._offered_options():
                problems = plan.option_ids.filtered("problem").mapped("problem")
                raise UserError(
                    self.env._(
                        "%(plan)s has no way to pay to offer: %(why)s",
                        plan=plan.display_name,
                        why=" ".join(dict.fromkeys(problems)),
                    )
                )
        self._offer_options_online()  # of the portal, a room below

    @api.model
    def _offered_items_sql(self, items: SQL) -> SQL:
        """Return a query of (move_line_id, plan's name): ``items`` in plans that are offered, or only signed."""
        self.flush_model(["name", "state"])
        self.env["recovery.plan.item"].flush_model(["move_line_id", "plan_id"])
        return SQL(
            """
            SELECT covered.move_line_id, plan.name
              FROM recovery_plan_item covered
              JOIN recovery_plan plan ON plan.id = covered.plan_id
             WHERE covered.move_line_id IN (%s) AND plan.state IN ('proposed', 'accepted')
             ORDER BY covered.id
            """,
            items,
        )

    def _offered_options(self):
        """Return what the debtor may choose from, fewest instalments first, each schedule once."""
        offered = {
            OfferedOption(
                option.instalment_count,
                option.amount,
                option.date_first,
                option.date_last,
                option.total_cost,
            )
            for option in self.option_ids
            if not option.problem
        }
        return sorted(offered, key=lambda option: (option.count, option.date_last, option.amount))

    def _options_table(self, content):
        """Return the ways to pay as HTML, one in each column; ``content`` words them."""
        return self.env["ir.qweb"]._render(
            "payment_plan_recovery.plan_options_table",
            {
                "content": content,
                "plan": self,
                "options": self._offered_options(),
                # The charges are of a room below, which says in its own file on plans what becomes of them.
                "charges": self.with_env(content.env)._words_of_charges(content.date),
            },
            lang=content.env.lang,
        )
