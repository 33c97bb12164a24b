"""What a level sets off once its notices have gone: Odoo's server actions, run on the batch of notices."""

import logging

import psycopg2
from odoo import Command, fields, models

_logger = logging.getLogger(__name__)


class RecoveryDunningLevel(models.Model):
    _inherit = "recovery.dunning.level"

    action_ids = fields.Many2many(
        "ir.actions.server",
        string="Actions",
        domain=[("model_name", "=", "recovery.notice")],
        help="Run on the notices of this level once they have been sent.",
    )


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _after_sent(self):
        """Run the actions of the levels on the notices that have just been sent.

        An action that fails is told to the notices' history and stops nothing.
        """
        result = super()._after_sent()
        for level, notices in self.grouped("level_id").items():
            for action in level.action_ids:
                try:
                    with self.env.cr.savepoint():
                        # sudo: the level's manager chose the action; the outbox carries it out
                        action.sudo().with_context(
                            active_model=self._name, active_ids=notices.ids, active_id=notices[:1].id
                        ).run()
                except psycopg2.OperationalError:  # another transaction's conflict: the whole is tried again
                    raise
                except Exception as error:
                    _logger.exception("Action %s failed on notices %s", action.id, notices.ids)
                    text = self.env._(
                        "The action “%(action)s” failed: %(error)s", action=action.name, error=error
                    )
                    notices._message_log_batch(bodies=dict.fromkeys(notices.ids, text))
        return result

    # The ready-made actions of data/level_action.xml ----------------------------------------

    def _ask_for_call(self):
        """Ask the responsible to call the debtor in three days, should nothing have come."""
        deadline = fields.Date.add(fields.Date.context_today(self), days=3)
        for notice in self:
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=deadline,
                summary=self.env._("Call %s about the notice", notice.partner_id.display_name),
                user_id=notice.user_id.id or self.env.uid,
            )

    def _warn_salesperson(self):
        """Tell the debtor's salesperson that the debtor is being chased."""
        for notice in self.filtered("partner_id.user_id"):
            notice.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Your customer owes us money: %s", notice.name),
                note=self.env._("Speak with the customer before the next order."),
                user_id=notice.partner_id.user_id.id,
            )

    def _hold_debtors(self):
        """Leave the debtors alone until the deadline of the notice has passed."""
        contents = self._contents()
        self.env["recovery.hold"].create(
            [
                {
                    "partner_id": notice.partner_id.id,
                    "company_id": notice.company_id.id,
                    "kind": "negotiation",
                    "date_from": notice.date,
                    "date_until": contents[notice.id].deadline,
                    "reason": self.env._("%s gives the debtor until this day.", notice.name),
                }
                for notice in self
            ]
        )

    def _propose_plans(self):
        """Draft a plan over what each notice claims and ask its responsible to offer it."""
        for notice in self:
            items = notice.line_ids.filtered("is_live").move_line_id
            for currency, of_currency in items.grouped("currency_id").items():
                plan = self.env["recovery.plan"].create(
                    {
                        "partner_id": notice.partner_id.id,
                        "company_id": notice.company_id.id,
                        "currency_id": currency.id,
                        "user_id": notice.user_id.id,
                        "date_start": fields.Date.add(fields.Date.context_today(self), months=1),
                        "item_ids": [Command.create({"move_line_id": item.id}) for item in of_currency],
                    }
                )
                plan.generate_instalments()
                plan.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Offer this plan to %s", notice.partner_id.display_name),
                    user_id=notice.user_id.id or self.env.uid,
                )

    def _stop_deliveries(self):
        """Mark the debtors: nothing is to be delivered to them before they have paid."""
        self.partner_id.recovery_stop_deliveries = True


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_stop_deliveries = fields.Boolean(
        string="Stop deliveries",
        tracking=True,
        help="Set by a level of dunning, or by hand: nothing is delivered before the debtor has paid.",
    )
