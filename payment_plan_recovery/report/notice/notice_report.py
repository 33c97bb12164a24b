from odoo import api, models

#: Sections of the formal notice that follow the means of payment, in their order.
AFTER_PAYMENT = ("consequences", "mediation", "dispute", "data")


class ReportLetter(models.AbstractModel):
    """Pages of the reminder letter: what each notice says, and its words."""

    _name = "report.payment_plan_recovery.report_letter"
    _description = "Reminder letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        notices = self.env["recovery.notice"].browse(docids)._as_printed()
        return {"doc_ids": docids, "doc_model": notices._name, "pages": self._pages(notices)}

    @api.model
    def _pages(self, notices):
        contents, messages = notices._contents(), notices._messages()
        pages = []
        for notice in notices:
            content, message = contents[notice.id], messages.get(notice)
            words = {
                name: message._render(name, content) if message else ""
                for name in ("subject", "letter", "closing")
            }
            pages.append({"notice": notice, "content": content, **words})
        return pages


class ReportFormalNotice(models.AbstractModel):
    """Pages of the formal notice: the letter's, the clauses and the reminders that went before."""

    _name = "report.payment_plan_recovery.report_formal_notice"
    _inherit = "report.payment_plan_recovery.report_letter"
    _description = "Formal notice"

    @api.model
    def _pages(self, notices):
        clauses = self.env["recovery.clause"]._of("formal_notice")
        history = notices._earlier()
        pages = []
        for page in super()._pages(notices):
            texts = clauses._texts(page["content"])
            pages.append(
                {
                    **page,
                    "clauses": texts,
                    "sections": [section for section in AFTER_PAYMENT if texts.get(section)],
                    "history": history[page["notice"]],
                }
            )
        return pages
