"""Shipped rules learn what their law says: due dates on days off, part payments, claims of one notice, since when."""

from lxml import etree
from odoo import SUPERUSER_ID, api
from odoo.tools import file_open

#: Files that say since when a rule's fixed sum is law.
DECLARED = ("interest_rule.xml", "interest_rule_europe.xml")

#: Rule → what its law says; a value that somebody changed stays.
LEARNT = {
    "rule_fr_b2b": {"allocation": "interest_apart"},
    "rule_fr_b2c": {"allocation": "interest_apart"},
    "rule_de_b2b": {"due_on_working_day": True},
    "rule_de_b2c": {"due_on_working_day": True},
    "rule_ch": {"due_on_working_day": True, "to_verify": True, "checked_on": False},
    "rule_pl_b2b": {"due_on_working_day": True},
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
    _learn_since(env)


def _learn_since(env):
    """Write since when the fixed sums of shipped rules are law, where nobody has said so."""
    for name in DECLARED:
        with file_open(f"payment_plan_recovery/data/charge/{name}", "rb") as declared:
            records = etree.parse(declared).xpath("/odoo/record[field[@name='fee_since']]")
            days = {record.get("id"): record.findtext("field[@name='fee_since']") for record in records}
        for rule_name, day in days.items():
            rule = env.ref(f"payment_plan_recovery.{rule_name}", raise_if_not_found=False)
            if rule and rule.fee_id and not rule.fee_since:
                rule.fee_since = day
