"""The monthly account statement of a plan, mailed to the debtor while the plan is in force."""

from odoo import api, fields, models

from .plan import LIVE_STATES

#: Plans whose statement is printed and mailed between two commits of the monthly job.
BATCH_SIZE = 20


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    date_statement = fields.Date(
        string="Last statement",
        readonly=True,
        copy=False,
        protected=True,
        help="Day of the last monthly statement; one is made each month.",
    )

    @api.model
    def _without_statement(self, date, companies=None):
        """Return the plans in force since before the month of ``date`` whose statement of it is not made.

        Of all companies, or of ``companies``.
        """
        month = date.replace(day=1)
        return self.search(
            [
                *([("company_id", "in", companies.ids)] if companies is not None else ()),
                ("company_id.recovery_mail_statements", "=", True),
                ("state", "in", LIVE_STATES),
                ("date_activated", "<", month),
                "|",
                ("date_statement", "=", False),
                ("date_statement", "<", month),
            ],
            order="id",
        )

    def _mail_statements_due(self, date):
        """Mail those of the plans' statements of the month of ``date`` that are not made yet."""
        month = date.replace(day=1)
        self.filtered(
            lambda plan: (
                plan.state in LIVE_STATES and not (plan.date_statement and plan.date_statement >= month)
            )
        )._mail_statements(date)

    def _mail_statements(self, date):
        """Mail each plan's account up to ``date``; a debtor that no mail reaches is asked again next month."""
        contents = self._contents(date)
        self.env["recovery.message"]._mail_occasion(
            "plan_statement",
            {plan: contents[plan.id] for plan in self},
            lambda plans: plans._statement_attachments(date),
        )
        self.sudo().date_statement = date  # sudo: protected from clients; only the scheduled job comes here

    def _statement_attachments(self, date):
        """Return each plan's account up to ``date`` as a PDF attached to the plan: {plan: attachment}."""
        return self._document_attachments(
            "payment_plan_recovery.report_plan_statement",
            {plan: plan._statement_file_name(date) for plan in self},
            data={"date": date.isoformat()},
        )

    def _statement_file_name(self, date):
        return self._in_debtor_s_language().env._(
            "Statement %(plan)s %(date)s.pdf", plan=self.name.replace("/", "-"), date=date.isoformat()
        )

    @api.model
    def _cron_mail_statements(self):
        """Mail this month's statements, a batch at a time; stopped half-way, it finds what is left by itself."""
        due = [
            (self._without_statement(date, companies).ids, {"date": date})
            for date, companies in self.env["res.company"]._recovery_by_day().items()
        ]
        self.env["recovery.dispatch"]._dispatch(self._name, "_mail_statements_due", due, BATCH_SIZE)
