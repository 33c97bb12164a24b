"""A company and its branches become one creditor: who reads what, and whose settings count."""

from odoo import SUPERUSER_ID, api

MODULE = "payment_plan_recovery"
#: Rules of what is kept at the creditor; they are read in its branches too, unless somebody changed them.
SHARED = {
    "rule_hold_company": "company_id",
    "rule_promise_company": "company_id",
    "rule_contact_company": "company_id",
    "rule_dunning_run_company": "company_id",
    "rule_dunning_run_line_company": "run_id.company_id",
    "rule_dunning_run_reason_company": "company_id",
    "rule_notice_company": "company_id",
    "rule_notice_line_company": "notice_id.company_id",
    "rule_mailing_company": "company_id",
    "rule_withheld_company": "company_id",
}
#: Rules that no longer decide about reading: one of their own does.
WRITING = ("rule_dunning_policy_company", "rule_dunning_level_company")


def migrate(cr, version):
    """Rewrite the rules that nobody changed, and give branches their creditor's settings."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, path in SHARED.items():
        rule = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if rule and rule.domain_force == f"[('{path}', 'in', company_ids)]":
            rule.domain_force = f"[('{path}', 'parent_of', company_ids)]"
    for name in WRITING:
        rule = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if rule:
            rule.perm_read = False
    _give_settings_to_branches(env)
    _give_envelopes_to_branches(env)


def _give_settings_to_branches(env):
    """A branch's own settings of dunning give way to its creditor's."""
    companies = env["res.company"].with_context(active_test=False)
    names = [name for name, field in companies._fields.items() if getattr(field, "of_creditor", False)]
    for creditor in companies.search([("parent_id", "=", False), ("child_ids", "!=", False)]):
        # All at once: Odoo refuses a branch that differs from its creditor in any of them.
        companies.search([("id", "child_of", creditor.id), ("parent_id", "!=", False)]).write(
            {name: companies._fields[name].convert_to_write(creditor[name], creditor) for name in names}
        )


def _give_envelopes_to_branches(env):
    """A branch without a country of its own had no window: it has its company's, unless somebody chose one."""
    companies = env["res.company"].with_context(active_test=False)
    branches = companies.search(
        [("parent_id", "!=", False), ("recovery_envelope", "=", "none")], order="id"
    ).filtered(lambda branch: not branch.country_id)
    env.add_to_compute(companies._fields["recovery_envelope"], branches)
    branches.flush_recordset(["recovery_envelope"])
