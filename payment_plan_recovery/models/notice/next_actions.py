"""What waits for a person among notices."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryNextActionApprove(models.AbstractModel):
    """A notice that a person has to read before it goes."""

    _name = "recovery.next.action.approve_notice"
    _description = "Approve a Notice"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "approve_notice", 50, 0.6, "recovery.notice"

    def _label(self):
        return self.env._("Approve the notice")

    def _advice(self):
        return self.env._("A notice waits for your approval. Read it, then approve or cancel it.")

    @api.model
    def _rows(self, companies, _date):
        return _notices(companies, SQL("notice.state = 'draft'"))


class RecoveryNextActionFailed(models.AbstractModel):
    """A notice that did not reach the debtor: without an address nothing else will."""

    _name = "recovery.next.action.failed_notice"
    _description = "Mend a Failed Notice"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "failed_notice", 45, 0.5, "recovery.notice"

    def _label(self):
        return self.env._("Notice did not arrive")

    def _advice(self):
        return self.env._("A notice failed or came back. Correct the address, or take another channel.")

    @api.model
    def _rows(self, companies, _date):
        return _notices(companies, SQL("notice.state = 'failed'"))


class RecoveryNextActionUnreached(models.AbstractModel):
    """A debtor whom no channel of its level reaches: runs leave it out, and nobody else would ever tell."""

    _name = "recovery.next.action.unreached"
    _description = "Find a Way to Reach a Debtor"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "unreached", 46, 0.5, "recovery.withheld"
    _on_page = True

    def _label(self):
        return self.env._("No way to reach the debtor")

    def _advice(self):
        return self.env._(
            "No channel of the level reaches this debtor: runs leave it out. Complete its addresses, or call."
        )

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT told.partner_id, told.company_id, told.date AS since, told.id AS res_id
              FROM (%(unreached)s) told
             WHERE told.partner_id IN (SELECT partner_id FROM late WHERE amount_overdue > 0)
               AND told.partner_id NOT IN (%(held)s)
               AND NOT EXISTS (
                   SELECT FROM recovery_notice notice
                    WHERE notice.partner_id = told.partner_id AND notice.company_id = told.company_id
                      AND notice.date >= told.date AND notice.state NOT IN ('cancelled', 'ignored')
                   )
            """,
            unreached=self.env["recovery.withheld"]._unreached_sql(companies, date),
            held=self.env["recovery.hold"]._debtors_held_sql(companies[:1], date),
        )


class RecoveryNextActionCall(models.AbstractModel):
    """A level asks for a call: nothing else goes before it was made."""

    _name = "recovery.next.action.call_notice"
    _description = "Make a Call"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "call_notice", 33, 0.6, "recovery.notice"

    def _label(self):
        return self.env._("Call the debtor")

    def _advice(self):
        return self.env._(
            "A level of dunning asks for a call: its script stands there. Call, and mark it done."
        )

    @api.model
    def _rows(self, companies, date):
        return self._calls(companies, date, SQL("notice.id"), SQL("%s <> ''", self._number()))

    @api.model
    def _number(self):
        """Return an expression: the number to call."""
        return SQL("COALESCE(NULLIF(contact.phone, ''), debtor.phone, '')")

    @api.model
    def _calls(self, companies, date, about, condition):
        """Return a query of the calls that wait and whose debtors are not held with everything they owe.

        :param about: column of the record to open
        """
        return SQL(
            """
            SELECT notice.partner_id, notice.company_id, notice.date AS since, %(about)s AS res_id
              FROM recovery_notice notice
              JOIN res_partner debtor ON debtor.id = notice.partner_id
              JOIN res_partner contact ON contact.id = COALESCE(notice.contact_id, notice.partner_id)
             WHERE notice.company_id = ANY(%(companies)s)
               AND notice.state = 'queued' AND notice.channel = 'phone' AND notice.next_attempt IS NULL
               AND notice.partner_id NOT IN (%(held)s)
               AND %(condition)s
            """,
            about=about,
            companies=companies.ids,
            held=self.env["recovery.hold"]._debtors_held_sql(companies[:1], date),
            condition=condition,
        )


class RecoveryNextActionNumber(models.AbstractModel):
    """A call waits for a number: mostly of a debtor of whom no address is known either."""

    _name = "recovery.next.action.find_number"
    _description = "Find a Number to Call"
    _inherit = "recovery.next.action.call_notice"
    _code, _sequence, _urgency, _about = "find_number", 32, 0.6, "res.partner"

    def _label(self):
        return self.env._("Find its number or address")

    def _advice(self):
        return self.env._(
            "A call waits and no number is known: note one here, or an address. Look at orders, the register, the web."
        )

    @api.model
    def _rows(self, companies, date):
        return self._calls(companies, date, SQL("notice.partner_id"), SQL("%s = ''", self._number()))


class RecoveryNextActionNoticeReply(models.AbstractModel):
    _name = "recovery.next.action.reply.notice"
    _description = "Read a Reply to a Notice"
    _inherit = "recovery.next.action.reply"
    _code, _sequence, _about = "notice_reply", 12, "recovery.notice"


class RecoveryNextActionPost(models.AbstractModel):
    """A letter that is printed and not posted: until then it was not sent, and nothing follows."""

    _name = "recovery.next.action.post_letter"
    _description = "Post a Letter"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "post_letter", 47, 0.6, "recovery.notice"

    def _label(self):
        return self.env._("Letter to post")

    def _advice(self):
        return self.env._("A letter is printed. Post it, then note the day: what follows counts from it.")

    @api.model
    def _rows(self, companies, _date):
        return _notices(companies, SQL("notice.state = 'to_post'"))


class RecoveryNextActionDelivery(models.AbstractModel):
    """A registered letter whose days count from its delivery, which the post must know by now."""

    _name = "recovery.next.action.note_delivery"
    _description = "Note a Delivery"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "note_delivery", 48, 0.5, "recovery.notice"
    #: Days after posting by which the post has delivered a letter or brought it back: 15 at the counter, and the way.
    _patience = 20

    def _label(self):
        return self.env._("Note the delivery")

    def _advice(self):
        return self.env._(
            "A registered letter was posted weeks ago. Look its number up at the post and note when it was delivered."
        )

    @api.model
    def _rows(self, companies, date):
        waiting = SQL(
            "notice.state = 'sent' AND notice.counts_from_delivery AND notice.date_delivered IS NULL"
            " AND notice.date_posted <= %s::date - %s",
            date,
            self._patience,
        )
        return _notices(companies, waiting)


class RecoveryNextActionDecide(models.AbstractModel):
    """The deadline of the last notice has passed without payment: the machine has nothing more to say."""

    _name = "recovery.next.action.decide"
    _description = "Decide after the Last Notice"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "decide", 60, 0.7, "recovery.notice"
    _on_page = True

    def _label(self):
        return self.env._("Decide: last notice unanswered")

    def _advice(self):
        return self.env._(
            "The deadline of the last notice has passed. Call, agree a plan, hand the case over or write it off."
        )

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT notice.partner_id, notice.company_id,
                   COALESCE(notice.date_deadline, notice.date + last.payment_days) AS since,
                   notice.id AS res_id
              FROM recovery_notice notice
              JOIN unnest(%(levels)s, %(days)s) AS last(level_id, payment_days)
                ON last.level_id = notice.level_id
             WHERE notice.company_id = ANY(%(companies)s)
               AND notice.state = 'sent'
               AND COALESCE(notice.date_deadline, notice.date + last.payment_days) < %(date)s
               AND NOT (notice.counts_from_delivery IS TRUE AND notice.date_delivered IS NULL)
               AND EXISTS (
                   SELECT FROM recovery_notice_line line
                     JOIN (%(claims)s) claim ON claim.move_line_id = line.move_line_id
                    WHERE line.notice_id = notice.id AND line.is_live AND NOT EXISTS (%(held)s)
                   )
            """,
            companies=companies.ids,
            date=date,
            **self._last_levels(),
            claims=self.env["recovery.claim"]._open_sql(companies[:1]),
            held=self.env["recovery.hold"]._on_item_sql(
                SQL("notice.company_id"), SQL("notice.partner_id"), SQL("line.move_line_id"), date
            ),
        )

    def _last_levels(self):
        """The last levels of each policy, with the days they leave to pay, as two arrays.

        A level beyond the last one in use, archived since, is a last one too: who had it gets no other.
        """
        # sudo: which level is last is no secret
        levels = self.env["recovery.dunning.level"].sudo().with_context(active_test=False)
        last = []
        for of_policy in levels.search([("policy_id.active", "=", True)]).grouped("policy_id").values():
            ranked = of_policy.sorted()
            in_use = ranked.filtered("active")
            last += ranked[list(ranked).index(in_use[-1]) :] if in_use else ranked
        return {
            "levels": SQL("%s::int[]", [level.id for level in last]),
            "days": SQL("%s::int[]", [level.payment_days for level in last]),
        }


def _notices(companies, condition):
    return SQL(
        """
        SELECT notice.partner_id, notice.company_id, notice.date AS since, notice.id AS res_id
          FROM recovery_notice notice
         WHERE notice.company_id = ANY(%s) AND %s
        """,
        companies.ids,
        condition,
    )
