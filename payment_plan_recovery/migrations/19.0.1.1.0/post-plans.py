"""Plans span the branches of a creditor: who reads them, and the credit notes of their discounts.

What is taken automatically is announced before plans are followed up and reminders made. An offer goes to who
represents the debtor.
"""

from odoo import SUPERUSER_ID, api

MODULE = "payment_plan_recovery"
#: Rules that no longer decide about reading: one of their own does.
WRITING = (
    "rule_plan_company",
    "rule_plan_item_company",
    "rule_plan_instalment_company",
    "rule_plan_option_company",
    "rule_plan_allocation_company",
    "rule_plan_policy_company",
    "rule_autopay_company",
    "rule_signature_company",
)
#: What the rule of covered items said of the plan's company, which was theirs, and the rule of claims.
CHANGED = {
    "rule_plan_item_company": "[('plan_id.company_id', 'in', company_ids)]",
    "rule_claim_company": "user._recovery_of_plans(company_ids)",
}
#: Priority of a scheduled job that was shipped without one.
UNSAID = 5
#: To whom the shipped offer went, and goes.
OFFERED_TO, OFFERED_NOW = "{{ object.partner_id.id }}", "{{ object._addressee().id }}"
OLD = "[('company_id', 'in', company_ids)]"


def migrate(cr, version):
    """Rewrite the rules that nobody changed; a plan has a list of credit notes where it had one."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in WRITING:
        rule = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if rule:
            rule.perm_read = False
    for name, domain in CHANGED.items():
        rule = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if rule and rule.domain_force == OLD:
            rule.domain_force = domain
    autopay = env.ref(f"{MODULE}.cron_autopay", raise_if_not_found=False)
    if autopay and autopay.priority == UNSAID:
        autopay.priority = 4
    offer = env.ref(f"{MODULE}.mail_template_plan_offer", raise_if_not_found=False)
    if offer and offer.partner_to == OFFERED_TO:
        offer.write({"partner_to": OFFERED_NOW, "use_default_to": False})
    cr.execute(
        """
        INSERT INTO recovery_plan_discount_rel (recovery_plan_id, account_move_id)
        SELECT id, discount_move_id FROM recovery_plan WHERE discount_move_id IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )
