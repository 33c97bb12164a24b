"""What the documents and messages about a plan say."""

from odoo import fields, models

from ..message.content import ClaimContent, Content


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _contents(self, today=None):
        """Return what is said about each plan, in its debtor's language: {plan id: Content}."""
        today = today or fields.Date.context_today(self)
        contents = {}
        for lang, plans in self.grouped(lambda plan: plan._language()).items():
            for plan in plans.with_context(lang=lang):
                following = plan.instalment_ids.filtered("amount_residual").sorted("date_due")[:1]
                contents[plan.id] = Content(
                    company=plan.company_id,
                    debtor=plan.partner_id,
                    contact=plan.partner_id,
                    # sudo: the collector's name, telephone and address are meant to be read by the debtor
                    responsible=plan.user_id.sudo().partner_id,
                    date=plan.date_proposed or today,
                    deadline=following.date_due,
                    next_payment={plan.currency_id: following.amount_residual} if following else {},
                    reference=plan.name or "",
                    claims=plan.instalment_ids._contents(today),
                    plan=plan,
                )
        return contents

    def _language(self):
        """Return the code of the debtor's language, the creditor's when the debtor's is not known."""
        return self.partner_id._recovery_lang(self.company_id)

    def _parts_of_the_debt(self):
        """Return the covered total as principal, interest and costs, which an agreement states apart.

        The plan covers invoices only, so that all of it is principal.
        """
        return {"principal": self.amount_total, "interest": 0.0, "costs": 0.0}

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


class RecoveryPlanItem(models.Model):
    _inherit = "recovery.plan.item"

    def _contents(self):
        """Return the covered items as an agreement lists them."""
        return [
            ClaimContent(
                number=item.move_line_id._recovery_number(),
                date=item.move_id.invoice_date or item.move_line_id.date,
                date_due=item.date_due,
                amount=item.move_line_id.amount_currency,
                received=item.currency_id.round(item.move_line_id.amount_currency - item.amount_covered),
                residual=item.amount_covered,
                currency=item.currency_id,
                days_late=0,
            )
            for item in self
        ]


class RecoveryPlanInstalment(models.Model):
    _inherit = "recovery.plan.instalment"

    def _recovery_number(self):
        """Return what the debtor knows the instalment by."""
        plan = self.plan_id.name or ""
        if not self.number:
            return self.env._("Down payment of %s", plan)
        return self.env._("Instalment %(number)s of %(plan)s", number=self.number, plan=plan)

    def _contents(self, today):
        """Return the instalments still to pay, as claims."""
        return [
            ClaimContent(
                number=instalment._recovery_number(),
                date=instalment.plan_id.date_accepted,
                date_due=instalment.date_due,
                amount=instalment.amount,
                received=instalment.amount_paid,
                residual=instalment.amount_residual,
                currency=instalment.currency_id,
                days_late=max((today - instalment.date_due).days, 0),
            )
            for instalment in self
            if instalment.amount_residual
        ]
