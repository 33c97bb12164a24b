"""Late charges on notices: which levels state them, and the statement a court expects."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ...tools.money import quantum, settle


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
                content.claims = [
                    replace(claim, charges=line._charge_lines(charges, claim, content))
                    for line, claim in zip(told, content.claims, strict=True)
                ]


class RecoveryNoticeLine(models.Model):
    _inherit = "recovery.notice.line"

    def _charge_lines(self, charges, claim, content):
        """Return the claim's part of the statement of charges: {item id: Charges} worded as ChargeLines."""
        found = charges.get(self.move_line_id.id)
        return tuple(statement(found, content, claim.number, claim.currency)) if found else ()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _state_charges(self, contents):
        """Add what is to book for paying late, with its working, to statements of account of one company and day.

        ``contents`` are {debtor id: Content}. Paid invoices too, while nobody booked or waived their charges; not
        what a running plan covers: its terms say what lateness costs.
        """
        if not contents:
            return
        company, date = next((content.company, content.date) for content in contents.values())
        debtors = self.with_context(allowed_company_ids=company.ids)
        found = debtors.recovery_charges(date)
        # sudo: which items a plan covers decides what is printed, whoever prints it
        planned = (
            self.env["recovery.plan.item"]
            .sudo()
            .search([("move_line_id", "in", list(found)), ("is_live", "=", True)])
        )
        items = self.env["account.move.line"].browse(found) - planned.move_line_id.sudo(False)
        for item in items.sorted(lambda item: (item.date_maturity or date, item.id)):
            content = contents[item.partner_id.commercial_partner_id.id]
            content.account_charges += tuple(
                statement(found[item.id], content, item._recovery_number(), item.currency_id)
            )


def statement(charges, content, number, currency):
    """Yield the printed lines of one item's open charges: working, what was claimed already, fixed sum.

    ``content`` words days in the debtor's language. The lines add up to what is open, to the cent.
    """
    env = content.env
    if charges.open_interest:
        unit = quantum(currency.decimal_places)
        amounts = settle([segment.amount_unrounded for segment in charges.segments], charges.interest, unit)
        for segment, amount in zip(charges.segments, amounts, strict=True):
            period = {
                "number": number,
                "date_from": content.day(segment.date_from),
                "date_to": content.day(segment.date_to),
            }
            yield ChargeLine(
                label=env._("%(number)s: interest from %(date_from)s to %(date_to)s", **period),
                amount=float(amount),
                currency=currency,
                base=currency.round(float(segment.base)),
                rate=formatLang(env, float(segment.rate), digits=2),
                days=segment.days,
                rate_extrapolated=segment.rate_extrapolated,
                number=number,
            )
        yield from _deductions(charges, env, number, currency)
    if charges.open_fee:
        label = env._("%s: fixed sum for collection costs", number)
        yield ChargeLine(label=label, amount=float(charges.open_fee), currency=currency, number=number)


def _deductions(charges, env, number, currency):
    """Yield what of the interest is claimed elsewhere or was given up."""
    if charges.booked_interest > Decimal(0):
        label = env._("%s: interest invoiced already", number)
        yield ChargeLine(
            label=label, amount=-float(charges.booked_interest), currency=currency, number=number
        )
    if charges.waived_interest > Decimal(0):
        label = env._("%s: interest waived", number)
        yield ChargeLine(
            label=label, amount=-float(charges.waived_interest), currency=currency, number=number
        )
