from . import controllers, models, report, wizard


def uninstall_hook(env):
    """Leave Odoo's own tables as they were.

    Items in live plans get their follow-up flags back. The addon's foreign keys go first, so that
    its records can be deleted in any order, whatever the addon was used for.
    """
    env["recovery.plan.item"].search([("is_live", "=", True)])._release()
    env["ir.model.constraint"].search(
        [("module.name", "=", "payment_plan_recovery"), ("type", "=", "f")]
    ).unlink()
