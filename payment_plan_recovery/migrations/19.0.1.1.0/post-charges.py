"""Shipped rules learn what their law says of due dates on days off, part payments and claims of one notice."""

from odoo import SUPERUSER_ID, api

#: Rule → what its law says; a value that somebody changed stays.
LEARNT = {
    "rule_fr_b2b": {"allocation": "interest_apart"},
    "rule_fr_b2c": {"allocation": "interest_apart"},
    "rule_de_b2b": {"due_on_working_day": True},
    "rule_de_b2c": {"due_on_working_day": True},
    "rule_nl_b2c": {"fee_basis": "notice"},
}


def migrate(cr, version):
    """Write them where the rule still says what it was shipped with, or nothing yet."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, values in LEARNT.items():
        rule = env.ref(f"payment_plan_recovery.{name}", raise_if_not_found=False)
        if rule and rule.allocation == "interest_first":
            rule.write(values)
