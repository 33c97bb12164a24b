"""What the timeline tells of money, interactions, promises, disputes and holds."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryTimelineMoney(models.AbstractModel):
    """Money received and credit notes: entries that took something off what the debtor owes."""

    _name = "recovery.timeline.money"
    _description = "Timeline: Money and Credit Notes"
    _inherit = "recovery.timeline"
    _code, _sequence, _about, _icon = "money", 10, "account.move.line", "fa-money"

    def _label(self):
        return self.env._("Received")

    @api.model
    def _rows(self, companies, debtor):
        return SQL(
            """
            SELECT item.date AS day, item.id AS res_id
              FROM account_move_line item
              JOIN res_partner contact ON contact.id = item.partner_id
             WHERE contact.commercial_partner_id = %s
               AND item.company_id = ANY(%s)
               AND item.parent_state = 'posted'
               AND item.balance < 0
               AND %s
            """,
            debtor.id,
            companies.ids,
            self.env["account.move.line"]._recovery_receivable_sql("item"),
        )

    @api.model
    def _told(self, record):
        return f"{self._money(record, -record.amount_currency)} · {record.move_id.name}"


class RecoveryTimelineInteraction(models.AbstractModel):
    """Calls, mails and visits, and what the debtor did online."""

    _name = "recovery.timeline.interaction"
    _description = "Timeline: Interactions"
    _inherit = "recovery.timeline"
    _code, _sequence, _about, _icon = "interaction", 20, "recovery.contact", "fa-comments-o"

    def _label(self):
        return self.env._("Interaction")

    @api.model
    def _told(self, record):
        return f"{self._choice(record, 'channel')} · {record.outcome}"


class RecoveryTimelinePromise(models.AbstractModel):
    _name = "recovery.timeline.promise"
    _description = "Timeline: Promises"
    _inherit = "recovery.timeline"
    _code, _sequence, _about, _icon = "promise", 30, "recovery.promise", "fa-handshake-o"
    _day = SQL("happened.date_given")

    def _label(self):
        return self.env._("Promise given")

    @api.model
    def _told(self, record):
        amount, day = self._money(record, record.amount), self._date(record.date_promised)
        promised = self.env._("%(amount)s by %(day)s", amount=amount, day=day)
        return f"{promised} · {self._choice(record, 'state')}"


class RecoveryTimelineDispute(models.AbstractModel):
    _name = "recovery.timeline.dispute"
    _description = "Timeline: Disputes"
    _inherit = "recovery.timeline"
    _code, _sequence, _about, _icon = "dispute", 40, "recovery.dispute", "fa-exclamation-triangle"
    _day = SQL("happened.date_opened")

    def _label(self):
        return self.env._("Disputed")

    @api.model
    def _told(self, record):
        ended = self._choice(record, "outcome") or self._choice(record, "state")
        return f"{record.description} · {ended}"


class RecoveryTimelineHold(models.AbstractModel):
    """Holds that a person set: those of promises, disputes and cases are told with these."""

    _name = "recovery.timeline.hold"
    _description = "Timeline: Holds"
    _inherit = "recovery.timeline"
    _code, _sequence, _about, _icon = "hold", 50, "recovery.hold", "fa-pause-circle"
    _day = SQL("happened.date_from")
    _holds = SQL("happened.kind IN ('manual', 'negotiation', 'deceased', 'guardianship')")

    def _label(self):
        return self.env._("Held")

    @api.model
    def _told(self, record):
        end = self._date(record.date_until) if record.date_until else "…"
        return f"{self._choice(record, 'kind')} → {end} · {record.reason}"
