from odoo import api, fields, models
from odoo.tools import SQL


class RecoveryCreditGate(models.Model):
    """The gate through which documents of one debtor pass one after the other.

    Transactions run in REPEATABLE READ: one that merely waited for a lock would go on
    with the snapshot it took before, and not see what passed meanwhile. So each of them
    changes the debtor's row. Whoever comes second waits for the first and then either
    goes on (the first gave up) or is refused by the database as out of date, and
    Odoo runs the whole request again on a fresh snapshot.
    """

    _name = "recovery.credit.gate"
    _description = "Credit Gate"
    _inherit = ["recovery.once.of.debtor"]
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    passages = fields.Integer(help="How many times documents of the debtor went through.")

    _one_per_debtor = models.UniqueIndex("(partner_id, company_id)")

    @api.model
    def _pass(self, company, debtors):
        """Hold the gate of ``debtors`` until the transaction ends."""
        if not debtors:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recovery_credit_gate (partner_id, company_id, passages)
                SELECT id, %s, 1 FROM UNNEST(%s) AS id ORDER BY id
                    ON CONFLICT (partner_id, company_id)
                    DO UPDATE SET passages = recovery_credit_gate.passages + 1
                """,
                company.id,
                debtors.ids,
            )
        )
