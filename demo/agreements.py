"""Debtors who agreed to pay by instalments in the months before the ledger's date, and what became of it.

They are nobody of the ledger: their invoices are their own, so that its sums stay what they are.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from .books import Bill
from .catalogue import VAT_RATE
from .habits import working_day
from .records import Debtor
from .terminal import Step

#: Parameter that remembers the last day that was lived through: what was agreed then is not judged again.
LIVED = "payment_plan_recovery.demo_lived"
#: From the first instalments' month back to the day the agreements were signed.
SIGNED_BEFORE = timedelta(days=10)
MONTHS = 3  # since the first instalment of the oldest agreements
#: After the second instalment's date: past tolerance and grace, then past the cure notice's deadline.
IN_DEFAULT_AFTER = timedelta(days=9)
CURE_OVER_AFTER = timedelta(days=10)
CURRENCY = "EUR"


@dataclass(frozen=True)
class Change:
    """What a debtor asked for who could no longer pay as agreed."""

    reason: str
    instalments: int
    first: relativedelta  # from the ledger's date


@dataclass(frozen=True)
class Agreement:
    """A debtor, three overdue invoices, and a plan by months of which the first instalments were paid."""

    ref: str
    name: str
    street: str
    zip: str
    city: str
    amounts: tuple  # of the invoices, without VAT
    instalments: int
    first: relativedelta  # back from the ledger's date
    paid: int  # instalments paid on their dates
    discount: float = 0  # percent of what is paid on time
    change: Change | None = None

    @property
    def debtor(self):
        plain = unicodedata.normalize("NFKD", self.name.lower()).encode("ascii", "ignore").decode()
        slug = re.sub("[^a-z0-9]+", "-", plain)
        return Debtor(
            ref=self.ref,
            name=self.name,
            is_company=True,
            lang="fr_FR",
            country="FR",
            street=self.street,
            zip=self.zip,
            city=self.city,
            email=f"compta@{slug}.example",
            phone="",
            habit="",
            terms="30",
        )

    def bills(self, signed):
        """The invoices, all overdue on the day the agreement was signed; each is of another month."""
        for rank, amount in enumerate(self.amounts, 1):
            day = signed - relativedelta(months=rank + 1)
            line = (f"Livraison du mois, bon {self.ref}-{rank}", Decimal(1), Decimal(amount), VAT_RATE)
            due = day + timedelta(days=30)
            yield Bill(f"ECH/{day:%Y}/{self.ref[3:]}{rank}", self.ref, day, due, CURRENCY, (line,))


AGREEMENTS = (
    # Kept to the end, and rewarded for it.
    Agreement(
        *("ECH0001", "Café de la Rade", "4 quai Cronstadt", "83000", "Toulon"),
        amounts=("1480.00", "965.50", "1212.40"),
        instalments=4,
        first=relativedelta(months=MONTHS),
        paid=4,
        discount=3,
    ),
    # Stopped after the first instalment; the cure notice brought nothing.
    Agreement(
        *("ECH0002", "Rôtisserie du Marché-Neuf", "31 rue des Volailles", "72000", "Le Mans"),
        amounts=("2210.00", "1875.25", "1340.00"),
        instalments=6,
        first=relativedelta(months=MONTHS),
        paid=1,
    ),
    # Asked for smaller instalments before the next one was due.
    Agreement(
        *("ECH0003", "Les Tables de Montcalm", "12 place du Foirail", "09000", "Foix"),
        amounts=("3120.00", "2745.60", "1990.00"),
        instalments=6,
        first=relativedelta(months=MONTHS),
        paid=2,
        change=Change(
            "Travaux devant l'établissement jusqu'au printemps : recettes en baisse d'un tiers",
            instalments=6,
            first=relativedelta(days=15),
        ),
    ),
    # Missed an instalment a few days ago.
    Agreement(
        *("ECH0004", "Brasserie des Trois Canaux", "8 quai de la Navigation", "11100", "Narbonne"),
        amounts=("1640.00", "1105.80", "870.00"),
        instalments=6,
        first=relativedelta(months=2, days=6),
        paid=2,
    ),
    # Missed one long enough ago for the cure notice, which goes out on the ledger's date.
    Agreement(
        *("ECH0005", "Traiteur Jolivet-Armand", "19 rue du Bourg", "86000", "Poitiers"),
        amounts=("1930.00", "1420.00", "1255.30"),
        instalments=6,
        first=relativedelta(months=2, days=12),
        paid=2,
    ),
)


class Agreements:
    """The agreements of a source, lived through day by day."""

    def __init__(self, desk, books, source):
        self.desk = desk
        self.books = books
        self.agreements = source.agreements
        self.date = source.date
        self.signed = source.date - relativedelta(months=MONTHS) - SIGNED_BEFORE
        second = working_day(source.date - relativedelta(months=MONTHS - 1))
        in_default = working_day(second + IN_DEFAULT_AFTER)  # notices go out on working days
        self.changed = working_day(in_default + CURE_OVER_AFTER)
        self.days = (self.signed, in_default, self.changed, source.date) if self.agreements else ()
        self._parameters = desk.env["ir.config_parameter"].sudo()

    @property
    def days_before(self):
        """Days before the ledger's date on which something happened, and that were not lived through yet."""
        return [day for day in self.days if self._lived < str(day) and day < self.date]

    def live(self, day):
        """What happened to the agreements up to ``day``; the last day is the ledger's date."""
        if day not in self.days or self._lived >= str(day):
            return
        step = Step(f"agreements until {day}", len(self.agreements))
        for agreement in self.agreements:
            if day == self.signed:
                self._sign(agreement, day, step)
            self._receive(agreement, day, step)
            if day == self.changed and agreement.change:
                self._renegotiate(agreement)
            step.advance()
        self.desk.follow_up(day)
        self._parameters.set_param(LIVED, str(day))
        self.desk.env.cr.commit()
        step.close(f"{len(self.desk.plans())} plans")

    @property
    def _lived(self):
        return self._parameters.get_param(LIVED) or ""

    def _sign(self, agreement, day, step):
        self.books.add_debtors([agreement.debtor])
        self.books.book_bills(self.books.missing(agreement.bills(day)), step)
        self.desk.grant_plan(
            self.books.partner(agreement.ref),
            instalment_count=agreement.instalments,
            date_start=self.date - agreement.first,
            discount_percent=agreement.discount,
        )

    def _receive(self, agreement, day, step):
        """The instalments that were paid arrive on their dates; the last one less what the plan earned."""
        plan = self._plan(agreement)
        for row in plan.instalment_ids.sorted("number")[: agreement.paid]:
            if row.date_due <= day and plan.state != "superseded":
                last = row.number == agreement.instalments
                amount = plan.amount_net if last else row.amount
                self.desk.pay(self.books, row, amount, row.date_due, step)

    def _renegotiate(self, agreement):
        change = agreement.change
        self.desk.renegotiate(
            self._plan(agreement),
            change.reason,
            instalment_count=change.instalments,
            date_start=self.date + change.first,
        )

    def _plan(self, agreement):
        """The first plan of the agreement's debtor."""
        return self.desk.plan_of(self.books.partner(agreement.ref))
