from odoo import api, models


class ReportPlanOptions(models.AbstractModel):
    """Pages of the ways to pay that a debtor may choose from, nothing internal among them."""

    _name = "report.payment_plan_recovery.report_plan_options"
    _description = "Ways to pay"

    @api.model
    def _get_report_values(self, docids, data=None):
        plans = self.env["recovery.plan"].browse(docids)
        contents = plans._contents()
        return {
            "doc_ids": docids,
            "doc_model": plans._name,
            "pages": [self._page(contents[plan.id]) for plan in plans],
        }

    @api.model
    def _page(self, content):
        options = content.plan._offered_options()
        return {
            "content": content,
            "date": content.company._recovery_today(),
            "items": content.plan.item_ids._contents(),
            "answer_by": min((option.date_first for option in options), default=None),
        }
