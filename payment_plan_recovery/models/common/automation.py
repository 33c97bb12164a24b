"""Odoo's automation rules (`base_automation`, where it is installed) on records that a statement of SQL made."""


def automate_created(records):
    """Have rules see ``records`` as what ``create`` makes: in this transaction, which an action that fails undoes.

    They hear of records by ``create`` and ``write`` of the model alone.
    """
    rules = records.env.get("base.automation")
    if rules is None or not records:
        return
    # pylint: disable=import-outside-toplevel,odoo-addons-relative-import # there when its models are
    from odoo.addons.base_automation.models.base_automation import CREATE_TRIGGERS

    rules = rules._get_actions(records, CREATE_TRIGGERS)
    records = records.with_env(rules.env)
    for rule in rules.with_context(old_values=None):
        rule._process(rule._filter_post(records, feedback=True))
