"""Cases that somebody outside of the house works on, under a mandate."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.company_words import in_words_of_company
from ..common.labelled import told_apart

#: Kind of procedure that each partner works by, and the stage of its cases where the country declares none.
WAY_OF = {"agency": ("agency", "amicable"), "bailiff": ("enforcement", "title")}


class RecoveryCaseEntrusted(models.AbstractModel):
    """What giving a case to a collection agency or a bailiff does to it, and what its return does."""

    _name = "recovery.case.entrusted"
    _description = "Case Entrusted to a Partner"
    _inherit = ["recovery.guarded.fields"]

    currency_id = fields.Many2one("res.currency")
    mandate_id = fields.Many2one(
        "recovery.mandate",
        index="btree_not_null",
        protected=True,
        copy=False,
        tracking=True,
        help="Under which the case was entrusted to a collection agency or a bailiff.",
    )
    date_entrusted = fields.Date(
        string="Entrusted on", protected=True, copy=False, help="Day it was entrusted."
    )
    date_returned = fields.Date(
        string="Given back on",
        protected=True,
        copy=False,
        help="Day the partner gave the file back: it works on it no more.",
    )
    entry_ids = fields.One2many("recovery.mandate.entry", "case_id", string="Reported", readonly=True)
    amount_waiting = fields.Monetary(
        string="With the partner",
        compute="_compute_amount_waiting",
        help="Received by the partner, not yet by us: the debtor does not owe it twice.",
    )

    @api.depends("entry_ids.is_waiting", "entry_ids.amount")
    def _compute_amount_waiting(self):
        for case in self:
            case.amount_waiting = sum(case.entry_ids.filtered("is_waiting").mapped("amount"))

    def _entrust(self, mandate):
        """Give running cases to the partner of ``mandate``; the procedure of its kind begins where it fits.

        :raise UserError: the mandate does not run or is not for such a case, or a partner has the case already
        """
        self._require_running()
        for case in self:
            reasons = [*case._why_not_entrusted(mandate)]
            if reasons:
                raise UserError(
                    self.env._(
                        "%(case)s: %(why)s.", case=case.display_name, why=told_apart(self.env, reasons)
                    )
                )
        for case in self:
            case._begin_entrusted(mandate)

    def _why_not_entrusted(self, mandate):
        """Yield in words why the case cannot be given to the partner of ``mandate``."""
        self.ensure_one()
        if self.mandate_id:
            yield self.env._(
                "%s has it already, it has to come back first", self.mandate_id.partner_id.display_name
            )
        if not mandate._runs(self.company_id._recovery_today()):
            yield self.env._("the mandate %s does not run today", mandate.name)
        if mandate.company_id.id not in self.company_id._recovery_lineage_ids():
            yield self.env._("the mandate %s is another company's", mandate.name)
        if mandate.currency_id != self.currency_id:
            yield self.env._(
                "the mandate %(mandate)s is for claims in %(currency)s",
                mandate=mandate.name,
                currency=mandate.currency_id.name,
            )
        if self.date_published:
            yield self.env._("nobody collects in an insolvency, declare the claims")
        if mandate.role == "bailiff" and not self.date_title:
            yield self.env._("a bailiff enforces titles, and there is none yet")

    def _begin_entrusted(self, mandate):
        kind, stage = WAY_OF[mandate.role]
        if self.procedure_id.kind != kind:
            self.action_weigh()
            option = self.option_ids.filtered(
                lambda option: option.fits and option.procedure_id.kind == kind
            )[:1]
            if option:
                option.action_begin()
            else:
                self.stage = stage
        today = self.company_id._recovery_today()
        # sudo: written by this action only; the right to write was checked
        self.sudo().write({"mandate_id": mandate.id, "date_entrusted": today, "date_returned": False})
        partner = mandate.partner_id
        if partner not in self.person_ids.partner_id:
            self.person_ids.create({"case_id": self.id, "role": mandate.role, "partner_id": partner.id})
        told = in_words_of_company(self)
        told.message_post(
            body=told.env._(
                "Entrusted to %(partner)s (%(mandate)s).", partner=partner.display_name, mandate=mandate.name
            )
        )

    def _return_file(self, mandate):
        """End the case when the partner gives it back: its claims go on in dunning where they were.

        While money is with the partner its debtor is not chased: he has paid. In an insolvency the claims are
        declared, whoever worked on them before, and the case goes on.
        """
        self.ensure_one()
        # sudo: written by the partner's report only; the right to write was checked
        self.sudo().date_returned = self.company_id._recovery_today()
        if self.date_published:
            return
        items = self.line_ids.move_line_id.filtered(lambda item: not item.reconciled)
        if self.amount_waiting and items:
            today, told = self.company_id._recovery_today(), in_words_of_company(self)
            self.env["recovery.hold"].create(
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "kind": "manual",
                    "move_line_ids": items.ids,
                    "date_from": today,
                    "date_review": fields.Date.add(today, days=mandate.remit_days),
                    "user_id": self.user_id.id,
                    "reason": told.env._(
                        "%s received money of the debtor and has not handed it over.",
                        mandate.partner_id.display_name,
                    ),
                }
            )
        self.action_give_up()

    def action_entrust(self):
        """Ask under which mandate the cases are entrusted. Raises UserError for none."""
        self.env["recovery.case.entrust"].check_access("create")
        if not self:
            raise UserError(self.env._("Choose the cases to entrust first, in their list."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entrust"),
            "res_model": "recovery.case.entrust",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_ids": self.ids},
        }
