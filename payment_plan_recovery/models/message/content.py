"""What a debtor is told: gathered once for a batch, worded by messages, mails and printed documents alike."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from odoo.tools.misc import format_date

from ...tools.text import SIREN_DIGITS, one_line, spaced_siret
from .amount_words import amount_in_words
from .claim_content import charge_rows, let_go_by_currency
from .letter_window import in_lines
from .means_of_payment import MeansOfPayment
from .worded import Worded

#: Days late up to which a claim belongs to one age: not due, 1 to 30, 31 to 60, 61 to 90, older.
AGE_LIMITS = (0, 30, 60, 90)
#: What the first day of a month is called where it is not its number, by language.
FIRST_OF_MONTH = {"fr": "1er"}
#: Rows up to which a table is not divided between two pages.
SHORT_TABLE = 8


@dataclass
class Content(MeansOfPayment):
    """Everything a message or document to one debtor may say, in the debtor's language.

    ``company`` is the creditor, ``debtor`` the commercial entity that owes and ``contact`` whoever the message is
    addressed to; the records carry the language in their context. ``credits`` are what was received and is matched
    with nothing yet, taken off what is to pay: currency → amount. ``waiting`` is money that nobody can lay over the
    claims yet, in another currency or in suspense: it is told.
    """

    company: Any
    debtor: Any
    contact: Any
    responsible: Any
    date: date
    #: Last day to pay; None while ``days_from_receipt`` are counted from the receipt of the letter.
    deadline: date | None
    reference: str
    claims: list = field(default_factory=list)
    credits: dict = field(default_factory=dict)
    waiting: dict = field(default_factory=dict)
    level: Any = None
    plan: Any = None
    #: Whether what is in no plan, or in others, is told of too.
    is_mixed: bool = False
    #: What a QR code pays, by currency, when it is not all that is to pay: the next instalment of a plan.
    next_payment: dict = field(default_factory=dict)
    #: Whether the creditor takes it by itself, so that the debtor transfers nothing.
    is_taken: bool = False
    #: Printed lines of late charges stated next to the claims: of a whole account, paid invoices included.
    account_charges: tuple = ()
    #: What the debtor promised to pay, by currency; what an incentive gives, a sentence each.
    promised: dict = field(default_factory=dict)
    benefits: tuple = ()
    #: In which order part payments settle what lateness costs and the invoice, where charges are stated.
    allocation: str = ""
    days_from_receipt: int = 0
    #: Amounts and days in words, which the contents of a batch share.
    worded: Worded | None = None

    def __post_init__(self):
        self.worded = self.worded or Worded(self.env)

    @property
    def env(self):
        return self.company.env

    # Words -------------------------------------------------------------------------------

    def money(self, amount, currency):
        """Return ``amount`` as the debtor's language writes it, with the currency's sign."""
        return self.worded.amounts[amount, currency or self.company.currency_id]

    def sums(self, amounts):
        """Return amounts by currency as text: "1,200.00 € + $ 300.00"."""
        return " + ".join(self.money(amount, currency) for currency, amount in amounts.items())

    def day(self, day):
        return self.worded.day(day, self.debtor) if day else ""

    def dateline(self, day=None):
        """Return where and when the document is written, as a letter begins; its own day where none is given."""
        day = self._written_out(day or self.date)
        city = one_line(self.company.partner_id.city or "")
        return self.env._("%(city)s, %(day)s", city=city, day=day) if city else day

    def _written_out(self, day):
        """Return a day with the name of its month; the first as the language says it, which its pattern does not."""
        words = format_date(self.env, day, date_format="long")
        first = FIRST_OF_MONTH.get((self.env.lang or "")[:2])
        return f"{first}{words.removeprefix('1')}" if first and day.day == 1 else words

    def deadline_text(self):
        """Return until when to pay: a day, or counted from the receipt of the letter."""
        days = self.days_from_receipt
        if self.deadline or not days:
            return self.day(self.deadline)
        return self.env._("the last of the %s days that follow your receipt of this letter", days)

    def name(self, partner):
        """Return a partner's name on one line; the e-mail address stands in for a missing one."""
        return one_line(partner.name or partner.email or "")

    def postal_lines(self):
        """Return whom and where a letter is sent to, on as many lines as a window shows, the town last.

        The country is left out of an address in the creditor's own.
        """
        contact = self.contact
        names = [self.name(self.debtor)] if contact != self.debtor else []
        abroad = contact.country_id._recovery_law() != self.company._recovery_country()._recovery_law()
        place = contact._display_address(without_company=True).splitlines()
        lines = [one_line(line) for line in place]
        if not abroad:
            lines = [line for line in lines if line != contact.country_id.name]
        names = [line for line in [*names, self.name(contact)] if line]
        return in_lines(names, [line for line in lines if line])

    def numbers(self):
        """Return the claims' numbers, the first ones only when they are many."""
        shown = ", ".join(claim.number for claim in self.claims[:5])
        more = len(self.claims) - 5
        return shown + (self.env._(" and %s more", more) if more > 0 else "")

    def claims_table(self):
        """Return the table of claims as HTML for a mail."""
        return self.env["ir.qweb"]._render("payment_plan_recovery.mail_claims_table", {"content": self})

    def kept_whole(self, rows):
        """Return the class that keeps a short table on one page, none for a longer one."""
        return "o_recovery_keep" if len(rows) <= SHORT_TABLE else ""

    def identity(self, partner):
        """Return the lines that identify a party: registration and tax numbers, each with its label."""
        told = []
        if partner.company_registry:
            told.append((self._registry_label(partner), self._registry_number(partner)))
        if partner.vat and partner.is_company:
            told.append((partner.country_id.vat_label or self.env._("Tax ID"), one_line(partner.vat)))
        return [self.env._("%(label)s: %(number)s", label=label, number=number) for label, number in told]

    def _registry_number(self, partner):
        """Return the number in the register of companies as the partner's country writes it."""
        number = one_line(partner.company_registry)
        return spaced_siret(number) if partner.country_id._recovery_law().code == "FR" else number

    def _registry_label(self, partner):
        """Return what the partner's country calls the number in its register of companies."""
        if (country := partner.country_id._recovery_law().code) == "FR":
            # the number of the company, or that of one of its establishments
            return "SIREN" if len("".join(partner.company_registry.split())) == SIREN_DIGITS else "SIRET"
        return partner._get_company_registry_labels().get(country) or self.env._("Registration number")

    def receipt_text(self, receipt, currency):
        """Return what was received on a claim, as one sentence to translate."""
        return self.env._(
            "received %(date)s: %(amount)s (%(label)s)",
            date=self.day(receipt.date),
            amount=self.money(receipt.amount, currency),
            label=receipt.label,
        )

    def imputation(self):
        """Return what part payments were set against, where there were any."""
        if not any(claim.receipts for claim in self.claims):
            return ""
        if not self.allocation:
            return self.env._(
                "Part payments settle the invoice they were made for, otherwise the one due first."
            )
        order = self.allocation[0].lower() + self.allocation[1:]
        return self.env._("Part payments settle, in this order: %s.", order)

    def charge_text(self, charge):
        """Return a line of late charges with its working, as one sentence to translate."""
        if not charge.rate:
            return charge.label
        return self.env._(
            "%(charge)s: %(days)s at %(rate)s %% on %(base)s",
            charge=charge.label,
            days=self.worded.length(charge.days),
            rate=charge.rate,
            base=self.money(charge.base, charge.currency),
        )

    def branch(self, claim):
        """Return the company that is owed ``claim``, "" where all is owed to the one that writes."""
        return claim.branch if self._tells_branches else ""

    @cached_property
    def _tells_branches(self):
        return any(claim.branch not in ("", self.company.name) for claim in self.claims)

    # Figures -----------------------------------------------------------------------------

    @cached_property
    def totals(self):
        """Sum of the claims, by currency."""
        totals = defaultdict(float)
        for claim in self.claims:
            totals[claim.currency] += claim.residual
        return {currency: currency.round(amount) for currency, amount in totals.items()}

    @cached_property
    def let_go(self):
        """What the ledger holds open of the claims and nobody asks for any more, by currency."""
        return let_go_by_currency(self.claims)

    @property
    def less_let_go(self):
        """The same as it is taken off what is to pay."""
        return {currency: -amount for currency, amount in self.let_go.items()}

    @cached_property
    def balances(self):
        """What is to pay, by currency: claims and late charges less unmatched credits and what is let go, not below
        zero."""
        return {currency: max(amount, 0.0) for currency, amount in self._differences.items()}

    @cached_property
    def in_favour(self):
        """What the debtor has left over, by currency."""
        return {currency: -amount for currency, amount in self._differences.items() if amount < 0}

    @cached_property
    def _differences(self):
        """Claims and late charges less unmatched credits and what is let go, by currency."""
        currencies = dict.fromkeys([*self.totals, *self.charged, *self.credits])
        return {
            currency: currency.round(
                self.totals.get(currency, 0.0)
                + self.charged.get(currency, 0.0)
                - self.credits.get(currency, 0.0)
                - self.let_go.get(currency, 0.0)
            )
            for currency in currencies
        }

    @property
    def less_credits(self):
        """What was received and not matched, as it is taken off, by currency."""
        return {currency: -amount for currency, amount in self.credits.items()}

    @property
    def is_empty(self):
        """Whether nothing is open, neither what is owed nor what was received."""
        return not (self.claims or self.credits or self.charges)

    @property
    def to_pay(self):
        """What the message asks for, by currency."""
        return self.promised or self.balances

    @cached_property
    def charged(self):
        """Late charges stated with the claims, by currency."""
        charged = defaultdict(float)
        for charge in self.charges:
            charged[charge.currency] += charge.amount
        return {currency: currency.round(amount) for currency, amount in charged.items()}

    @property
    def oldest_due(self):
        return min((claim.date_due for claim in self.claims if not claim.is_let_go), default=None)

    @property
    def days_late(self):
        return max((self.date - self.oldest_due).days, 0) if self.oldest_due else 0

    @property
    def charges(self):
        return [*(charge for claim in self.claims for charge in claim.charges), *self.account_charges]

    @property
    def charges_by_invoice(self):
        """The rows of late charges, those of each invoice together."""
        return charge_rows(self.charges)

    @property
    def plan_total_words(self):
        """The plan's total in words, as the document's language writes money."""
        return amount_in_words(self.plan.amount_total, self.plan.currency_id) if self.plan else ""

    def handwritten_mention(self):
        """Return what who acknowledges a debt writes in its own hand (C. civ. 1376)."""
        return self.env._(
            "“Good for the sum of %(figures)s (%(words)s)”",
            figures=self.money(self.plan.amount_total, self.plan.currency_id),
            words=self.plan_total_words,
        )

    @property
    def ageing(self):
        """What is uncovered of the claims by age at the content's date: [(name of the age, {currency: amount})].

        The last ones are what is let go and what is in the debtor's favour, where anything is: together they are the
        account's balance.
        """
        ages = {name: defaultdict(float) for name in self._age_names()}
        names = list(ages)
        for claim in self.claims:
            late = (self.date - claim.date_due).days
            name = names[sum(late > limit for limit in AGE_LIMITS)]
            ages[name][claim.currency] += claim.residual - claim.covered - claim.let_go
        rounded = [(name, _rounded(amounts)) for name, amounts in ages.items()]
        if self.let_go:
            rounded.append((self.env._("No longer asked for"), self.let_go))
        favour = {currency: -amount for currency, amount in self.in_favour.items()}
        return [*rounded, (self.env._("In your favour"), favour)] if favour else rounded

    def _age_names(self):
        return (
            self.env._("Not due"),
            *(
                self.env._("%(first)s to %(last)s days", first=first + 1, last=last)
                for first, last in pairwise(AGE_LIMITS)
            ),
            self.env._("Over %s days", AGE_LIMITS[-1]),
        )

    # Calling -----------------------------------------------------------------------------

    @property
    def phone(self):
        return self.responsible.phone or self.company.phone or ""

    @property
    def email(self):
        return self.responsible.email or self.company.email or ""


def _rounded(amounts):
    """Return amounts by currency rounded, without those that are nothing."""
    rounded = {currency: currency.round(amount) for currency, amount in amounts.items()}
    return {currency: amount for currency, amount in rounded.items() if amount}
