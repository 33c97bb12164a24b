"""What a ledger gives the demonstration, wherever it comes from."""

import datetime
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Dispute:
    """An invoice whose debtor contests a part of it, or all."""

    number: str
    amount: Decimal  # zero for the whole invoice
    reason: str
    since: datetime.date


class Source:
    """A ledger as documents to book.

    ``identity`` tells one ledger from another, so that a database goes on with the one it holds.
    """

    identity = ""
    #: Whether the story may go on with payments and orders of its own; somebody's own ledger stays as it is.
    is_invented = True
    #: What credit limits are rounded to; None for what the scorecards say.
    limit_unit = None
    seed = None
    date = datetime.date.max
    debtors = ()
    invoices = ()
    credit_notes = ()
    transfers = ()
    disputes = ()
    #: References of debtors to offer a plan, best first.
    plan_candidates = ()
    #: Debtors who came to an agreement earlier, apart from the ledger.
    agreements = ()
    #: {reference of a firm whose annual accounts are known: its habit of paying}.
    accounts = {}  # noqa: RUF012 (never changed)
    #: {reference of a firm that an agency rates: its registration number}.
    registrations = {}  # noqa: RUF012 (never changed)

    def differences(self, env):
        """Lines that say where Odoo's figures are not the ledger's, to the cent."""
        raise NotImplementedError
