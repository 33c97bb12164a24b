"""What a notice says, in whose language and words, and on which documents."""

import base64
import hashlib

from odoo import models

from ..common.claim_key import claim_key
from ..message.claim_content import covered_by_currency
from ..message.content import Content
from ..message.worded import Worded


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _as_printed(self):
        """Return the notices as their papers are made: whoever reads one prints it whole, claims of all branches.

        :raise AccessError: the user may not read one of them
        """
        self.check_access("read")
        return self.sudo()  # what a notice says does not depend on who prints it

    def _contents(self):
        """Return what each notice says: {notice id: Content}. A fixed number of queries per language."""
        contents = {}
        for lang, notices in self.grouped(lambda notice: notice._language()).items():
            contents.update(notices.with_context(lang=lang)._contents_in_language())
        return contents

    def _language(self):
        """Return the code of the language the notice is written in."""
        return (self.contact_id or self.partner_id)._recovery_lang(self.company_id)

    def _contents_in_language(self):
        """Return what each notice says in the environment's language, charges where its level states them."""
        lines = self.line_ids.filtered("is_live")
        receipts = lines.move_line_id._recovery_receipts()
        deadlines, covered, waiting = self._deadlines(), self._covered(), {}
        for date, notices in self.grouped("date").items():
            waiting |= notices._money_elsewhere(date)
        contents, worded = {}, Worded(self.env)
        for notice in self:
            claims = [
                line._content(
                    notice.date, receipts.get(line.move_line_id.id, ()), *covered.get(line, (0.0, 0.0))
                )
                for line in notice.line_ids
                if line.is_live
            ]
            contents[notice.id] = Content(
                company=notice.company_id,
                debtor=notice.partner_id,
                contact=notice.contact_id or notice.partner_id,
                # sudo: the collector's name, telephone and address are meant to be read by the debtor
                responsible=notice.user_id.sudo().partner_id,
                date=notice.date,
                deadline=deadlines[notice],
                days_from_receipt=0 if deadlines[notice] else notice._days_to_pay(),
                reference=notice.name or "",
                claims=claims,
                credits=covered_by_currency(claims),
                waiting=waiting.get(notice, {}),
                level=notice.level_id,
                plan=notice.line_ids.instalment_id.plan_id[:1],
                is_mixed=len({line.instalment_id.plan_id for line in notice.line_ids if line.is_live}) > 1,
                worded=worded,
            )
        self._state_charges(contents)
        return contents

    def _covered(self):
        """Return {line: (what unmatched money covers of its claim, what discounts do that were earned in a plan)}."""
        covered, claims = {}, self.env["recovery.claim"]
        for (company, date), notices in self.grouped(lambda notice: (notice.company_id, notice.date)).items():
            laid = claims._covered_by_key(company, date, notices.partner_id)
            money = claims._covered_by_key(company, date, notices.partner_id, by_money=True) if laid else {}
            for line in notices.line_ids if laid else ():
                key = claim_key(*line._claim())
                if laid.get(key):
                    received = money.get(key, 0.0)
                    covered[line] = received, line.currency_id.round(laid[key] - received)
        return covered

    def _earlier(self):
        """Return the notices sent before on any of each notice's claims, oldest first: {notice: notices}."""
        lines = self.env["recovery.notice.line"].search(
            [
                "|",
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                ("instalment_id", "in", self.line_ids.instalment_id.ids),
                ("notice_id.state", "=", "sent"),
                ("notice_id", "not in", self.ids),
            ]
        )
        earlier = {notice: self.browse() for notice in self}
        by_item, by_instalment = lines.grouped("move_line_id"), lines.grouped("instalment_id")
        for line in self.line_ids:
            found = (
                by_item.get(line.move_line_id) if line.move_line_id else by_instalment.get(line.instalment_id)
            )
            if found:
                earlier[line.notice_id] |= found.notice_id
        return {
            notice: found.sorted(lambda notice: (notice.date, notice.id)) for notice, found in earlier.items()
        }

    # Words -----------------------------------------------------------------------------------

    def _messages(self):
        """Return the message each notice takes its words from: {notice: message}."""
        messages = {}
        for (company, level), notices in self.grouped(
            lambda notice: (notice.company_id, notice.level_id)
        ).items():
            # what is known of a debtor, and may choose its words, is known by company
            chosen = level.message_ids._for_debtors(notices.partner_id.with_company(company))
            messages.update(
                (notice, chosen[notice.partner_id.id]) for notice in notices if notice.partner_id.id in chosen
            )
        return messages

    def _fail_wordless(self, messages):
        """Return the notices that have a message; the others fail and say so."""
        worded = self.filtered(lambda notice: notice in messages)
        for notice in self - worded:
            notice._failed(
                self.env._("No message of level “%s” fits the debtor.", notice.level_id.name),
                # the filter of one is being mended: the notice waits for it
                retry=bool(notice.level_id.message_ids._stale_filters()),
            )
        return worded

    def _fail_blank(self, messages):
        """Return the notices whose mail has words in their language; an empty mail goes to nobody."""
        written = self.filtered(lambda notice: messages[notice]._is_written(notice._language()))
        for notice in self - written:
            notice._failed(
                self.env._("The message “%s” has no text for mails.", messages[notice].name), retry=False
            )
        return written

    # Documents -------------------------------------------------------------------------------

    def _document(self):
        """Return the document that the notice's level prints."""
        return self.env["recovery.document"]._thing(self.level_id.letter_kind)

    def _archive_documents(self):
        """Print each notice's document and keep it as it goes out, with its SHA-256."""
        alike = self.grouped(lambda notice: (notice.company_id, notice.level_id.letter_kind))
        for (company, _kind), notices in alike.items():
            for notice, pdf in notices.with_company(company)._print().items():
                notice._archive(pdf)

    def _print(self):
        """Return the document of each of the notices, whose level prints the same: {notice: bytes}."""
        return self[:1]._document()._print(self) if self else {}

    def _archive(self, pdf):
        self.ensure_one()
        # sudo: a document of the outbox; nobody may write it afterwards, see IrAttachment
        document = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{(self.name or str(self.id)).replace('/', '-')}.pdf",
                    "raw": pdf,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self._bulk_write(
            {
                "attachment_id": document.id,
                "document_sha256": hashlib.sha256(pdf).hexdigest(),
                "posted_to": self._postal_address(),
            }
        )

    def action_preview_document(self):
        """Open the document as it was sent or, before that, as it would be printed now."""
        self.ensure_one()
        if self.attachment_id:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self.attachment_id.id}?download=false",
                "target": "new",
            }
        return self.env.ref(self._document()._report).report_action(self)

    def _invoices_to_attach(self):
        """Return the invoices whose PDFs the notices' mails carry."""
        lines = self.filtered("level_id.attach_invoices").line_ids.filtered("is_live")
        return lines.move_line_id.move_id.filtered(lambda move: move.is_sale_document(include_receipts=True))

    def _print_missing_invoices(self):
        """Print what was never sent of the invoices that the mails carry, in one go: {invoice: PDF}."""
        return self._invoices_to_attach()._recovery_print_missing()

    def _mail_documents(self, printed):
        """Return the documents of a notice's mail: (attachments, invoices that it links to instead).

        :param printed: of :meth:`_print_missing_invoices`
        """
        attachments, linked = self.attachment_id, self.env["account.move"]
        level = self.level_id
        if level.attach_statement:
            attachments |= self._statement_of_account()
        if level.attach_invoices:
            invoices = self._invoices_to_attach()
            documents, linked = invoices._recovery_mailed_with(self, printed)
            attachments |= documents
        return attachments, linked

    def _statement_of_account(self):
        document = self.env["recovery.document"].with_company(self.company_id)._thing("statement")
        files = [(document._file_name(), document._print_together(self.partner_id))]
        return self.env["ir.attachment"]._recovery_keep_with(self, files)

    def _preview_values(self):
        """Return the words and, for a letter, the document of the notice as it would go out."""
        self.ensure_one()
        notice = self._as_printed()
        if self.env["recovery.channel"]._thing(notice.channel)._is_paper:
            return {"document": base64.b64encode(notice._print()[notice])}
        message = notice._messages().get(notice)
        if not message:
            return {"subject": self.env._("No message of level “%s” fits the debtor.", notice.level_id.name)}
        printed = notice._print_missing_invoices()
        kept, _outgoing = notice._mail_values(message, notice._contents()[notice.id], printed)
        return {"subject": kept["subject"], "body": kept["body"]}
