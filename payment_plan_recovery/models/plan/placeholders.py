"""What a message about a plan may say."""

from odoo import api, models


class RecoveryPlaceholderOptions(models.AbstractModel):
    _name = "recovery.placeholder.options"
    _description = "{options}"
    _inherit = "recovery.placeholder"

    _code = "options"
    _sequence = 130
    _block = True

    @api.model
    def _label(self):
        return self.env._("Table of the ways to pay of a draft plan")

    @api.model
    def _value(self, content):
        return content.plan._options_table(content) if content.plan else ""


class RecoveryPlaceholderPlan(models.AbstractModel):
    _name = "recovery.placeholder.plan"
    _description = "{plan}"
    _inherit = "recovery.placeholder"

    _code = "plan"
    _sequence = 190

    @api.model
    def _label(self):
        return self.env._("Reference of the plan")

    @api.model
    def _value(self, content):
        return content.plan.name or ""


class RecoveryPlaceholderPlanTotal(models.AbstractModel):
    _name = "recovery.placeholder.plan.total"
    _description = "{plan_total}"
    _inherit = "recovery.placeholder"

    _code = "plan_total"
    _sequence = 200

    @api.model
    def _label(self):
        return self.env._("Amount the plan covers")

    @api.model
    def _value(self, content):
        return content.money(content.plan.amount_total, content.plan.currency_id)


class RecoveryPlaceholderPlanTotalWords(models.AbstractModel):
    _name = "recovery.placeholder.plan.total.words"
    _description = "{plan_total_words}"
    _inherit = "recovery.placeholder"

    _code = "plan_total_words"
    _sequence = 210

    @api.model
    def _label(self):
        return self.env._("Amount the plan covers, in words")

    @api.model
    def _value(self, content):
        return content.plan_total_words


class RecoveryPlaceholderCureDays(models.AbstractModel):
    _name = "recovery.placeholder.cure.days"
    _description = "{cure_days}"
    _inherit = "recovery.placeholder"

    _code = "cure_days"
    _sequence = 220
    _nouns = ("day",)

    @api.model
    def _label(self):
        return self.env._("Days to make up for a late instalment")

    @api.model
    def _value(self, content):
        return str(content.plan.cure_days)


class RecoveryPlaceholderPlanRemaining(models.AbstractModel):
    _name = "recovery.placeholder.plan.remaining"
    _description = "{plan_remaining}"
    _inherit = "recovery.placeholder"

    _code = "plan_remaining"
    _sequence = 230

    @api.model
    def _label(self):
        return self.env._("Amount of the plan still to pay")

    @api.model
    def _value(self, content):
        plan = content.plan
        return content.money(plan.amount_residual - plan.amount_waiting, plan.currency_id)
