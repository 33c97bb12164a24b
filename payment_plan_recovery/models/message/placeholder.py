"""The words in {braces} of a message: the only place where one is declared."""

import re
from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup, escape
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What stands between two braces, whatever it is: anything unknown is refused.
BRACES = re.compile(r"\{([^{}]*)\}")


class Placeholder(NamedTuple):
    """A word a message may use: what it stands for, and how to get it from a notice's content."""

    help: str
    value: Callable
    block: bool = False  # a whole table: only where the message is HTML


#: name → placeholder. ``value`` takes a :class:`~.notice_content.Content` and returns text,
#: already in the debtor's language; it is escaped, unless it is Markup made here.
PLACEHOLDERS = {
    "debtor": Placeholder(_lt("Name of the debtor"), lambda content: content.name(content.debtor)),
    "contact": Placeholder(
        _lt("Person or department addressed"), lambda content: content.name(content.contact)
    ),
    "company": Placeholder(_lt("Your company"), lambda content: content.name(content.company)),
    "reference": Placeholder(
        _lt("Reference of the notice or of the plan"), lambda content: content.reference
    ),
    "date": Placeholder(_lt("Date of the message"), lambda content: content.day(content.date)),
    "deadline": Placeholder(_lt("Last day to pay"), lambda content: content.day(content.deadline)),
    "total": Placeholder(
        _lt("Amount to pay, unallocated credits deducted"), lambda content: content.sums(content.to_pay)
    ),
    "invoices": Placeholder(_lt("Numbers of the invoices or instalments"), lambda content: content.numbers()),
    "invoice_count": Placeholder(
        _lt("Number of invoices or instalments"), lambda content: str(len(content.claims))
    ),
    "due_date": Placeholder(
        _lt("Due date of the oldest claim"), lambda content: content.day(content.oldest_due)
    ),
    "days_late": Placeholder(
        _lt("Days since the oldest claim was due"), lambda content: str(content.days_late)
    ),
    "claims": Placeholder(_lt("Table of the claims"), lambda content: content.claims_table(), block=True),
    "options": Placeholder(
        _lt("Table of the ways to pay of a draft plan"),
        lambda content: content.plan._options_table(content) if content.plan else "",
        block=True,
    ),
    "bank": Placeholder(_lt("Bank account to pay to (IBAN)"), lambda content: content.bank_text()),
    "communication": Placeholder(_lt("Text to write on the payment"), lambda content: content.communication),
    "responsible": Placeholder(_lt("Who to call"), lambda content: content.name(content.responsible)),
    "phone": Placeholder(_lt("Telephone of who to call"), lambda content: content.phone),
    "email": Placeholder(_lt("E-mail address of who to call"), lambda content: content.email),
    "plan": Placeholder(_lt("Reference of the plan"), lambda content: content.plan.name or ""),
    "plan_total": Placeholder(
        _lt("Amount the plan covers"),
        lambda content: content.money(content.plan.amount_total, content.plan.currency_id),
    ),
    "plan_total_words": Placeholder(
        _lt("Amount the plan covers, in words"), lambda content: content.plan_total_words
    ),
    "cure_days": Placeholder(
        _lt("Days to make up for a late instalment"), lambda content: str(content.plan.cure_days)
    ),
    "plan_remaining": Placeholder(
        _lt("Amount of the plan still to pay"),
        lambda content: content.money(content.plan.amount_residual, content.plan.currency_id),
    ),
}


def names_used(text):
    """Return the names between braces in ``text``, known or not."""
    return [name.strip() for name in BRACES.findall(text or "")]


def fill(text, content):
    """Return ``text`` with its placeholders replaced by ``content``'s values.

    HTML (Markup) in, HTML out with every value escaped; plain text in, plain text out.
    Raises KeyError on an unknown name: better no message than one with braces in it.
    """
    is_html = isinstance(text, Markup)

    def value(match):
        found = PLACEHOLDERS[match.group(1).strip()].value(content) or ""
        return str(escape(found)) if is_html else str(found)

    filled = BRACES.sub(value, str(text or ""))
    return Markup(filled) if is_html else filled  # noqa: S704 the text is sanitized, the values are escaped
