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

    # -- for other programs ------------------------------------------------------------------------

    @api.readonly
    def recovery_explain(self) -> list[dict]:
        """Say of each debtor what it owes the current company, why each claim is chased or not, and what to do next.

        Of what the caller may read, as plain values: an answer to a program (docs/api.md). Judged by the company's
        today.

        :return: one dictionary a partner, in their order, about its commercial entity
        :raise AccessError: no right to read what is owed
        """
        claims = self.env["recovery.claim"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ]
        )
        judged = claims._judging_run(self.env.company._recovery_creditor())._judge(claims) if claims else {}
        today = self.env.company._recovery_today()
        by_debtor = claims.grouped("partner_id")
        advice = self._recovery_advice()
        return [
            {
                "id": debtor.id,
                "name": debtor.display_name,
                "date": today,
                "currency": debtor.currency_id.name,
                "owed": debtor.recovery_claim_amount,
                "overdue": debtor.recovery_overdue,
                "on_hold": debtor.recovery_on_hold,
                "next_action": advice.get(debtor, False),
                "claims": [
                    claim._explained(judged[claim.id])
                    for claim in by_debtor.get(debtor, ())
                    if claim.id in judged
                ],
            }
            for debtor in (partner.commercial_partner_id for partner in self)
        ]

    def _recovery_advice(self):
        """Return {debtor: what the worklist advises}, as far as the user may see the list."""
        worklist = self.env["recovery.worklist"]
        if not worklist.has_access("read"):
            return {}
        rows = worklist.search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "open"),
            ]
        )
        return {row.partner_id: row.advice for row in rows}

    # -- screens -----------------------------------------------------------------------------------

    def action_recovery_page(self):
        """Open the debtor's page."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.commercial_partner_id.id,
            "views": [(self.env.ref("payment_plan_recovery.view_debtor_form").id, "form")],
        }
