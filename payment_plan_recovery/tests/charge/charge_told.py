"""Invoices that a notice tells of together, and the fixed sums that they bear then."""

from datetime import date

from .charge_common import ChargeCommon


class ChargeTold(ChargeCommon):
    def tell(self, moves, day, kind="formal", channel="email"):
        """Send one notice about all the invoices on ``day``."""
        level = self.env.ref(f"payment_plan_recovery.level_standard_{kind}")
        shared = {
            "company_id": self.company.id,
            "partner_id": moves.partner_id.commercial_partner_id.id,
            "level_id": level.id,
        }
        notice = (
            self.env["recovery.notice"]
            .sudo()
            .create(
                {**shared, "date": day, "channel": channel, "state": "sent", "date_sent": f"{day} 10:00:00"}
            )
        )
        self.env["recovery.notice.line"].sudo().create(
            [
                {"level_id": level.id, "notice_id": notice.id, "move_line_id": item.id}
                for item in self.item(moves)
            ]
        )
        return notice

    def fees(self, moves, until):
        """The fixed sum of each invoice, having seen that both ways to price agree."""
        day = date.fromisoformat(until)
        found = self.item(moves)._recovery_charges(day)
        self.charges._renew(self.company, day)
        fees = [float(found[self.item(move).id].fee) for move in moves]
        accrued = [
            sum(move.recovery_charge_ids.filtered(lambda charge: charge.kind == "fixed_sum").mapped("amount"))
            for move in moves
        ]
        self.assertEqual(accrued, fees)
        return fees
