"""An invoice that was credited and issued anew is the debt it was: what was said of it goes on."""

from odoo import api, models
from odoo.fields import Domain

from ..common.company_words import in_words_of_company

#: Kinds of holds that follow from something else: a promise goes along itself, a dispute is about what was wrong.
FOLLOWING = ("promise", "dispute")
#: Outcomes of disputes that had no reason.
UNFOUNDED = ("rejected", "withdrawn")


class RecoveryReissued(models.AbstractModel):
    """Lets what was noted about an invoice go on with the one that was issued in its place."""

    _name = "recovery.reissued"
    _description = "Invoices Issued Anew"

    @api.model
    def _take_over(self, anew, former):
        """Let what was noted about ``former`` go on with the invoice ``anew`` of the same debtor (both by sudo)."""
        had = former.recovery_policy_id and not anew.recovery_policy_id
        if had:
            anew.recovery_policy_id = former.recovery_policy_id
        items, before = anew._recovery_receivable_items(), former._recovery_receivable_items()
        named = self._name_too(items, before)
        level = self._begin_where_it_was(items, before)
        if had or named or level:
            words = in_words_of_company(anew).env._(
                "Issued in place of %s: what was noted about it goes on here.", former.name
            )
            anew._message_log(body=words)

    def _name_too(self, items, before):
        """Let promises and holds that go on and name items of ``before`` name ``items`` too; tell whether any did."""
        # sudo: whoever posts an invoice need not read what was noted about it
        promises, holds = self.env["recovery.promise"].sudo(), self.env["recovery.hold"].sudo()
        named = Domain("move_line_ids", "in", before.ids)
        found = [
            record
            for about_it in (
                promises.search(named),
                holds.search(named & Domain("kind", "not in", FOLLOWING)),
            )
            for record in about_it._go_on()
        ]
        for record in found:
            record._name_also(items)
        return bool(found)

    def _begin_where_it_was(self, items, before):
        """Begin with the level that ``before`` had come to, and return it: its notice did not name the new number.

        An invoice that is due later was put off, and starts again as any claim does; so does one whose former one was
        disputed, unless that was rejected or withdrawn: its debtor was right not to pay it.
        """
        if not items or not before or min(map(_due, items)) > max(map(_due, before)):
            return None
        # sudo: see _name_too
        disputes = self.env["recovery.dispute"].sudo().search([("move_line_ids", "in", before.ids)])
        if disputes.filtered(lambda dispute: dispute.outcome not in UNFOUNDED):
            return None
        # sudo: see _name_too
        lines = self.env["recovery.notice.line"].sudo()
        sent = lines.search(
            [("move_line_id", "in", before.ids), ("is_live", "=", True), ("notice_id.state", "=", "sent")]
        )
        last = sent.sorted(lambda line: (line.notice_id.date_sent, line.level_id.sequence))[-1:]
        if not last.level_id.active:
            return None
        items.recovery_level_id = last.level_id
        return last.level_id


def _due(item):
    return item.date_maturity or item.date
