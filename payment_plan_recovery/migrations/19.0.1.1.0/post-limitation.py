"""Warnings of limitation stand on invoices: what is to be done on a contact every employee reads."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Move those that are open to the debtor's claim that is barred first; without any there is nothing to do."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    warning = env.ref("payment_plan_recovery.mail_activity_limitation", raise_if_not_found=False)
    if not warning:
        return
    warning.res_model = "account.move"
    on_contacts = env["mail.activity"].search(
        [("activity_type_id", "=", warning.id), ("res_model", "=", "res.partner")]
    )
    invoices = env["ir.model"]._get_id("account.move")
    barred = env["recovery.limitation"].search([("partner_id", "in", on_contacts.mapped("res_id"))])
    claims = barred.grouped(lambda claim: claim.partner_id.id)
    for debtor_id, activities in on_contacts.grouped("res_id").items():
        if debtor_id in claims:
            activities.write({"res_model_id": invoices, "res_id": claims[debtor_id][0].move_id.id})
        else:
            activities.unlink()
