"""Writing to the debtor about a plan: the offer, the agreement, the thanks."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..claim.open_money_facts import MONEY_JOURNALS

#: What there is to write about, by state of the plan.
OCCASION_OF_STATE = {
    "draft": "plan_offer",
    "proposed": "plan_offer",
    "accepted": "plan_confirmation",
    "active": "plan_confirmation",
    "late": "plan_confirmation",
    "completed": "plan_kept",
}


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    date_thanked = fields.Date(
        string="Thanked on",
        readonly=True,
        copy=False,
        protected=True,
        help="When the debtor was thanked for keeping it.",
    )

    def action_write_to_debtor(self):
        """Open a mail to the debtor about the plan, worded and with its document, to be read and sent.

        Raises UserError when the plan's state is nothing to write about.
        """
        self.ensure_one()
        date, occasion = self.company_id._recovery_today(), OCCASION_OF_STATE.get(self.state)
        if occasion == "plan_confirmation" and self._has_begun(date):
            occasion = "plan_statement"
        message = self._words_for(occasion)
        attachments = self.env["ir.attachment"]
        if occasion == "plan_statement":
            attachments = self._statement_attachments(date)[self]
        elif occasion != "plan_kept":
            attachments = self._agreement_attachment()
        return self._compose(message, attachments)

    def _has_begun(self, date):
        """Return whether an instalment fell due before ``date``: nobody is thanked for an agreement any more."""
        return any(row.date_due < date for row in self.instalment_ids)

    def _words_for(self, occasion):
        """Return the message of an occasion that fits the debtor; refuse when there is none."""
        messages = self.env["recovery.message"]
        message = messages._for_occasion(occasion, self.partner_id) if occasion else messages
        if not message:
            raise UserError(
                self.env._("There are no words for a plan in this state: write them under Messages first.")
            )
        return message

    def _compose(self, message, attachments):
        """Return the action that opens a mail to the debtor in the words of ``message``."""
        content = self._contents()[self.id]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to the debtor"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self._addressee().ids,
                "default_subject": message._render("subject", content),
                "default_body": self.env["ir.qweb"]._render(
                    "payment_plan_recovery.mail_body",
                    {"content": content, "body": message._render("body", content), "links": []},
                    lang=content.env.lang,
                ),
                "default_attachment_ids": attachments.ids,
            },
        }

    def _in_debtor_s_language(self):
        return self.with_context(lang=self._language())

    def _addressee(self):
        """Return the debtor's contact for invoices, or who represents it."""
        return self.partner_id._recovery_addressees()[:1]

    def _agreement_attachment(self):
        # a draft has no number yet, and no first day where its dates are written by hand
        called = self.name or str(self.date_start or self.company_id._recovery_today())
        name = self._in_debtor_s_language().env._("Agreement %s.pdf", called.replace("/", "-"))
        return self._document_attachment("payment_plan_recovery.report_agreement", name)

    def _document_attachment(self, report_name, name):
        """Return a document of the plan as a PDF attached to it."""
        return self._document_attachments(report_name, {self: name})[self]

    def _document_attachments(self, report_name, names, data=None):
        """Return a document of each plan as a PDF attached to it: {plan: attachment}.

        The documents of a company in one language are printed in one go.

        :param names: {plan: name of its file}
        """
        pdfs = {}
        for (company, lang), plans in self.grouped(lambda plan: (plan.company_id, plan._language())).items():
            printer = self.env["ir.actions.report"].with_company(company).with_context(lang=lang)
            pdfs.update(printer._recovery_print(report_name, plans, data))
        attachments = self.env["ir.attachment"].create(
            [
                {"name": names[plan], "raw": pdfs[plan], "res_model": self._name, "res_id": plan.id}
                for plan in self
            ]
        )
        return dict(zip(self, attachments, strict=True))

    def _thank(self, date):
        """Thank the debtors who kept their plan to its end, once even when a payment bounced meanwhile."""
        kept = self.filtered(lambda plan: plan.company_id.recovery_thank_for_plans and not plan.date_thanked)
        kept -= kept._settled_otherwise()
        contents = kept._contents(date)
        thanked = self.env["recovery.message"]._mail_occasion(
            "plan_kept", {plan: contents[plan.id] for plan in kept}
        )
        # sudo: protected from clients; the transition checked the right to write
        self.browse().union(*thanked).sudo().date_thanked = date

    def _settled_otherwise(self):
        """Return the plans of which credit notes or entries settled a part: it is not what the debtor paid.

        The credit note of a plan's own discount is part of keeping it.
        """
        # sudo: who settles an invoice may not read the journals of its plan
        found = (
            self.env["recovery.plan.allocation"]
            .sudo()
            ._read_group(
                [("plan_id", "in", self.ids), ("move_line_id.journal_id.type", "not in", MONEY_JOURNALS)],
                ["plan_id"],
                ["move_id:recordset"],
            )
        )
        return self.browse(plan.id for plan, moves in found if moves - plan.discount_move_ids)
