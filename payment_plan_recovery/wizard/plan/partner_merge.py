"""Merging contacts: what is kept about the debtor goes along to the one that stays."""

from odoo import api, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from psycopg2.errors import ForeignKeyViolation, RestrictViolation

from ...models.common.company_words import in_words_of_company
from ...models.common.guarded_fields import as_action
from ...models.plan.approval import MANAGERS
from ...models.plan.plan import SIGNED_STATES


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge contacts; what somebody else wrote about one of them meanwhile, a run its notice, has it done again."""
        try:
            return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        except (ForeignKeyViolation, RestrictViolation) as error:
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Take plans along to the partner that stays, who must be the one that owes."""
        self._recovery_require_same_credit(src_partners | dst_partner)
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
        change = self.env["recovery.debtor.change"]
        foreseen = change._foresee(src_partners)
        change._make_room(src_partners, dst_partner)
        names = {plan: plan.partner_id.display_name for plan in plans}
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        change._carry_out(foreseen, dst_partner)
        for plan, name in names.items():
            plan._message_log(
                body=in_words_of_company(plan).env._(
                    "The debtor %(former)s was merged into %(partner)s.",
                    former=name,
                    partner=dst_partner.display_name,
                )
            )
        return result

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Fill the one that stays with what the others had, of who owes too: no client says it of a contact here."""
        return super()._update_values(src_partners, as_action(dst_partner))

    @api.model
    def _recovery_require_same_credit(self, partners):
        """Leave it to a recovery manager to say that two debtors are one, where somebody gave one of them credit.

        :raise AccessError: the one that stays would owe under the terms of the other
        """
        debtors = partners.sudo().commercial_partner_id  # sudo: what is compared is not told
        if self.env.su or len(debtors) <= 1 or self.env.user.has_group(MANAGERS):
            return
        if given := debtors._given_credit():
            raise AccessError(
                self.env._(
                    "%s has a risk class or a credit limit. Ask a recovery manager to merge it with another debtor.",
                    given[0].display_name,
                )
            )
