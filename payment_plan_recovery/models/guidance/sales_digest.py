"""The weekly digest to sales people: which of their customers are late. Whoever sold may help to be paid."""

import logging

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL

from ..common.company_words import words_of
from ..common.counted import counted
from ..common.labelled import labelled
from ..common.planner import set_by_set
from ..plan.plan import LIVE_STATES

_logger = logging.getLogger(__name__)

#: Customers told of in one digest: the largest amounts first.
LONGEST = 50


class RecoverySalesDigest(models.Model):
    """That a sales person was told of its late customers: how many and how much, once a week and creditor."""

    _name = "recovery.sales.digest"
    _description = "Digest to a Sales Person"
    _order = "date desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", string="Sales person", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Sent on", required=True, readonly=True)
    debtor_count = fields.Integer(string="Late customers", readonly=True)
    amount_overdue = fields.Monetary(
        string="Overdue", readonly=True, help="Of all of them, in company currency."
    )

    _one_each = models.Constraint("UNIQUE(user_id, company_id, date)", "A sales person is told once a day.")

    @api.model
    def _cron_send(self):
        """Weekly: tell the sales people of every creditor that wants it; one that fails stops no other."""
        creditors = self.env["res.company"].search(
            [("parent_id", "=", False), ("recovery_sales_digest", "=", True)]
        )
        self.env["recovery.dispatch"]._dispatch_companies(self._name, "_send", creditors)

    @api.model
    def _send(self, creditor, date):
        """Mail the sales people of ``creditor`` their late customers on ``date``; return what was sent.

        Who was told that day is not told again, and who has no late customer not at all. Whom no mail can tell is
        named to the person responsible, once for all of them: else nobody would know that their customers are late.
        """
        told = self.search([("company_id", "=", creditor.id), ("date", "=", date)]).user_id
        rows = self._late_customers(creditor, date)
        users = self.env["res.users"].browse(rows) - told
        unreached = {user: why for user in users if (why := self._why_unreached(user, creditor))}
        self._ask_about(creditor, {user: (len(rows[user.id]), why) for user, why in unreached.items()})
        users = users.filtered(lambda user: user not in unreached)
        standing = self._standing(
            [debtor for user in users for debtor, *_told in rows[user.id][:LONGEST]], creditor
        )
        users = users.filtered(
            lambda user: self._mailed(
                creditor.with_context(lang=user.lang), user, date, rows[user.id], standing
            )
        )
        return self.create(
            [
                {
                    "user_id": user.id,
                    "company_id": creditor.id,
                    "date": date,
                    "debtor_count": len(rows[user.id]),
                    "amount_overdue": sum(amount for _debtor, amount, _oldest in rows[user.id]),
                }
                for user in users
            ]
        )

    @api.model
    def _why_unreached(self, user, creditor):
        """Return why the mail cannot tell ``user``, in the creditor's language; nothing where it can."""
        env = words_of(creditor)
        if not user.active or user.share:
            return env._("has left")
        if creditor not in user.company_ids.root_id:
            return env._("does not work in %s", creditor.name)
        return "" if user.email else env._("has no e-mail address")

    @api.model
    def _ask_about(self, creditor, unreached):
        """Ask the person responsible whom to tell instead; one thing to do, while it is open.

        :param unreached: {sales person: (number of late customers, why it cannot be told)}
        """
        if not unreached:
            return
        env = words_of(creditor)
        lines = [
            labelled(env, user.name, f"{counted(env, 'debtor', count)}, {why}")
            for user, (count, why) in sorted(unreached.items(), key=lambda told: -told[1][0])
        ]
        summary = env._("Name another sales person: the mail about late customers does not reach this one")
        self.env["ir.cron"].with_company(creditor)._recovery_ask_about(creditor, "\n".join(lines), summary)

    @api.model
    def _late_customers(self, creditor, date):
        """Return {sales person's id: [(debtor, amount overdue, oldest due date)]}, the largest first: one query.

        A customer is its contact's sales person's, else that of its last invoice.
        """
        self.env.flush_all()
        self.env["recovery.plan.instalment"]._flush_covered()
        companies = self.env["res.company"].browse(creditor._recovery_branch_ids())
        found = {}
        with set_by_set(self.env.cr):
            rows = self.env.execute_query(self._late_sql(companies, date))
        for user_id, debtor_id, amount, oldest in rows:
            debtor = self.env["res.partner"].browse(debtor_id)
            found.setdefault(user_id, []).append((debtor, creditor.currency_id.round(float(amount)), oldest))
        return found

    @api.model
    def _late_sql(self, companies, date) -> SQL:
        """Return a query of (sales person's id, debtor's id, amount overdue, oldest due date), the largest first."""
        return SQL(
            """
                SELECT COALESCE(debtor.user_id, sold.invoice_user_id), late.partner_id,
                       SUM(late.amount_overdue) AS amount, MIN(late.date_oldest)
                  FROM (%(late)s) late
                  JOIN res_partner debtor ON debtor.id = late.partner_id
                  LEFT JOIN (
                       SELECT DISTINCT ON (move.commercial_partner_id)
                              move.commercial_partner_id AS partner_id, move.invoice_user_id
                         FROM account_move move
                        WHERE move.company_id = ANY(%(companies)s)
                          AND move.move_type = 'out_invoice' AND move.state = 'posted'
                        ORDER BY move.commercial_partner_id, move.invoice_date DESC, move.id DESC
                       ) sold ON sold.partner_id = late.partner_id
                 WHERE COALESCE(debtor.user_id, sold.invoice_user_id) IS NOT NULL
                 GROUP BY 1, 2
                 ORDER BY amount DESC, 2
                """,
            late=self.env["recovery.claim"]._by_debtor_sql(companies, date),
            companies=companies.ids,
        )

    @api.model
    def _mailed(self, creditor, user, *told):
        """Queue the mail of :meth:`_mail` and say whether that could be done: if not, somebody is asked about it."""
        try:
            with self.env.cr.savepoint():
                self._mail(creditor, user, *told)
        except psycopg2.OperationalError:  # a conflict with another transaction: the whole is tried again
            raise
        except Exception as error:
            _logger.exception("The digest of %s could not be made", user.login)
            summary = words_of(creditor)._("The mail about late customers could not be made: %s", user.name)
            self.env["ir.cron"]._recovery_ask_about(creditor, error, summary)
            return False
        return True

    @api.model
    def _mail(self, creditor, user, date, debtors, standing):
        """Queue the mail, in the language of the sales person; ``standing`` is what is agreed with its customers."""
        env = creditor.env
        shown = debtors[:LONGEST]
        promised, disputed, in_plan = standing
        body = env["ir.qweb"]._render(
            "payment_plan_recovery.sales_digest",
            {
                "user": user,
                "creditor": creditor,
                "count": len(debtors),
                "amount": sum(amount for _debtor, amount, _oldest in debtors),
                "more": len(debtors) - len(shown),
                "rows": [
                    {
                        "debtor": debtor.name,
                        "amount": amount,
                        "days": (date - oldest).days,
                        "promised": promised.get(debtor.id),
                        "disputed": debtor.id in disputed,
                        "in_plan": debtor.id in in_plan,
                    }
                    for debtor, amount, oldest in shown
                ],
            },
            lang=user.lang,
        )
        self.env["mail.mail"].create(
            {
                "subject": env._("Your customers who pay late: %s", len(debtors)),
                "body_html": body,
                "email_from": creditor.email_formatted or self.env.user.email_formatted,
                "email_to": user.email_formatted,
                "auto_delete": True,
            }
        )

    @api.model
    def _standing(self, debtors, creditor):
        """Return what is agreed with ``debtors``: {id: day promised}, ids of who disputes, and of who has a plan."""
        own = [
            ("partner_id", "in", [debtor.id for debtor in debtors]),
            ("company_id", "in", creditor._recovery_branch_ids()),
        ]
        promises = self.env["recovery.promise"].search([*own, ("state", "=", "open")])
        disputes = self.env["recovery.dispute"].search([*own, ("state", "=", "open")])
        plans = self.env["recovery.plan"].search([*own, ("state", "in", LIVE_STATES)])
        return (
            {promise.partner_id.id: promise.date_promised for promise in promises},
            set(disputes.partner_id.ids),
            set(plans.partner_id.ids),
        )
