"""Charges of items one by one, with their working: the kernel's word."""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ...tools.errors import KernelError
from ...tools.money import quantum, round_to_unit
from ..common.kernel import kernel_message, smallest
from .rows import by_ids
from .terms import (
    end_of_interest,
    in_currency_units,
    interest_of,
    invoice_fees,
    is_fee_unknown,
    start_of_interest,
)

ZERO = Decimal(0)


@dataclass(frozen=True)
class Charges:
    """What the lateness of one item costs up to ``until``; amounts are Decimals in the item's currency.

    ``interest`` and ``fee`` (the fixed sum) are everything since the due date. ``segments`` are the
    working: first and last day, days, base, rate, days of the year, amount before rounding.
    ``rate_extrapolated`` tells that days past the last known reference rate used it.
    ``open_interest`` and ``open_fee`` are what nobody has booked or waived yet; so is ``bank_fee``, what the bank
    asked for a payment that came back.
    ``problem`` says, in the user's language, why interest could not be computed, ``fee_problem`` why the fixed sum
    could not.
    """

    rule: Any
    interest: Decimal = ZERO
    fee: Decimal = ZERO
    segments: tuple = ()
    rate_extrapolated: bool = False
    date_due: datetime.date | None = None
    until: datetime.date | None = None
    booked_interest: Decimal = ZERO
    booked_fee: Decimal = ZERO
    waived_interest: Decimal = ZERO
    waived_fee: Decimal = ZERO
    bank_fee: Decimal = ZERO
    problem: str = ""
    fee_problem: str = ""

    @property
    def problems(self):
        """Why something could not be computed, nothing when all could."""
        return " ".join(filter(None, (self.problem, self.fee_problem)))

    @property
    def total(self):
        return self.interest + self.fee

    @property
    def are_any(self):
        """Whether there is anything to tell: charges, or why there are none."""
        return bool(self.total or self.problems or self.bank_fee)

    @property
    def open_interest(self):
        return max(self.interest - self.booked_interest - self.waived_interest, ZERO)

    @property
    def open_fee(self):
        return max(self.fee - self.booked_fee - self.waived_fee, ZERO)

    @property
    def open_total(self):
        return self.open_interest + self.open_fee + self.bank_fee

    def open_by_kind(self):
        """Return what is to book, by the kind of the charge, without kinds of which nothing is."""
        kinds = {"interest": self.open_interest, "fixed_sum": self.open_fee, "bank_fee": self.bank_fee}
        return {kind: amount for kind, amount in kinds.items() if amount}

    @property
    def excess(self):
        """What was booked beyond what is owed, e.g. because a payment was found to be older."""
        over_interest = over_fee = ZERO  # of what is not known, nothing is too much
        if not self.problem:
            over_interest = self.booked_interest + self.waived_interest - self.interest
        if not self.fee_problem:
            over_fee = self.booked_fee + self.waived_fee - self.fee
        return max(min(over_interest, self.booked_interest), ZERO) + max(min(over_fee, self.booked_fee), ZERO)

    def as_dict(self):
        """Return the figures as plain values, amounts as floats and days as ISO text."""
        return {
            "interest": float(self.interest),
            "fixed_sum": float(self.fee),
            "to_book": float(self.open_total),
            "rate_extrapolated": self.rate_extrapolated,
            "rule": self.rule.display_name or "",
            "segments": [
                {
                    "date_from": segment.date_from.isoformat(),
                    "date_to": segment.date_to.isoformat(),
                    "days": segment.days,
                    "base": float(segment.base),
                    "rate": float(segment.rate),
                    "amount": float(segment.amount_unrounded),
                }
                for segment in self.segments
            ],
            "problem": self.problems,
        }


class RecoveryChargeEngine(models.AbstractModel):
    _name = "recovery.charge.engine"
    _description = "Late Charges"
    _inherit = [
        "recovery.charge.pricing",
        "recovery.charge.facts",
        "recovery.charge.received",
        "recovery.charge.bulk",
    ]

    @api.model
    def _charges(self, lines, date):
        """Return {line id: Charges} of journal items at ``date``, in a fixed number of queries.

        Items that bear no charges (credits, charges themselves, debtors under no rule) get empty ones.
        """
        empty = self.env["recovery.interest.rule"]
        charges = {line_id: Charges(rule=empty) for line_id in lines.ids}
        if lines:
            # sudo: whose money lies together is no secret of the debtor's card
            debtors = lines.sudo().partner_id.commercial_partner_id
            items = self._read_facts(by_ids(lines.ids), date, self._pricing(lines.company_id), debtors.ids)
            priced = self._price(items, date)
            for item_id, figures in self._read_settled(SQL("move_line_id = ANY(%s)", list(priced))).items():
                priced[item_id] = replace(priced[item_id], **figures)
            charges.update(priced)
        return charges

    @api.model
    def _account(self, debtor, companies, date, *, is_money_open=True):
        """Return what is to book for a debtor's lateness at ``date``, without its working: {currency: amount}.

        Of the open items, and of settled ones with charges that nobody booked; not of what a running plan covers.

        :param is_money_open: whether the debtor may have money that is matched with nothing
        """
        plan_items = self.env["recovery.plan.item"]
        plan_items.flush_model(["is_live", "move_line_id"])
        condition = SQL(
            """
            debtor.id = %(debtor)s
            AND (line.reconciled IS NOT TRUE OR line.id IN (
                SELECT move_line_id FROM recovery_charge WHERE partner_id = %(debtor)s AND state = 'accrued'))
            AND NOT %(planned)s
            """,
            debtor=debtor.id,
            planned=plan_items._covers_sql(SQL("line.id")),
        )
        bearings = self._ledger(condition, date, companies, debtor.ids, is_money_open=is_money_open)
        settled = self._read_settled(SQL("partner_id = %s", debtor.id))
        sums, counts = defaultdict(Decimal), Counter()
        for bearing in bearings:
            if figures := settled.pop(bearing.item_id, None):
                sums[bearing.currency_id] += self._left_to_book(bearing, figures)
            else:
                counts[bearing.currency_id, bearing.decimals] += (bearing.interest or 0) + (bearing.fee or 0)
        for (currency_id, decimals), count in counts.items():
            sums[currency_id] += in_currency_units(count, decimals)
        fees = [item_id for item_id, figures in settled.items() if "bank_fee" in figures]
        for item, charges in self._charged_by_banks(fees, companies, date):
            sums[item.currency_id.id] += charges.open_total - charges.excess
        currencies = self.env["res.currency"].browse(sums)
        return {currency: currency.round(float(sums[currency.id])) for currency in currencies}

    def _charged_by_banks(self, item_ids, companies, date):
        """Return (item, Charges) of those of some items, which bear nothing but a bank's fee, that no plan covers."""
        if not item_ids:
            return []
        items = self.env["account.move.line"].browse(item_ids) - self._planned(
            [("move_line_id", "in", item_ids)]
        )
        items = items.filtered(lambda item: item.company_id in companies)
        charges = self._charges(items, date)
        return [(item, charges[item.id]) for item in items]

    def _left_to_book(self, bearing, settled):
        """Return what is to book of ``bearing``, less what an invoice claims too much, as an amount of its currency.

        :param settled: fields of Charges that say what was booked and waived of it
        """
        counts = {"interest": bearing.interest or 0, "fee": bearing.fee or 0}
        amounts = {name: in_currency_units(count, bearing.decimals) for name, count in counts.items()}
        charges = Charges(
            rule=self.env["recovery.interest.rule"],
            problem=bearing.problem if bearing.interest is None else "",
            fee_problem=bearing.problem if bearing.fee is None else "",
            **amounts,
            **settled,
        )
        return charges.open_total - charges.excess

    @api.model
    def _planned(self, domain):
        """Return the items in running plans, whose terms say what lateness costs, that ``domain`` asks for."""
        # sudo: which items a plan covers decides what is told, whoever asks
        covered = self.env["recovery.plan.item"].sudo().search([*domain, ("is_live", "=", True)])
        return covered.move_line_id.sudo(self.env.su)

    def _price(self, items, date):
        """Return {item id: Charges} of the items asked for."""
        fees = invoice_fees(items, date, self._coin_units)
        return {
            item.id: self._price_item(item, date, fees.get(item.id, 0)) for item in items if item.is_asked
        }

    def _price_item(self, item, date, fee):
        """Return the Charges of one item; where interest cannot be found, the fixed sum and the reason."""
        rule, coin = item.rule, self._coin_of(item)
        fee = in_currency_units(fee, item.decimals)
        fee = round_to_unit(fee, coin) if coin else fee
        figures = Charges(
            rule=rule.record,
            fee=fee,
            date_due=item.date_due or None,
            until=date,
            fee_problem=self._fee_problem(item) if is_fee_unknown(item, date) else "",
        )
        if rule.broken:
            start = start_of_interest(item)
            return replace(figures, problem=rule.broken if start and start < date else "")
        try:
            result = interest_of(item, date, fee)
        except KernelError as error:
            return replace(figures, problem=kernel_message(self.env, error))
        return replace(
            figures,
            interest=round_to_unit(result.amount_unrounded, coin) if coin else result.total,
            segments=result.segments,
            rate_extrapolated=result.rate_extrapolated,
            until=end_of_interest(item, date),
        )

    def _coin_of(self, item):
        """Return the smallest amount of an item's currency where that is more than one of its last decimal."""
        # sudo: what a currency is, is no secret
        coin = smallest(self.env["res.currency"].sudo().browse(item.currency_id))
        return None if coin == quantum(item.decimals) else coin

    def _coin_units(self, item):
        """Return how many of the last decimal of an item's currency its smallest coin is."""
        coin = self._coin_of(item)
        return int(coin.scaleb(item.decimals)) if coin else 1

    def _fee_problem(self, item):
        """Say which exchange rate the fixed sum of an item waits for."""
        # sudo: names of currencies, archived ones too
        currencies = self.env["res.currency"].sudo()
        return self.env._(
            "No exchange rate is known between %(own)s and %(fee)s, the currency of the fixed sum: enter one.",
            own=currencies.browse(item.currency_id).name,
            fee=currencies.browse(item.rule.fee_currency_id).name,
        )

    def _read_settled(self, condition: SQL):
        """Return what was booked and waived, and what banks asked: {item id: {field of Charges: amount}}.

        :param condition: on charges
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move_line_id, kind, state,
                       SUM(CASE WHEN state = 'booked' THEN amount_booked ELSE amount END)::text
                  FROM recovery_charge
                 WHERE %s AND (kind = 'bank_fee') = (state NOT IN ('booked', 'waived'))
                   AND state <> 'reversed'
                 GROUP BY move_line_id, kind, state
                """,
                condition,
            )
        )
        settled = defaultdict(dict)
        for item_id, kind, state, amount in rows:
            field = {"interest": f"{state}_interest", "fixed_sum": f"{state}_fee"}.get(kind, kind)
            settled[item_id][field] = Decimal(amount)
        return settled
