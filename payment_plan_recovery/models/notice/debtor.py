"""Whom a notice is to and about: one debtor, whatever becomes of its contacts and invoices meanwhile."""

from odoo import models
from odoo.tools import SQL

from ..common.company_words import in_words_of_company
from ..common.guarded_fields import as_action


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _follow_debtor(self, change):
        """A notice goes with its claims when all of them went: the debtor was told of them."""
        self.filtered(
            lambda notice: change.whole or (notice.line_ids and notice.line_ids.move_line_id <= change.items)
        )._give_to(change)

    def _is_addressed_to_debtor(self):
        """Whether whom the notice is addressed to belongs to its debtor."""
        contact = self.contact_id
        # sudo: as the debtor is declared, whoever sends
        represented = self.partner_id.sudo().recovery_representative_id
        if represented:
            return contact.id == represented.id
        return contact == self.partner_id or (
            contact.active and contact.commercial_partner_id == self.partner_id
        )

    def _address_anew(self):
        """Choose whom to write to where the contact is the debtor's no more, and say so; return these notices."""
        strangers = self.filtered(lambda notice: notice.contact_id and not notice._is_addressed_to_debtor())
        former = {notice: notice.contact_id.display_name for notice in strangers}
        as_action(strangers).contact_id = False
        strangers._choose_channels()
        for notice in strangers:
            notice._message_log(body=in_words_of_company(notice)._why_addressed_anew(former[notice]))
        return strangers

    def _why_addressed_anew(self, former):
        names = {
            "contact": self.contact_id.display_name or "-",
            "former": former,
            "debtor": self.partner_id.display_name,
        }
        # sudo: as the debtor is declared, whoever sends
        if self.partner_id.sudo().recovery_representative_id:
            return self.env._(
                "%(contact)s represents %(debtor)s: addressed there, and not to %(former)s.", **names
            )
        return self.env._(
            "Addressed to %(contact)s: %(former)s does not belong to %(debtor)s any more.", **names
        )

    def _retire_lines(self, run):
        """Let levels that the claims of ``run`` had under another debtor, or before they were due later, count no more.

        Otherwise the level could not be reached again.
        """
        self.env["recovery.notice.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE recovery_notice_line had
                   SET is_live = FALSE,
                       drop_reason = CASE WHEN notice.partner_id <> line.partner_id
                                          THEN 'other_debtor' ELSE 'due_moved' END
                  FROM recovery_notice notice, (%(claims)s) line
                 WHERE notice.id = had.notice_id AND had.is_live
                   AND had.move_line_id = line.move_line_id
                   AND %(past)s
                """,
                claims=self.env["recovery.dunning.run.line"]._claims_sql(run),
                past=self._past_sql(SQL("had"), SQL("line"), run.company_id._recovery_timezone()),
            )
        )
        self.env["recovery.notice.line"].invalidate_model(["is_live", "drop_reason"])

    def _past_sql(self, had: SQL, claim: SQL, timezone) -> SQL:
        """Return the condition that a line (``had``) of a ``notice`` says nothing of its ``claim`` any more.

        Another debtor owes it by now; or it was put off after the notice went, and is due on a later day than that.

        :param claim: has ``partner_id`` and ``date_due``
        """
        return SQL(
            """
            (notice.partner_id <> %(claim)s.partner_id
             OR (%(claim)s.date_due > %(had)s.date_due AND notice.state = 'sent'
                 AND %(claim)s.date_due >= %(day)s) IS TRUE)
            """,
            claim=claim,
            had=had,
            day=self._day_sql(timezone),
        )
