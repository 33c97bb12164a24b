"""What is written to debtors about payments that are taken by themselves."""

from odoo import fields, models


class RecoveryMessage(models.Model):
    _inherit = "recovery.message"

    occasion = fields.Selection(
        selection_add=[
            ("autopay_announced", "Instalment will be taken"),
            ("autopay_ended", "Instalments will not be taken: the plan ended"),
            ("autopay_failed", "Instalment could not be taken"),
            ("autopay_given_up", "Instalment could not be taken, nor the second time"),
            ("autopay_stopped", "Instalment will not be taken: automatic payment was stopped"),
        ]
    )
