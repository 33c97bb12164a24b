"""Pages of the statement of account and of the plan statement."""

from odoo import api, fields, models

from ...models.common.labelled import labelled


class ReportStatement(models.AbstractModel):
    """Pages of the statement of account: everything a debtor owes the current company and its branches, by age."""

    _name = "report.payment_plan_recovery.report_statement"
    _description = "Statement of account"

    @api.model
    def _get_report_values(self, docids, data=None):
        debtors = self.env["res.partner"].browse(docids)
        (debtors | debtors.commercial_partner_id).check_access("read")
        self.env["recovery.claim"].check_access("read")
        company = self.env.company  # one of the user's
        today = company._recovery_today()
        # sudo: the account is with the creditor, and a debtor is not told of one branch's part as if it were all
        accounts = debtors.commercial_partner_id.sudo()
        pages = {debtor.id: debtor._recovery_content(company.sudo(), today) for debtor in accounts}
        accounts._state_charges(pages)
        return {"doc_ids": docids, "doc_model": debtors._name, "pages": list(pages.values())}


class ReportPlanStatement(models.AbstractModel):
    """Pages of the plan statement: what fell due, what came in, what remains."""

    _name = "report.payment_plan_recovery.report_plan_statement"
    _description = "Plan statement"

    @api.model
    def _get_report_values(self, docids, data=None):
        plans = self.env["recovery.plan"].browse(docids)
        today = fields.Date.to_date((data or {}).get("date")) or self.env.company._recovery_today()
        contents, lines = plans._contents(today), {}
        for lang, alike in plans.grouped(lambda plan: plan._language()).items():
            lines.update(alike.with_context(lang=lang)._statement_lines(today))
        return {
            "doc_ids": docids,
            "doc_model": plans._name,
            "pages": [self._page(contents[plan.id], today, lines[plan]) for plan in plans],
        }

    @api.model
    def _page(self, content, today, lines):
        return {"content": content, "date": today, "lines": lines}


class ReportEvidence(models.AbstractModel):
    """Pages of the evidence of sending: what was sent, when, how, and what shows it."""

    _name = "report.payment_plan_recovery.report_evidence"
    _description = "Evidence of sending"

    @api.model
    def _get_report_values(self, docids, data=None):
        notices = self.env["recovery.notice"].browse(docids)._as_printed()
        # in the language of the file, not in each debtor's: its dates and amounts are read side by side
        contents = notices._contents_in_language()
        return {
            "doc_ids": docids,
            "doc_model": notices._name,
            "pages": [
                {
                    "notice": notice,
                    "content": contents[notice.id],
                    "words": notice._words_sent(),
                    "history": self._history(notice),
                }
                for notice in notices
            ],
        }

    @api.model
    def _history(self, notice):
        """Return (entry, what it says) of what was noted on the notice, in words also where only a status changed."""
        told = []
        for entry in notice.message_ids.sorted("id"):
            # sudo: what changed stands in the history that whoever prints may read
            changes = [
                labelled(
                    self.env,
                    change.field_id.field_description,
                    f"{change.old_value_char or ''} → {change.new_value_char or ''}",
                )
                for change in entry.sudo().tracking_value_ids
            ]
            what = entry.preview or entry.subject or "; ".join(changes)
            if what:
                told.append((entry, what))
        return told
