from . import controllers, models, report, wizard


def uninstall_hook(env):
    """Leave Odoo's own tables as they were: give back the follow-up flags of items in live plans."""
    env["recovery.plan.item"].search([("is_live", "=", True)])._release()
