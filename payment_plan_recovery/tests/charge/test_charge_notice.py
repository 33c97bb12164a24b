"""The statement of charges on notices: every figure of the working, adding up to the total asked for."""

from odoo.tests import tagged

from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeNotice(ChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.invoice(1200, "2025-03-31")
        cls.level = cls.env.ref("payment_plan_recovery.level_standard_formal")

    def _content(self, day="2025-09-15"):
        shared = {
            "company_id": self.company.id,
            "partner_id": self.late.partner_id.id,
            "level_id": self.level.id,
        }
        notice = (
            self.env["recovery.notice"]
            .sudo()
            .create({**shared, "date": day, "channel": "letter", "state": "approved"})
        )
        self.env["recovery.notice.line"].sudo().create(
            {
                "level_id": shared["level_id"],
                "notice_id": notice.id,
                "move_line_id": self.item(self.late).id,
                "amount_residual": self.late.amount_residual,
                "date_due": "2025-03-31",
            }
        )
        return notice._contents()[notice.id]

    def test_a_formal_notice_states_charges(self):
        content = self._content()
        figures = [(line.base, line.rate, line.days, line.amount) for line in content.charges]
        self.assertEqual(figures, [(1200, "13.15", 91, 39.34), (1200, "12.15", 77, 30.76), (0, "", 0, 40)])
        self.assertIn("Apr 1, 2025", content.charges[0].label)
        self.assertEqual(content.charged, {self.euro: 110.10})
        self.assertEqual(content.balances, {self.euro: 1310.10})

    def test_other_levels_do_not(self):
        self.level.states_charges = False
        content = self._content()
        self.assertEqual((content.charges, content.balances), ([], {self.euro: 1200}))

    def test_what_was_booked_is_claimed_once(self):
        self.book(self.late, "2025-06-30")
        content = self._content()
        self.assertEqual([line.amount for line in content.charges], [39.34, 30.76, -39.34])
        self.assertEqual(content.charged, {self.euro: 30.76})
