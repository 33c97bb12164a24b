"""A branch reads the cards, agencies, ratings, accounts and credit rules of the company it belongs to."""

from odoo import SUPERUSER_ID, api

OLD = "[('%s', 'in', company_ids + [False])]"
NEW = "['|', ('%s', '=', False), ('%s', 'parent_of', company_ids)]"
#: Record rules that were not to be overwritten, and the field that says whose a record is.
RULES = {
    "rule_scorecard_company": "company_id",
    "rule_scorecard_class_company": "scorecard_id.company_id",
    "rule_scorecard_limit_part_company": "scorecard_id.company_id",
    "rule_scorecard_criterion_company": "scorecard_id.company_id",
    "rule_scorecard_band_company": "criterion_id.scorecard_id.company_id",
    "rule_scorecard_answer_company": "criterion_id.scorecard_id.company_id",
    "rule_rating_provider_company": "company_id",
    "rule_rating_company": "company_id",
    "rule_financial_statement_company": "company_id",
    "rule_credit_rule_company": "company_id",
}


def migrate(cr, version):
    """Widen the rules for reading that nobody changed; those for changes are new records."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, field in RULES.items():
        rule = env.ref(f"payment_plan_recovery.{name}", raise_if_not_found=False)
        if rule and rule.domain_force == OLD % field:
            rule.write(
                {
                    "domain_force": NEW % (field, field),
                    "perm_write": False,
                    "perm_create": False,
                    "perm_unlink": False,
                }
            )
