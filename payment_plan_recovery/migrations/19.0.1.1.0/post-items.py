"""Holds, promises and disputes name items of all branches of a creditor: who reads them, and what is asked online."""

from odoo import SUPERUSER_ID, api

MODULE = "payment_plan_recovery"
#: Rules that no longer decide about reading: one of their own does.
WRITING = ("rule_hold_company", "rule_promise_company", "rule_dispute_company")
#: Rules of what a branch did not read when it was kept at its creditor; those of holds and promises come with these.
SHARED = ("rule_dispute_company", "rule_request_company")


def migrate(cr, version):
    """Rewrite the rules that nobody changed."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in WRITING:
        rule = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if rule:
            rule.perm_read = False
    for name in SHARED:
        rule = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if rule and rule.domain_force == "[('company_id', 'in', company_ids)]":
            rule.domain_force = "[('company_id', 'parent_of', company_ids)]"
