"""What happens to covered items in the ledger otherwise than by a payment, told on their plans."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .plan import SIGNED_STATES

#: Journals that money comes in by.
MONEY = ("bank", "cash", "credit")


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._recovery_followed().filtered(
            lambda partial: partial.credit_move_id.journal_id.type not in MONEY
        )._recovery_tell_plans(
            lambda env, amount, entry: env._(
                "%(amount)s less to pay, not by a payment: %(entry)s. It counts for the oldest instalments.",
                amount=amount,
                entry=entry,
            )
        )
        return partials

    def unlink(self):
        self._recovery_followed()._recovery_tell_plans(
            lambda env, amount, entry: env._(
                "%(amount)s taken back: %(entry)s is no longer set against a covered item.",
                amount=amount,
                entry=entry,
            )
        )
        return super().unlink()

    def _recovery_followed(self):
        """Return the reconciliations of items whose plan follows them."""
        # The history of a plan is written whoever reconciles, who may have no right to read it.
        return self.sudo().filtered(
            lambda partial: any(partial.debit_move_id.recovery_item_ids.mapped("is_followed"))
        )

    def _recovery_tell_plans(self, wording):
        """Write each reconciliation in the history of its plan, in the plan's currency."""
        bodies = {}
        for partial in self:
            plan = partial.debit_move_id.recovery_item_ids.filtered("is_followed").plan_id[:1]
            amount = formatLang(
                self.env, partial.debit_amount_currency, currency_obj=partial.debit_currency_id
            )
            entry = partial.credit_move_id.move_id._get_html_link()
            bodies.setdefault(plan, []).append(wording(self.env, amount, entry))
        for plan, texts in bodies.items():
            for text in texts:
                plan._message_log(body=text)


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Take plans along to the partner that stays, who must be the one that owes."""
        # Whoever may merge contacts may not read plans, and still must not leave one without its debtor.
        plans = self.env["recovery.plan"].sudo().search([("partner_id", "in", src_partners.ids)])
        if dst_partner != dst_partner.commercial_partner_id and plans.filtered(
            lambda plan: plan.state in SIGNED_STATES
        ):
            raise UserError(
                self.env._(
                    "%(contact)s is a contact of %(company)s, and %(plans)s is agreed with the other one. "
                    "Merge into %(company)s instead.",
                    contact=dst_partner.display_name,
                    company=dst_partner.commercial_partner_id.display_name,
                    plans=", ".join(plans.mapped("display_name")),
                )
            )
        names = {plan: plan.partner_id.display_name for plan in plans}
        result = super()._update_foreign_keys(src_partners, dst_partner)
        plans.invalidate_recordset(["partner_id"])
        for plan, name in names.items():
            plan._message_log(
                body=self.env._(
                    "The debtor %(former)s was merged into %(partner)s.",
                    former=name,
                    partner=dst_partner.display_name,
                )
            )
        return result
