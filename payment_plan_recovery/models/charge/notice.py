"""Late charges on notices: which levels state them, and the statement a court expects."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ...tools.money import quantum, settle_running


class ChargeLine(NamedTuple):
    """A printed line of the statement of charges; ``rate`` is text in the debtor's language, without sign.

    ``number`` is that of the invoice it is about.
    """

    label: str
    amount: float
    currency: Any
    base: float = 0.0
    rate: str = ""
    days: int = 0
    rate_extrapolated: bool = False
    number: str = ""
    #: The amount is not known yet, and not given up.
    reserved: bool = False
    #: Interest, or what is taken off it; else a fixed sum, a bank's fee or what is to be credited.
    is_interest: bool = False
    #: What the law grants for the costs of collecting the invoice.
    is_fixed_sum: bool = False
    #: The invoice and the days alone, where a column says that it is interest.
    in_column: str = ""


class RecoveryDunningLevel(models.Model):
    _inherit = "recovery.dunning.level"

    states_charges = fields.Boolean(
        string="States late charges",
        compute="_compute_states_charges",
        store=True,
        readonly=False,
        precompute=True,
        help="Notices of this level claim interest and fixed sums next to the invoices, with their working.",
    )

    @api.depends("letter_kind")
    def _compute_states_charges(self):
        for level in self:
            level.states_charges = level.letter_kind == "formal_notice"


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _state_charges(self, contents):
        """Add the statement of charges at the notice's date to {notice id: Content}, where the level says so."""
        stating = self.filtered("level_id.states_charges")
        for date, notices in stating.grouped("date").items():
            lines = notices.line_ids.filtered("is_live")
            charges = lines.move_line_id._recovery_charges(date)
            for notice in notices:
                content = contents[notice.id]
                told = lines.filtered(lambda line, notice=notice: line.notice_id == notice)
                content.allocation = told._allocation(charges, content)
                content.claims = [
                    replace(claim, charges=line._charge_lines(charges, claim, content))
                    for line, claim in zip(told, content.claims, strict=True)
                ]


class RecoveryNoticeLine(models.Model):
    _inherit = "recovery.notice.line"

    def _allocation(self, charges, content):
        """Return in which order part payments settle what is owed, in the content's language; "" unless all alike."""
        rules = {charges[item.id].rule for item in self.move_line_id if item.id in charges}
        found = {rule._allocation_told(content.env) for rule in rules if rule}
        return found.pop() if len(found) == 1 else ""

    def _charge_lines(self, charges, claim, content):
        """Return the claim's part of the statement of charges: {item id: Charges} worded as ChargeLines."""
        found = charges.get(self.move_line_id.id)
        return tuple(statement(found, content, claim.number, claim.currency)) if found else ()


def statement(charges, content, number, currency):
    """Yield the printed lines of one item's open charges: working, what was claimed already, fixed sum.

    ``content`` words days in the debtor's language. The lines add up to what is open, less what an invoice claims
    too much, to the cent; those up to a payment to the interest that it was set against.
    """
    env = content.env
    if charges.open_interest:
        yield from _interest_lines(charges, content, number, currency)
        yield from _deductions(charges, env, number, currency)
    yield from _reserved(charges, env, number, currency)
    if charges.open_fee:
        label = env._("%s: fixed sum for collection costs", number)
        amount = float(charges.open_fee)
        yield ChargeLine(label=label, amount=amount, currency=currency, number=number, is_fixed_sum=True)
    if charges.bank_fee:
        label = env._("%s: bank's fee for the payment that came back", number)
        yield ChargeLine(label=label, amount=float(charges.bank_fee), currency=currency, number=number)
    if charges.excess:
        label = env._("%s: invoiced too much, to be credited", number)
        yield ChargeLine(label=label, amount=-float(charges.excess), currency=currency, number=number)


def _reserved(charges, env, number, currency):
    """Yield what cannot be computed yet and is not given up."""
    if charges.problem:
        label = env._("%s: interest, once it can be computed", number)
        yield ChargeLine(
            label=label, amount=0.0, currency=currency, number=number, reserved=True, is_interest=True
        )
    if charges.fee_problem:
        label = env._("%s: fixed sum, once an exchange rate is known", number)
        yield ChargeLine(label=label, amount=0.0, currency=currency, number=number, reserved=True)


def _interest_lines(charges, content, number, currency):
    """Yield what interest an item bore, a line for each span of days of one base and rate."""
    env = content.env
    unit = quantum(currency.decimal_places)
    amounts = settle_running(
        [segment.amount_unrounded for segment in charges.segments], charges.interest, unit
    )
    for segment, amount in zip(charges.segments, amounts, strict=True):
        period = {
            "number": number,
            "date_from": content.day(segment.date_from),
            "date_to": content.day(segment.date_to),
        }
        yield ChargeLine(
            label=env._("%(number)s: interest from %(date_from)s to %(date_to)s", **period),
            in_column=env._("%(number)s, from %(date_from)s to %(date_to)s", **period),
            amount=float(amount),
            currency=currency,
            base=currency.round(float(segment.base)),
            rate=formatLang(env, float(segment.rate), digits=2),
            days=segment.days,
            rate_extrapolated=segment.rate_extrapolated,
            number=number,
            is_interest=True,
        )


def _deductions(charges, env, number, currency):
    """Yield what of the interest is claimed elsewhere or was given up."""
    if charges.booked_interest > Decimal(0):
        label = env._("%s: interest invoiced already", number)
        amount = -float(charges.booked_interest)
        yield ChargeLine(label=label, amount=amount, currency=currency, number=number, is_interest=True)
    if charges.waived_interest > Decimal(0):
        label = env._("%s: interest waived", number)
        amount = -float(charges.waived_interest)
        yield ChargeLine(label=label, amount=amount, currency=currency, number=number, is_interest=True)
