"""French small claims: the debtor's agreement suspends limitation, the officer's invitation does not (CPCE L125-1)."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Take the effect on limitation from the steps that have none, and what they noted from the claims."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    found = (
        env.ref(f"payment_plan_recovery.step_fr_small_{name}", raise_if_not_found=False)
        for name in ("invite", "answer")
    )
    steps = env["recovery.procedure.step"].union(*filter(None, found))
    steps = steps.filtered(lambda step: step.limitation_event == "small_claims")
    steps.write({"limitation_event": False, "limitation_ends": False})
    env["recovery.limitation.event"].search(
        [("kind", "=", "small_claims"), ("step_id.procedure_step_id", "in", steps.ids)]
    ).unlink()
