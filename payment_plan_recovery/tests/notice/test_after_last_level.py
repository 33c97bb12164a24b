"""After the last level a person decides: who is asked to, and when nobody has to."""

from odoo.tests import tagged

from .notice_common import NoticeCommon, day


@tagged("post_install", "-at_install")
class TestAfterLastLevel(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.payment_days = 8

    def sent(self):
        """A notice that went out on day 5, to be answered by day 13."""
        notice = self.notify(self.make_debtor(), on=5)
        notice.sudo().write({"state": "sent", "date_deadline": day(13)})
        return notice

    def rows(self, code, days):
        self.env.flush_all()
        thing = self.env["recovery.next.action"]._thing(code)
        return {row[3] for row in self.env.execute_query(thing._rows(self.company, day(days)))}

    def second_level(self):
        """A level that comes after the notice of the first."""
        level = self.level.copy(
            {
                "sequence": 99,
                "name": "Second",
                "trigger": "previous_notice",
                "delay_days": 10,
                "message_ids": False,
            }
        )
        self.message.copy({"level_id": level.id})
        return level

    def test_after_the_last_level_somebody_decides(self):
        beyond = self.second_level()
        notice = self.sent()
        self.assertEqual(self.rows("decide", 90), set(), "another level follows")
        beyond.active = False
        self.assertEqual([self.rows("decide", days) for days in (13, 14)], [set(), {notice.id}])
        beyond.active = True
        self.assertEqual(self.rows("decide", 60), set())
        # the level it had comes last by now, and is reached no more: nothing follows for whoever had it
        beyond.trigger = "due_date"
        self.level.write({"sequence": 100, "active": False})
        self.assertEqual(self.rows("decide", 14), {notice.id})

    def test_what_is_held_or_in_a_case_is_decided(self):
        notice = self.sent()
        self.assertEqual(self.rows("decide", 14), {notice.id})
        self.env["recovery.hold"].create(
            {
                "partner_id": notice.partner_id.id,
                "date_from": day(14),
                "date_until": day(17),
                "reason": "Palette cassée",
                "move_line_ids": [(6, 0, notice.line_ids.move_line_id.ids)],
            }
        )
        self.assertEqual([self.rows("decide", days) for days in (14, 17, 18)], [set(), set(), {notice.id}])
