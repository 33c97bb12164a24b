"""Figures of collecting in Odoo's periodic digest."""

from datetime import timedelta

from odoo import fields, models


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_recovery_received = fields.Boolean("Received after the due date")
    kpi_recovery_received_value = fields.Monetary(compute="_compute_kpi_recovery_received_value")
    kpi_recovery_overdue = fields.Boolean("Overdue at the end")
    kpi_recovery_overdue_value = fields.Monetary(compute="_compute_kpi_recovery_overdue_value")
    kpi_recovery_rate = fields.Boolean("Recovery rate (%)")
    kpi_recovery_rate_value = fields.Float(compute="_compute_kpi_recovery_rate_value")

    def _compute_kpi_recovery_received_value(self):
        for digest, figure in self._recovery_figures("time"):
            digest.kpi_recovery_received_value = figure.denominator

    def _compute_kpi_recovery_overdue_value(self):
        for digest, figure in self._recovery_figures("overdue"):
            digest.kpi_recovery_overdue_value = figure.numerator

    def _compute_kpi_recovery_rate_value(self):
        for digest, figure in self._recovery_figures("recovery_rate"):
            digest.kpi_recovery_rate_value = 100 * (figure.value or 0.0)

    def _recovery_figures(self, code):
        """Yield (digest, figure ``code`` of its company and period).

        :raise AccessError: the reader may read no figures: Odoo leaves them out of his digest
        """
        start, end, _companies = self._get_kpi_compute_parameters()
        since, until = fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(end)
        for digest in self:
            company = digest.company_id or self.env.company
            first = company._recovery_day(since)
            last = max(company._recovery_day(until - timedelta(seconds=1)), first)
            yield (
                digest,
                self.env["recovery.kpi"].with_company(company).figures(first, last, codes=[code])[None][code],
            )

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        action = "payment_plan_recovery.action_dashboard?menu_id=%s"
        menu = self.env.ref("account.menu_finance").id
        figures = ("kpi_recovery_received", "kpi_recovery_overdue", "kpi_recovery_rate")
        return {**actions, **dict.fromkeys(figures, action % menu)}
