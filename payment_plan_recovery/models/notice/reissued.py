"""An invoice that was credited and issued anew is the debt it was: what was said of it goes on."""

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..common.company_words import in_words_of_company

#: How far from its credit note an invoice is that looks like being issued in place of what that credited.
WITHIN = timedelta(days=30)
#: By how much of the former invoice the one that looks like it may differ.
NEARLY = 0.1
#: Invoices posted at once that are an import or a month's billing: nobody issued more of them anew by hand.
BY_HAND = 20
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
        last = self._last_sent(before)
        if not last.level_id.active or self._last_sent(items):  # what was told of itself goes on from there
            return None
        items.recovery_level_id = last.level_id
        return last.level_id

    def _last_sent(self, items):
        """Return the line of the notice that was sent last about ``items``, if any."""
        # sudo: see _name_too
        lines = self.env["recovery.notice.line"].sudo()
        sent = lines.search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True), ("notice_id.state", "=", "sent")]
        )
        return sent.sorted(lambda line: (line.notice_id.date_sent, line.level_id.sequence))[-1:]

    # -- what nobody told Odoo ---------------------------------------------------------------

    @api.model
    def _said_by_hand(self, anew, former):
        """Let what was noted about ``former`` go on with ``anew``, as a person said (both by sudo)."""
        words = in_words_of_company(anew).env
        anew._message_log(body=words._("Issued in place of %s, as a person said.", former.name))
        anew.activity_ids.filtered(lambda one: one.summary == self._question(words)).action_done()
        self._take_over(anew, former)

    @api.model
    def _credited(self, moves):
        """Return the invoices of the customers of ``moves`` that were credited, in the same company and currency.

        In full, and without another one in their place yet. By sudo.
        """
        # sudo: what was credited does not depend on who looks
        moves = moves.sudo()
        contacts = moves.env["res.partner"].with_context(active_test=False)
        contacts = contacts.search([("commercial_partner_id", "in", moves.commercial_partner_id.ids)])
        found = moves.search(
            [
                ("partner_id", "in", contacts.ids),
                ("company_id", "in", moves.company_id.ids),
                ("currency_id", "in", moves.currency_id.ids),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("reversed", "paid")),
                ("line_ids.matched_credit_ids.credit_move_id.move_id.move_type", "=", "out_refund"),
                ("id", "not in", moves.ids),
            ]
        )
        return found - moves.search([("recovery_replaces_id", "in", found.ids)]).recovery_replaces_id

    @api.model
    def _alike(self, moves):
        """Return {invoice: credited ones that it may have been issued in place of}, of nearly the same amount."""
        credited = self._credited(moves).filtered(lambda former: former.payment_state == "reversed")
        notes = {
            former: former._recovery_receivable_items().matched_credit_ids.credit_move_id
            for former in credited
        }
        found = {}
        for move in moves:
            told = move.sudo()  # sudo: see _credited
            alike = credited.filtered(
                lambda former, told=told: (
                    (former.commercial_partner_id, former.company_id, former.currency_id)
                    == (told.commercial_partner_id, told.company_id, told.currency_id)
                    and abs(former.amount_total - told.amount_total) <= NEARLY * former.amount_total
                    and any(abs(note.date - told.date) <= WITHIN for note in notes[former])
                )
            )
            if alike:
                found[move] = alike
        return found

    @api.model
    def _ask_about_alike(self, moves):
        """Ask whoever is responsible about invoices, just posted, that look like being issued anew.

        Only where something was noted of the former one that would go on. Nothing is done before a person says so.
        """
        if not moves or len(moves) > BY_HAND:
            return
        for move, alike in self._alike(moves).items():
            noted = alike.filtered(self._is_noted)
            if not noted:
                continue
            words = in_words_of_company(move).env
            # sudo: whoever posts an invoice has a person asked
            move.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=move.company_id._recovery_today(),
                summary=self._question(words),
                note=words._(
                    "%s of this customer was credited in full. If this invoice was issued in its place, say so in its "
                    "other information: what was noted goes on. If not, there is nothing to do.",
                    ", ".join(noted.mapped("name")),
                ),
                user_id=(move.company_id._recovery_responsible() or self.env.user).id,
            )

    def _question(self, words):
        return words._("Was this issued in place of another invoice?")

    def _is_noted(self, former):
        """Whether something was noted about ``former`` (by sudo) that goes on with what is issued in its place."""
        items, env = former._recovery_receivable_items(), former.env
        about = Domain("move_line_ids", "in", items.ids)
        return bool(
            former.recovery_policy_id
            or env["recovery.promise"].search(about)._go_on()
            or env["recovery.hold"].search(about & Domain("kind", "not in", FOLLOWING))._go_on()
            or self._last_sent(items)
        )


def _due(item):
    return item.date_maturity or item.date
