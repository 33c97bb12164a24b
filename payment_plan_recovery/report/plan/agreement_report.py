from odoo import api, models

from ...models.message.clause import SECTIONS

#: Sections the template places itself; the others follow each other after the means of payment.
PLACED = {"cause", "acknowledgment", "schedule", "payment", "originals"}


class ReportAgreement(models.AbstractModel):
    """Pages of the instalment agreement."""

    _name = "report.payment_plan_recovery.report_agreement"
    _description = "Instalment agreement"

    @api.model
    def _get_report_values(self, docids, data=None):
        plans = self.env["recovery.plan"].browse(docids)
        clauses = self.env["recovery.clause"]._of("agreement")
        contents = plans._contents()
        return {
            "doc_ids": docids,
            "doc_model": plans._name,
            "pages": [self._page(contents[plan.id], clauses) for plan in plans],
        }

    @api.model
    def _page(self, content, clauses):
        plan = content.plan
        texts = clauses._texts(content)
        if not plan.acceleration_clause:
            texts.pop("acceleration", None)
        return {
            "content": content,
            "clauses": texts,
            "sections": [
                section
                for section, _name in SECTIONS["agreement"]
                if section not in PLACED and texts.get(section)
            ],
            "items": plan.item_ids._contents(),
            "parts": plan._parts_of_the_debt(),
            "schedule": plan._schedule_rows(),
            "note": plan.note,
            "revision": self._revision(plan),
        }

    @api.model
    def _revision(self, plan):
        """Return what a revision says of the agreement it takes the place of; nothing for a first plan."""
        if not plan.previous_id:
            return None
        return {
            "previous": plan.previous_id,
            "reason": plan.revision_reason,
            "schedule": plan._schedule_before(),
            "paid": plan._paid_before(),
            "changes": plan._changes(),
        }
