"""What follows once notices have gone: their history, and what their level sets off."""

import logging

import psycopg2
from odoo import Command, api, fields, models
from odoo.tools import SQL

from ..common.company_words import by_company, in_words_of_company

#: Days within which a letter was delivered or came back, with some to pay.
LONGEST_DELIVERY = 30

_logger = logging.getLogger(__name__)


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    logged = fields.Boolean(readonly=True, copy=False, help="The invoices' history tells of it.")

    # History -------------------------------------------------------------------------------

    @api.model
    def _log_all_sent(self, size=500, among=None):
        """Tell the invoices' history of what was sent, in committed batches.

        :param among: only those of these notices; of all, where no other worker tells of its own
        """
        last = 0
        while notices := self._lock_unlogged(size, last, among):
            last = notices[-1].id  # what cannot be told now is left for the next time
            self.env["ir.cron"]._recovery_split(notices, self._log_those)
            if not self._checkpoint():
                return

    @api.model
    def _log_those(self, notices):
        """Tell of ``notices``, locked again: who gave way to another transaction gave the locks up."""
        self._lock_unlogged(len(notices), 0, notices)._log_batch()

    @api.model
    def _lock_unlogged(self, size, after, among=None):
        self.flush_model(["state", "logged"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM recovery_notice WHERE state = 'sent' AND logged IS NOT TRUE AND id > %s AND %s
                 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                after,
                SQL("TRUE") if among is None else SQL("id = ANY(%s)", among.ids),
                size,
            )
        )
        return self.browse(row[0] for row in rows)

    def _log_batch(self):
        """Tell of the notices, and do what follows; of a batch that fails as a whole, all but those that fail alone.

        Those stay untold, so that the next drain tries them again.
        """
        try:
            with self.env.cr.savepoint():
                for _company, notices in by_company(self):
                    notices._log_sent()
                    notices._run_level_actions()
                self._bulk_write({"logged": True})
        except psycopg2.OperationalError:  # a conflict with another transaction: the whole is tried again
            raise
        except Exception:
            self.env.invalidate_all()
            if len(self) > 1:
                for notice in self:
                    notice._log_batch()
            else:
                _logger.exception("The history could not be told of notice %s", self.id)

    def _log_sent(self):
        """Write a line into the history of the invoices, which those read who may read notices.

        The contact's history says nothing of it: every employee reads that one.
        """
        by_invoice = {}
        for notice in self:
            for invoice in notice.line_ids.filtered("is_live").move_line_id.move_id:
                by_invoice.setdefault(invoice, []).append(notice._log_text())
        render = self.env["ir.qweb"]._render
        bodies = {
            invoice.id: render("payment_plan_recovery.log_notice", {"texts": texts})
            for invoice, texts in by_invoice.items()
        }
        self.env["account.move"].browse(bodies)._message_log_batch(bodies=bodies)

    def _log_text(self):
        return self.env._(
            "%(level)s %(reference)s sent (%(channel)s)",
            level=self.level_id.name,
            reference=self.name or "",
            channel=self.env["recovery.channel"]._label_of(self.channel),
        )

    # Actions of the level --------------------------------------------------------------------

    def _run_level_actions(self):
        """Run the actions of the levels on the notices that have just been sent.

        An action that fails is told to the notices' history and stops nothing.
        """
        for level, notices in self.grouped("level_id").items():
            for action in level.action_ids:
                notices._run_level_action(action)

    def _run_level_action(self, action):
        try:
            with self.env.cr.savepoint():
                # sudo: the level's manager chose the action; the outbox carries it out
                action.sudo().with_context(
                    active_model=self._name, active_ids=self.ids, active_id=self[:1].id
                ).run()
        except psycopg2.OperationalError:  # another transaction's conflict: the whole is tried again
            raise
        except Exception as error:
            _logger.exception("Action %s failed on notices %s", action.id, self.ids)
            text = self.env._("The action “%(action)s” failed: %(error)s", action=action.name, error=error)
            self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    # The ready-made actions of data/level_action.xml ----------------------------------------

    def _ask_for_call(self):
        """Ask the responsible to call the debtor in three days, should nothing have come."""
        for notice in self:
            today = notice.company_id._recovery_today()
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.add(today, days=3),
                summary=in_words_of_company(notice).env._(
                    "Call %s about the notice", notice.partner_id.display_name
                ),
                user_id=notice.user_id.id or self.env.uid,
            )

    def _warn_salesperson(self):
        """Tell the debtor's salesperson that the debtor is being chased."""
        for notice in self.filtered("partner_id.user_id"):
            notice.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                # No more than that: every employee reads what is to be done on a contact.
                summary=in_words_of_company(notice).env._("Speak with the customer before the next order"),
                user_id=notice.partner_id.user_id.id,
            )

    def _hold_debtors(self):
        """Leave the debtors alone until the deadline of the notice has passed."""
        deadlines = self._deadlines()
        self.env["recovery.hold"].create(
            [
                {
                    "partner_id": notice.partner_id.id,
                    "company_id": notice.company_id.id,
                    "kind": "negotiation",
                    "date_from": notice.date,
                    # while a delivery is waited for, longer than the post takes
                    "date_until": deadlines[notice] or fields.Date.add(notice.date, days=LONGEST_DELIVERY),
                    "reason": in_words_of_company(notice).env._(
                        "%s gives the debtor until this day.", notice.name
                    ),
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
                        "date_start": fields.Date.add(notice.company_id._recovery_today(), months=1),
                        "item_ids": [Command.create({"move_line_id": item.id}) for item in of_currency],
                    }
                )
                plan.generate_instalments()
                plan.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=in_words_of_company(notice).env._(
                        "Offer this plan to %s", notice.partner_id.display_name
                    ),
                    user_id=notice.user_id.id or self.env.uid,
                )

    def _stop_deliveries(self):
        """Mark the debtors: nothing is to be delivered to them before they have paid."""
        self.partner_id.recovery_stop_deliveries = True
