"""The debtor's page: everything a collector has to know on the phone."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..solvency.res_partner import READERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_expected_30 = fields.Monetary(
        string="Expected within 30 days",
        compute="_compute_recovery_expected",
        currency_field="currency_id",
        groups=READERS,
        help="What last night's forecast expects of the open items within 30 days: each times its chance.",
    )
    recovery_date_expected = fields.Date(
        string="Next payment expected on",
        compute="_compute_recovery_expected",
        groups=READERS,
        help="First day by which the forecast holds a payment as likely as not.",
    )
    recovery_forecast_ids = fields.One2many(
        "recovery.forecast.line",
        "partner_id",
        string="Expected payments",
        groups=READERS,
        help="What last night's forecast expects of each open item.",
    )
    recovery_promise_ids = fields.One2many(
        "recovery.promise", "partner_id", string="Promises", groups=READERS, help="What the debtor promised."
    )
    recovery_hold_ids = fields.One2many(
        "recovery.hold",
        "partner_id",
        string="Holds and disputes",
        groups=READERS,
        help="Why it was not chased.",
    )
    recovery_notice_ids = fields.One2many(
        "recovery.notice",
        "partner_id",
        string="Notices",
        groups=READERS,
        help="What was written to the debtor.",
    )
    recovery_contact_ids = fields.One2many(
        "recovery.contact",
        "partner_id",
        string="Interactions",
        groups=READERS,
        help="Calls, mails and visits.",
    )

    @api.depends_context("company")
    def _compute_recovery_expected(self):
        company = self.env.company
        found = self._recovery_told_by_debtor(
            self.env["recovery.forecast.line"]._expected_by_debtor_sql(company),
            SQL("amount_expected, date_expected"),
        )
        for partner in self:
            amount, day = found.get(partner.commercial_partner_id.id, (0.0, False))
            partner.recovery_expected_30 = company.currency_id.round(amount)
            partner.recovery_date_expected = day

    def action_recovery_page(self):
        """Open the debtor's page."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.commercial_partner_id.id,
            "views": [(self.env.ref("payment_plan_recovery.view_debtor_form").id, "form")],
        }
