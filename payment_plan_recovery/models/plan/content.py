"""What the documents and messages about a plan say."""

from odoo import models

from ..message.content import Content


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _contents(self, today=None):
        """Return what is said about each plan, in its debtor's language: {plan id: Content}."""
        contents, covered = {}, self._covered_instalments(today)
        for lang, plans in self.grouped(lambda plan: plan._language()).items():
            for plan in plans.with_context(lang=lang):
                date = today or plan.company_id._recovery_today()
                claims = plan.instalment_ids._contents(date, covered)
                following = min(claims, key=lambda claim: claim.date_due, default=None)
                contents[plan.id] = Content(
                    company=plan.company_id,
                    debtor=plan.partner_id,
                    contact=plan.partner_id,
                    # sudo: the collector's name, telephone and address are meant to be read by the debtor
                    responsible=plan.user_id.sudo().partner_id,
                    date=plan.date_proposed or date,
                    deadline=following and following.date_due,
                    next_payment={plan.currency_id: following.residual} if following else {},
                    reference=plan.name or "",
                    claims=claims,
                    plan=plan,
                )
        return contents

    def _language(self):
        """Return the code of the debtor's language, the creditor's when the debtor's is not known."""
        return self.partner_id._recovery_lang(self.company_id)

    def _parts_of_the_debt(self):
        """Return the covered total as principal, interest and costs, which an agreement states apart.

        ``words`` says of interest and of costs what becomes of those that the plan does not cover.
        """
        # The charges are of a room below, which knows which of the covered invoices bill them.
        covered = self._charges_covered()
        principal = self.currency_id.round(self.amount_total - sum(covered.values()))
        return {"principal": principal, **covered, "words": self._charges_in_words()}

    def _schedule_rows(self):
        """Return the schedule as printed: what remains to pay after each instalment."""
        rows, remaining = [], self.amount_total
        for instalment in self.instalment_ids:
            remaining = self.currency_id.round(remaining - instalment.amount)
            rows.append(
                {
                    "number": instalment.number,
                    "date": instalment.date_due,
                    "amount": instalment.amount,
                    "remaining": remaining,
                }
            )
        return rows
