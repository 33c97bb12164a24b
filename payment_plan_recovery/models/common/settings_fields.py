"""The settings of every room, in one place: each is a field of the company."""

from odoo import fields, models


class RecoverySettingsFields(models.AbstractModel):
    """What Odoo's settings and those of a Recovery manager show of a company."""

    _name = "recovery.settings.fields"
    _description = "Settings of Recovery"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")

    recovery_tz = fields.Selection(related="company_id.recovery_tz", readonly=False)

    # Dunning and plans
    recovery_plan_policy_id = fields.Many2one(related="company_id.recovery_plan_policy_id", readonly=False)
    recovery_dunning_policy_id = fields.Many2one(
        related="company_id.recovery_dunning_policy_id", readonly=False
    )
    recovery_account_ids = fields.Many2many(related="company_id.recovery_account_ids", readonly=False)
    recovery_contact_max = fields.Integer(related="company_id.recovery_contact_max", readonly=False)
    recovery_contact_window_days = fields.Integer(
        related="company_id.recovery_contact_window_days", readonly=False
    )
    recovery_contact_gap_days = fields.Integer(related="company_id.recovery_contact_gap_days", readonly=False)
    recovery_daily_run = fields.Selection(related="company_id.recovery_daily_run", readonly=False)
    recovery_dunning_user_id = fields.Many2one(related="company_id.recovery_dunning_user_id", readonly=False)
    recovery_discount_account_id = fields.Many2one(
        related="company_id.recovery_discount_account_id", readonly=False
    )

    # Sending
    recovery_quiet_channels = fields.Selection(related="company_id.recovery_quiet_channels", readonly=False)
    recovery_contact_from = fields.Float(related="company_id.recovery_contact_from", readonly=False)
    recovery_contact_until = fields.Float(related="company_id.recovery_contact_until", readonly=False)
    recovery_attachment_max = fields.Integer(related="company_id.recovery_attachment_max", readonly=False)
    recovery_confirm_promises = fields.Boolean(related="company_id.recovery_confirm_promises", readonly=False)
    recovery_thank_for_plans = fields.Boolean(related="company_id.recovery_thank_for_plans", readonly=False)
    recovery_mail_statements = fields.Boolean(related="company_id.recovery_mail_statements", readonly=False)
    recovery_sales_digest = fields.Boolean(related="company_id.recovery_sales_digest", readonly=False)
    recovery_envelope = fields.Selection(related="company_id.recovery_envelope", readonly=False)

    # Solvency and credit
    recovery_exposure_drafts = fields.Boolean(related="company_id.recovery_exposure_drafts", readonly=False)
    recovery_credit_user_id = fields.Many2one(related="company_id.recovery_credit_user_id", readonly=False)
    recovery_limit_alert = fields.Float(related="company_id.recovery_limit_alert", readonly=False)
    recovery_first_order_amount = fields.Monetary(
        related="company_id.recovery_first_order_amount", readonly=False
    )

    # Charges
    recovery_charge_since = fields.Date(related="company_id.recovery_charge_since", readonly=False)
    recovery_charge_law = fields.Selection(related="company_id.recovery_charge_law", readonly=False)
    recovery_residue_amount = fields.Monetary(related="company_id.recovery_residue_amount", readonly=False)
    recovery_charge_document = fields.Selection(related="company_id.recovery_charge_document", readonly=False)
    recovery_charge_journal_id = fields.Many2one(
        related="company_id.recovery_charge_journal_id", readonly=False
    )
    recovery_interest_product_id = fields.Many2one(
        related="company_id.recovery_interest_product_id", readonly=False
    )
    recovery_fee_product_id = fields.Many2one(related="company_id.recovery_fee_product_id", readonly=False)
    recovery_waiver_ceiling = fields.Monetary(related="company_id.recovery_waiver_ceiling", readonly=False)

    recovery_retention = fields.Boolean(related="company_id.recovery_retention", readonly=False)

    # Portal
    recovery_portal = fields.Boolean(related="company_id.recovery_portal", readonly=False)
    recovery_portal_link_days = fields.Integer(related="company_id.recovery_portal_link_days", readonly=False)
    recovery_portal_plans = fields.Boolean(related="company_id.recovery_portal_plans", readonly=False)
    recovery_portal_signatory_id = fields.Many2one(
        related="company_id.recovery_portal_signatory_id", readonly=False
    )
    recovery_portal_hold_days = fields.Integer(related="company_id.recovery_portal_hold_days", readonly=False)
    recovery_portal_minimum = fields.Monetary(related="company_id.recovery_portal_minimum", readonly=False)
    recovery_portal_promise_days = fields.Integer(
        related="company_id.recovery_portal_promise_days", readonly=False
    )

    # Cases
    recovery_waiting_rate = fields.Float(related="company_id.recovery_waiting_rate", readonly=False)
    recovery_limitation_law = fields.Selection(related="company_id.recovery_limitation_law", readonly=False)
    recovery_limitation_days = fields.Integer(related="company_id.recovery_limitation_days", readonly=False)
    recovery_write_off_account_id = fields.Many2one(
        related="company_id.recovery_write_off_account_id", readonly=False
    )
    recovery_write_off_ceiling = fields.Monetary(
        related="company_id.recovery_write_off_ceiling", readonly=False
    )
