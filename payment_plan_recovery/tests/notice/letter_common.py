"""Letters told by days after a Monday: printed, posted, delivered."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

from .notice_common import NoticeCommon, day

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon"}
#: The story's clock starts on a Monday at noon.
MONDAY = datetime(2026, 3, 2, 12, 0)


def day_of(days):
    return MONDAY.date() + timedelta(days=days)


class LetterCommon(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Paris"
        cls.level.channel_ids.filtered(lambda channel: channel.channel == "email").unlink()
        cls.level.payment_days = 8

    def at(self, days):
        """The clock ``days`` after the story's Monday."""
        moment = MONDAY + timedelta(days=days)
        return patch.object(fields.Datetime, "now", staticmethod(lambda: moment))

    def printed(self, *debtors, registered=False, **values):
        """Letters to debtors, printed on the story's Monday."""
        if registered:
            self.only("registered")
        with self.at(0):
            debtors = debtors or (self.make_debtor(**ADDRESS),)
            notices = self.notify(*debtors, on=(MONDAY.date() - day(0)).days, **values)
            notices.next_attempt = MONDAY
            self.drain_letters()
        self.assertEqual(set(notices.mapped("state")), {"to_post"}, notices.mapped("failure_reason"))
        return notices

    def second_level(self, delay=10):
        level = self.level.copy(
            {
                "sequence": 99,
                "name": "Second",
                "trigger": "previous_notice",
                "delay_days": delay,
                "message_ids": False,
            }
        )
        self.message.copy({"level_id": level.id})
        return level

    def reason_on(self, notice, days):
        """Why the claim is chased or not ``days`` after the story's Monday."""
        return self.reason(notice.line_ids.move_line_id, (MONDAY.date() - day(0)).days + days)

    def fake_printer(self):
        """A printer that writes the sums it was asked for."""

        def pdf(notices):
            return {
                one: f"%PDF {one.name} {one.line_ids.mapped('amount_residual')}".encode() for one in notices
            }

        return patch.object(type(self.env["recovery.notice"]), "_print", pdf)

    def told(self, notice):
        """When the claim's debtor was told, as late charges see it."""
        self.env.flush_all()
        item = SQL("%s::int", notice.line_ids.move_line_id.id)
        rows = self.env.execute_query(self.env["recovery.notice.line"]._told_sql(item))
        return [(instant.date(), by_post) for _item, instant, by_post, *_rest in rows]

    def rows(self, code, days):
        thing = self.env["recovery.next.action"]._thing(code)
        self.env.flush_all()
        return {row[3] for row in self.env.execute_query(thing._rows(self.company, day_of(days)))}
