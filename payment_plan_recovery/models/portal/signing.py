"""A plan's way to its two signatures, and what is made of them."""

import hashlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.http import request

from ..common.company_words import words_of
from ..common.guarded_fields import as_action
from ..common.keep import keep

CERTIFICATE = "payment_plan_recovery.report_signatures"


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    signature_ids = fields.One2many(
        "recovery.signature", "plan_id", string="Signatures", help="What each party was shown and did."
    )
    signed_document_id = fields.Many2one(
        "ir.attachment",
        string="Signed agreement",
        readonly=True,
        copy=False,
        protected=True,
        help="The agreement as it was shown, with the page that shows who signed it, when and how.",
    )
    signed_sha256 = fields.Char(
        string="SHA-256 of the signed agreement", readonly=True, copy=False, protected=True
    )
    is_to_countersign = fields.Boolean(
        compute="_compute_is_to_countersign", help="The debtor signed online, the creditor not yet."
    )

    def _compute_is_to_countersign(self):
        for plan in self:
            signed = plan.signature_ids.filtered(lambda one: one.state == "signed").mapped("party")
            plan.is_to_countersign = signed == ["debtor"] and plan.state == "accepted"

    def _portal_sign(self, signature, image):
        """Take the debtor's signature: the plan is accepted, and signed for the creditor or somebody asked to."""
        self._keep_items()
        signature._sign(image)
        signed_by = ", ".join(filter(None, [signature.name, signature.capacity]))
        self.action_accept(signature=image, signed_by=signed_by, method="portal")
        words = words_of(self.company_id)
        said = words._("%(who)s signed agreement %(plan)s online.", who=signed_by, plan=self.name)
        signatory = self.company_id._recovery_nearest("recovery_portal_signatory_id")
        if signatory.active:  # nobody signs in the name of who has left
            self.partner_id._portal_note(self.company_id, said)
            self._sign_for_creditor(signatory, {})
        else:
            summary = words._("Sign the agreement for the company")
            self.partner_id._portal_note(self.company_id, said, self, summary)

    def action_countersign(self):
        """Sign for the creditor what the debtor signed online, and put the plan in force."""
        self.ensure_one()
        self.check_access("write")
        if not self.is_to_countersign:
            raise UserError(self.env._("There is nothing to sign for the company."))
        trace = {}
        if request:
            trace = {
                "ip_address": request.httprequest.remote_addr,
                "user_agent": request.httprequest.user_agent.string,
            }
        # sudo: evidence is written by the system; the right to write on the plan was checked
        self.sudo()._sign_for_creditor(self.env.user, trace)

    def _sign_for_creditor(self, user, trace):
        """Record the creditor's signature by ``user``, under the document that the debtor signed."""
        shown = self.signature_ids.filtered(lambda one: one.party == "debtor" and one.state == "signed")[:1]
        now = fields.Datetime.now()
        self.env["recovery.signature"].create(
            {
                "plan_id": self.id,
                "party": "creditor",
                "state": "signed",
                "name": user.name,
                "capacity": self.company_id.name,
                "document_id": shown.document_id.id,
                "document_sha256": shown.document_sha256,
                "words_sha256": shown.words_sha256,
                "shown_at": now,
                "signed_at": now,
                "user_id": user.id,
                **trace,
            }
        )
        self._complete_signatures(shown)
        self.action_activate()

    def _complete_signatures(self, shown):
        """Make the signed agreement of the document shown and its certificate, and mail it to both."""
        self.env.flush_all()
        reports = self.env["ir.actions.report"].with_company(self.company_id)
        certificate = reports.with_context(lang=self._language())._recovery_print(CERTIFICATE, self)[self]
        pdf = reports._recovery_merge([shown.document_id.raw, certificate])
        kept = shown._keep(pdf, self.name)
        self.write({"signed_document_id": kept.id, "signed_sha256": hashlib.sha256(pdf).hexdigest()})
        plan = as_action(self)  # its history takes the files that belong to it
        copied = {"res_model": self._name, "res_id": self.id}
        self.env["recovery.message"]._mail_occasion(
            "plan_confirmation",
            {plan: plan._contents()[self.id]},
            lambda plans: {plans: as_action(kept).copy(copied)},
            answers=True,
        )
        # Odoo takes no kept file of a visitor, and mails nobody what it did without being told to.
        plan.message_post(
            body=words_of(self.company_id)._("Agreement %s is signed by both parties.", self.name),
            author_id=self.company_id.partner_id.id,
            attachments=[(kept.name, pdf)],
            partner_ids=self.user_id.partner_id.ids,
            notify_author_mention=True,
        )

    def _portal_refuse(self, reason, author):
        """Take back the offer that the debtor refuses, and tell its author why.

        :raise UserError: no reason, or the offer is no longer open
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: what would suit you may be possible."))
        keep(self)
        self.action_draft()
        words = words_of(self.company_id)
        self.partner_id._portal_note(
            self.company_id,
            words._("%(who)s refused plan %(plan)s: %(reason)s", who=author, plan=self.name, reason=reason),
            self,
            words._("Offer refused on the portal"),
        )
