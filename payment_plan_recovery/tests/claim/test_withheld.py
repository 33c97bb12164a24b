"""Why a debtor was not contacted: the day, the channel and the reason of each contact withheld."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..notice.notice_common import NoticeCommon, day


@tagged("post_install", "-at_install")
class TestWithheld(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._recovery_today()

    def withheld(self, debtor):
        rows = self.env["recovery.withheld"].search(
            [("partner_id", "=", debtor.id), *debtor._recovery_withheld_domain()], order="id"
        )
        return [(row.date, row.channel, row.kind) for row in rows]

    def contact(self, debtor, on, channel="phone"):
        return self.env["recovery.contact"].create(
            {
                "partner_id": debtor.id,
                "company_id": self.company.id,
                "date": on,
                "channel": channel,
                "outcome": "Spoke with the manager",
            }
        )

    def test_budget(self):
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        self.company.recovery_contact_gap_days = 2
        self.contact(debtor, self.today)
        self.drain()
        self.assertEqual(self.withheld(debtor), [(self.today, "email", "budget")])
        self.assertEqual(notice.state, "queued")
        self.assertEqual(debtor.recovery_withheld_count, 1)

    def test_said_once_a_day(self):
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        self.company.recovery_contact_gap_days = 2
        self.contact(debtor, self.today)
        for _attempt in range(3):
            notice.next_attempt = fields.Datetime.now()
            self.drain()
        self.assertEqual(len(self.withheld(debtor)), 1)

    def test_quiet_hours(self):
        self.company.write({"recovery_quiet_channels": "electronic"})
        debtor = self.make_debtor(tz="Europe/Paris")
        self.notify(debtor)
        night = fields.Datetime.to_datetime("2026-01-21 22:30:00")
        with patch.object(fields.Datetime, "now", lambda *_args: night):
            self.env["recovery.notice"].search([("partner_id", "=", debtor.id)])._in_hours("email")
        self.assertEqual([row[1:] for row in self.withheld(debtor)], [("email", "quiet")])

    def test_wishes_and_addresses(self):
        self.env["mail.blacklist"]._add("black@example.com")
        address = {"street": "2 Side Street", "city": "Lyon"}
        for values, kind in (
            ({"email": False}, "no_address"),
            ({"recovery_no_email": True}, "opt_out"),
            ({"email": "black@example.com"}, "blacklisted"),
            ({"message_bounce": 1}, "bounced"),
        ):
            with self.subTest(values):
                debtor = self.make_debtor(**address, **values)
                self.notify(debtor)
                self.assertEqual(self.withheld(debtor), [(self.today, "email", kind)])

    def test_hold_set_before_it_went(self):
        debtor = self.make_debtor()
        self.notify(debtor)
        self.env["recovery.hold"].create(
            {
                "partner_id": debtor.id,
                "company_id": self.company.id,
                "date_from": self.today,
                "date_until": self.today,
                "reason": "Dispute",
            }
        )
        self.drain()
        self.assertEqual(self.withheld(debtor), [(self.today, "email", "hold")])

    def test_run_leaves_debtors_out(self):
        held, lost = self.make_debtor("Held"), self.make_debtor("Lost", email=False)
        for debtor in (held, lost):
            self.invoice(debtor)
        self.env["recovery.hold"].create(
            {
                "partner_id": held.id,
                "company_id": self.company.id,
                "date_from": day(0),
                "date_until": day(30),
                "reason": "Dispute",
            }
        )
        run = self.make_run(10)
        run.action_propose()
        self.assertEqual(self.withheld(held), [], "a proposal contacts nobody yet")
        run.action_propose()
        run.action_confirm()
        self.assertEqual(self.withheld(held), [(day(10), False, "hold")])
        self.assertEqual(self.withheld(lost), [(day(10), False, "no_address")])

    def test_contact_by_hand_counts_in_the_look_ahead(self):
        """A call on day 8: with two days between contacts, the run of day 9 waits, that of day 10 does not."""
        self.company.recovery_contact_gap_days = 2
        debtor = self.make_debtor()
        move = self.invoice(debtor)
        self.contact(debtor, day(8))
        self.assert_reasons(move, day9="contact_budget", day10="selected")

    def test_contacts_by_hand_fill_the_window(self):
        """Two contacts of the two allowed in 7 days, one by hand: the third waits until the first is out."""
        self.company.write({"recovery_contact_max": 2, "recovery_contact_window_days": 7})
        debtor = self.make_debtor()
        move = self.invoice(debtor)
        self.contact(debtor, day(5))
        self.contact(debtor, day(5))  # the same day and channel: one contact
        self.assertEqual(self.reason(move, 6), "selected")
        self.contact(debtor, day(6), "email")
        self.assert_reasons(move, day11="contact_budget", day12="selected")

    def test_another_companys_contacts_do_not_count(self):
        self.company.recovery_contact_gap_days = 2
        debtor = self.make_debtor()
        move = self.invoice(debtor)
        self.contact(debtor, day(8)).company_id = self.env.ref("base.main_company")
        self.assertEqual(self.reason(move, 9), "selected")

    def test_whom_no_channel_reaches_is_on_the_worklist(self):
        debtor = self.make_debtor("Nowhere", email=False)
        move = self.invoice(debtor)

        def waiting(on):
            self.env["recovery.worklist"]._refresh(self.company, day(on))
            return self.env["recovery.worklist"].search([("partner_id", "=", debtor.id)]).mapped("action")

        run = self.make_run(5)
        run.action_propose()
        self.assertEqual(self.reason(move, 5), "no_address")
        self.assertEqual(waiting(6), [], "a run that was only proposed left nobody out")
        run.action_confirm()
        self.assertEqual(waiting(6), ["unreached"])
        self.assertEqual(waiting(49), ["unreached"])
        self.assertEqual(waiting(50), [], "history")
        hold = self.env["recovery.hold"].create(
            {"partner_id": debtor.id, "date_from": day(5), "date_until": day(8), "reason": "Ill"}
        )
        self.assertEqual((waiting(8), waiting(9)), ([], ["unreached"]))
        hold.date_until = day(5)
        debtor.email = "found@example.com"
        self.run_on(7)
        self.assertEqual(waiting(8), [], "it was written to")

    def test_whom_no_channel_reaches_and_who_paid_is_nobody_s_work(self):
        debtor = self.make_debtor("Nowhere", email=False)
        move = self.invoice(debtor)
        self.run_on(5)
        self.pay(move, 100.0)
        self.env["recovery.worklist"]._refresh(self.company, day(6))
        self.assertFalse(self.env["recovery.worklist"].search([("partner_id", "=", debtor.id)]))

    def test_debtors_button(self):
        debtor = self.make_debtor(email=False, street="2 Side Street", city="Lyon")
        self.notify(debtor)
        action = debtor.action_recovery_withheld()
        found = self.env["recovery.withheld"].search(action["domain"])
        self.assertEqual(len(found), debtor.recovery_withheld_count)
        self.assertEqual(found.partner_id, debtor)

    def test_kept_until_tomorrow(self):
        """What was withheld yesterday and is withheld again today is told for both days."""
        debtor = self.make_debtor(email=False, street="2 Side Street", city="Lyon")
        notice = self.notify(debtor)
        row = self.env["recovery.withheld"].search([("notice_id", "=", notice.id)])
        row.date = self.today - timedelta(days=1)
        notice.channel = "email"
        notice._choose_channels()
        self.assertEqual(len(self.withheld(debtor)), 2)
