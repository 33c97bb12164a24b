"""Rules, rates and fixed sums are declared once and asked for with every page: what they come to is remembered.

Odoo's accounts, journals, payment terms and currencies are not: they are read anew each time, in one statement.
"""

from odoo import api, models
from odoo.tools import ormcache

from ...tools.money import to_decimal

#: Marks a transaction that changed what is declared: it is read as it stands there, and nothing of it is remembered.
CHANGED = "recovery.declared.changed"


class RecoveryDeclared(models.AbstractModel):
    """Base of what is declared about late charges: what was remembered is forgotten with every change."""

    _name = "recovery.declared"
    _description = "Declared for Late Charges"

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_declared()
        return super().create(vals_list)

    def write(self, vals):
        self._forget_declared()
        return super().write(vals)

    def unlink(self):
        self._forget_declared()
        return super().unlink()

    @api.model
    def _forget_declared(self):
        """Forget now, and once more when the change is there for all: another transaction may have read meanwhile."""
        cr = self.env.cr
        if CHANGED not in cr.cache:
            cr.cache[CHANGED] = True
            cr.postcommit.add(self._declared_is_committed)
        self.env.registry.clear_cache()

    def _declared_is_committed(self):
        self.env.cr.cache.pop(CHANGED, None)
        self.env.registry.clear_cache()


class RecoveryChargeDeclared(models.AbstractModel):
    _name = "recovery.charge.declared"
    _description = "What is Declared for Late Charges"

    @api.model
    def _declared(self, company_ids):
        """Return which rules are declared for companies.

        :return: {(company id, country id or 0, is company): rule id} and the ids of contract's clauses
        """
        find = self._find_declared if CHANGED in self.env.cr.cache else self._remember_declared
        return find(company_ids)

    @ormcache("company_ids")
    def _remember_declared(self, company_ids):
        return self._find_declared(company_ids)

    def _find_declared(self, company_ids):
        # sudo: what is owed depends on the declared rules, not on who may open their form
        declared = self.env["recovery.interest.rule"].sudo().with_context(active_test=True)
        choice = {
            (company.id, country_id, is_company): rule.id
            for company in self.env["res.company"].sudo().browse(company_ids)
            for (country_id, is_company), rule in declared._choice(company).items()
        }
        # a contract keeps its clause when the clause is no longer offered
        clauses = declared.with_context(active_test=False).search([("is_contract", "=", True)])
        return choice, frozenset(clauses.ids)

    @api.model
    def _declared_rule(self, rule_id):
        """Return (the kernel's rule, its rates or None, the kernel's fixed sum, further facts) of a rule.

        :raise ValidationError: it is declared wrong
        """
        find = self._find_rule if CHANGED in self.env.cr.cache else self._remember_rule
        return find(rule_id)

    @ormcache("rule_id")
    def _remember_rule(self, rule_id):
        return self._find_rule(rule_id)

    def _find_rule(self, rule_id):
        # sudo: as above
        rule = self.env["recovery.interest.rule"].sudo().browse(rule_id)
        return rule._kernel(), rule._rate_table(), rule.fee_id._kernel(), self._facts_of_rule(rule)

    @api.model
    def _facts_of_rule(self, rule):
        """Return what a rule says besides, by the names of :class:`~.pricing.PricedRule`."""
        return {
            "fee_id": rule.fee_id.id,
            "fee_currency_id": rule.fee_id.currency_id.id,
            "start": rule.start,
            "fee_start": rule.fee_start,
            "fee_basis": rule.fee_basis,
            "fee_since": rule.fee_since or None,
            "fee_rest_min": to_decimal(rule.fee_rest_min),
            "due_on_working_day": rule.due_on_working_day,
            "grace_days": rule.grace_days,
            "post_days": rule.post_days,
            "judgment_months": rule.judgment_months,
        }
