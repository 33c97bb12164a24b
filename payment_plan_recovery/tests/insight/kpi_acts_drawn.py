"""Acts drawn at random over a drawn ledger, each with the facts by which the reference model tells its figures."""

from datetime import date, datetime, timedelta

from odoo import Command

from .kpi_reference import Act

#: How many of each kind are drawn.
DRAWN = {"plan": 6, "promise": 8, "dispute": 4, "hold": 4, "notice": 10, "interaction": 8, "cost": 3}
#: Those that are about an invoice.
ABOUT_A_CLAIM = {"plan", "dispute", "hold", "notice", "cost"}
#: What things cost: (kind, channel): [(from which day, how much)].
PRICES = {
    ("message", "email"): [(date(2026, 1, 1), 0.55), (date(2026, 3, 11), 0.7)],
    ("message", "letter"): [(date(2026, 2, 20), 2.13)],
    ("interaction", "phone"): [(date(2026, 1, 1), 8.0)],
}


class DrawnActs:
    """For test classes that draw ledgers, with ``branches`` and ``debtors``; rates of ``foreign`` in ``RATES``."""

    #: (day, units of the foreign currency for one of the company's).
    RATES = ((date(2025, 1, 1), 3.0), (date(2026, 2, 15), 3.2))

    @classmethod
    def declare_prices(cls):
        cls.env["recovery.cost"].create(
            [
                {"kind": kind, "channel": channel, "amount": amount, "date_from": day}
                for (kind, channel), declared in PRICES.items()
                for day, amount in declared
            ]
        )

    def draw_acts(self, draw):
        """Return the acts drawn, as the reference takes them."""
        drawn = [
            (kind, draw.choice(self.debtors), draw.choice(self.branches))
            for kind, count in DRAWN.items()
            for _number in range(count)
        ]
        claims = self.claims_for(draw, [about for about in drawn if about[0] in ABOUT_A_CLAIM])
        acts = []
        for kind, debtor, company in drawn:
            about = [next(claims)] if kind in ABOUT_A_CLAIM else []
            facts = getattr(self, f"draw_{kind}")(draw, debtor, company, *about)
            acts.append(Act(kind, debtor.id, company.id, facts))
        return acts

    def day(self, draw):
        """A day of January to April: the period's, before and after it."""
        return date(2026, 1, 10) + timedelta(days=draw.randrange(110))

    def claims_for(self, draw, drawn):
        """For each (kind, debtor, company) an invoice of that debtor that was due in autumn."""
        rows = [
            (
                draw.randrange(100, 40_000) / 100,
                "2025-11-30",
                {"partner_id": debtor.id, "company_id": company.id},
            )
            for _kind, debtor, company in drawn
        ]
        return iter(self.invoices(rows))

    def draw_plan(self, draw, debtor, company, move):
        plan = self.active_plan(move, partner_id=debtor.id, company_id=company.id)
        ended, defaulted, rating = self.day(draw), None, draw.choice((0, 2, 5))
        if draw.random() < 0.5:
            defaulted = min(self.day(draw), ended)
        kept, rated = draw.random() < 0.5, ended + timedelta(days=ended.day)
        plan.sudo().write(
            {
                "state": "completed" if kept else "broken",
                "date_closed": ended,
                "date_default": defaulted,
                "debtor_rating": str(rating) if rating else False,
                "date_rated": rated if rating else False,
            }
        )
        return {
            "ended": ended,
            "kept": kept,
            "amount": move.amount_total,
            "defaulted": defaulted,
            "rating": rating,
            "rated": rated,
        }

    def draw_promise(self, draw, debtor, company):
        given, amount = self.day(draw), draw.randrange(100, 90_000) / 100
        foreign = draw.random() < 0.3
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "currency_id": (self.foreign if foreign else self.currency).id,
                "amount": amount,
                "date_given": given,
                "date_promised": given + timedelta(days=5),
            }
        )
        state = draw.choice(("kept", "partially_kept", "broken", "cancelled"))
        judged = given + timedelta(days=draw.randrange(5, 20))
        promise.sudo().write({"state": state, "date_judged": judged})
        rate = max(one for one in self.RATES if one[0] <= given)[1] if foreign else 1
        return {"judged": judged, "state": state, "amount": amount / rate}

    def draw_dispute(self, draw, debtor, company, move):
        opened, rating = self.day(draw), draw.choice((0, 1, 4))
        closed = opened + timedelta(days=draw.randrange(30))
        rated = closed + timedelta(days=closed.day // 2)
        dispute = self.env["recovery.dispute"].create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "move_line_ids": self.item(move).ids,
                "cause": draw.choice(("price", "goods")),
                "description": "Not what was ordered",
                "date_opened": opened,
            }
        )
        dispute.sudo().write(
            {
                "state": "closed",
                "date_closed": closed,
                "debtor_rating": str(rating) if rating else False,
                "date_rated": rated if rating else False,
            }
        )
        # its own hold is no dispute of its own, and over when the period's last day is asked about
        dispute.hold_id.write({"date_from": date(2026, 1, 1), "date_until": date(2026, 1, 2)})
        return {"opened": opened, "closed": closed, "rating": rating, "rated": rated}

    def draw_hold(self, draw, debtor, company, move):
        """A dispute that nobody opened: about everything, an item, or a part of one."""
        about, begun = draw.choice(("everything", "item", "part")), self.day(draw)
        item = self.item(move)
        until = draw.choice((None, begun + timedelta(days=draw.randrange(60))))
        amount = round(item.balance * 0.4, 2) if about == "part" else 0
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "kind": "dispute",
                "move_line_ids": [] if about == "everything" else item.ids,
                "date_from": begun,
                "date_until": until,
                "date_review": begun + timedelta(days=90),
                "reason": "Says it is wrong",
                "amount": amount,
            }
        )
        return {
            "begun": begun,
            "until": until,
            "items": tuple(hold.move_line_ids.ids),
            "amount": amount,
        }

    def draw_notice(self, draw, debtor, company, move):
        """A reminder of an item, some of it paid in the days after."""
        item, sent = self.item(move), self.day(draw)
        channel, asked = draw.choice(("email", "letter")), round(item.balance * draw.choice((0.4, 1)), 2)
        level = self.env.ref("payment_plan_recovery.level_cure")
        line = {
            "level_id": level.id,
            "move_line_id": item.id,
            "amount_residual": item.amount_residual,
            "is_live": False,
        }
        self.env["recovery.notice"].sudo().create(
            {
                "company_id": company.id,
                "partner_id": debtor.id,
                "level_id": level.id,
                "date": sent,
                "date_sent": datetime.combine(sent, datetime.min.time()) + timedelta(hours=11),
                "state": "sent",
                "channel": channel,
                "amount_total": asked,
                "line_ids": [Command.create(line)],
            }
        )
        self.book_all(
            [
                self.booked(
                    item, share, sent + timedelta(days=after), draw.choice(("bank", "bank", "general"))
                )
                for share, after in ((0.25, draw.randrange(9)), (0.5, draw.randrange(12)))
            ]
        )
        return {"sent": sent, "asked": asked, "channel": channel, "item": item.id}

    def draw_interaction(self, draw, debtor, company):
        day, channel = self.day(draw), draw.choice(("phone", "visit"))
        cause = self.env.ref(f"payment_plan_recovery.cause_{draw.choice(('cash', 'goods'))}")
        self.env["recovery.contact"].create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "date": day,
                "outcome": "Said so",
                "channel": channel,
                "cause_id": cause.id,
            }
        )
        return {"day": day, "channel": channel}

    def draw_cost(self, draw, debtor, company, move):
        case = self.env["recovery.case"]._open(debtor, self.item(move))
        day, amount = self.day(draw), draw.randrange(100, 9000) / 100
        self.env["recovery.case.cost"].create(
            {"case_id": case.id, "date": day, "name": "Bailiff", "amount": amount}
        )
        return {"day": day, "amount": amount}
