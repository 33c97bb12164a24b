"""Leave asked for: a document that the credit rules hold up passes once somebody said so."""

from odoo import fields, models

from ..common.company_words import in_words_of_company


class RecoveryCreditApproval(models.AbstractModel):
    _name = "recovery.credit.approval"
    _description = "Approval of a Document that Gives Credit"

    def _credit_request_values(self):
        """What a request for approval keeps of the document."""
        self.ensure_one()
        judged = self._credit_foreseen()
        return {
            "partner_id": self._credit_debtor().id,
            "company_id": self.company_id.id,
            "amount": self._credit_amount(),
            "figures": in_words_of_company(self)._credit_figures(judged) if judged else "",
        }

    def action_ask_credit_approval(self):
        """Open a request to let the document pass once."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for credit approval"),
            "res_model": "recovery.credit.override",
            "views": [(self.env.ref("payment_plan_recovery.view_credit_override_request").id, "form")],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    # What follows

    def _credit_use_approvals(self):
        """Use up the approvals of the documents; return the documents that have none."""
        waiting = self.browse()
        approved = self._credit_requests(("approved",))
        for document in self:
            override = approved.get(document)
            if override:
                override.write({"state": "used", "date_used": fields.Datetime.now()})
                words = in_words_of_company(override).env
                override.message_post(body=words._("Used for %s.", document.display_name))
            else:
                waiting |= document
        return waiting

    def _credit_requests(self, states):
        """The requests in ``states`` that cover the documents as they are, debtor and amount, by document."""
        overrides = self.env["recovery.credit.override"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("state", "in", states)]
        )
        by_document = overrides.grouped("res_id")
        found = {}
        for document in self.filtered(lambda document: document._origin.id in by_document):
            override, currency = by_document[document._origin.id][:1], document.company_id.currency_id
            same = (
                override.partner_id == document._credit_debtor()
                and override.company_id == document.company_id
            )
            if same and currency.compare_amounts(document._credit_amount(), override.amount) <= 0:
                found[document] = override
        return found
