"""Amounts on two sides of an account: a column for what is debited and one for the rest, or one that says the side."""

from .cells import BELOW_ZERO, MINUSES, UnreadableError
from .headings import SYNONYMS, plain

#: What files call the two columns: in pairs, since a word of one language means something else in another.
PAIRS = (
    *(("debit", "credit"), ("debitamount", "creditamount"), ("amountdebit", "amountcredit")),
    *(
        ("montantdebit", "montantcredit"),
        ("mouvementdebit", "mouvementcredit"),
        ("soldedebiteur", "soldecrediteur"),
    ),
    *(("soll", "haben"), ("sollbetrag", "habenbetrag"), ("betragsoll", "betraghaben")),
    *(("umsatzsoll", "umsatzhaben"), ("debet", "credit"), ("dare", "avere")),
    *(("debe", "haber"), ("debito", "credito"), ("importedebe", "importehaber")),
)
#: All words for one side or the other.
WORDS = {word for pair in PAIRS for word in pair}
#: What the column of the side is called that takes away from the amount.
TAKEN_OFF = "amount, below zero"
#: What stands beside two sides under these words is what they have come to, row by row.
BALANCES = {"solde", "soldeprogressif", "soldecumule", "balance", "saldo"}
#: What stands for the sides in a column of its own, where signs do not.
_DEBITS = {"d", "db", "dr", "debit", "debet", "debe", "debito", "dare", "s", "soll", "1"}
_CREDITS = {"c", "cr", "credit", "credito", "haben", "haber", "h", "avere", "a"}


def sides_in(words, adding):
    """{place: column} of the two sides in the words of a header, nothing where it says amounts in one column.

    :param adding: "debit" or "credit": the side on which amounts are above zero
    """
    known = {"amount", *SYNONYMS["amount"].split()} - BALANCES
    pair = next((pair for pair in PAIRS if set(pair) <= set(words)), None)
    if not pair or known & set(words):
        return {}
    debit, credit = map(words.index, pair)
    columns = ("amount", TAKEN_OFF) if adding == "debit" else (TAKEN_OFF, "amount")
    balances = {place: "" for place, word in enumerate(words) if word in BALANCES}
    return {**dict(zip((debit, credit), columns, strict=True)), **balances}


def one_amount(cells, adding, taking):
    """The cells of a row with its amount at the place of the side that adds, with a minus if it was on the other."""
    if len(cells) <= max(adding, taking):
        cells = [*cells, *[""] * (max(adding, taking) + 1 - len(cells))]
    return [*cells[:adding], _one_of(cells[adding].strip(), cells[taking].strip()), *cells[adding + 1 :]]


def read_side(text):
    """The side, "debit" or "credit", that a cell for it says."""
    if not text:
        raise UnreadableError("is missing")
    if text.startswith(MINUSES):
        return "credit"
    word = plain(text)
    if text == "+" or word in _DEBITS:
        return "debit"
    if word in _CREDITS:
        return "credit"
    raise UnreadableError("is neither debit nor credit")


def _one_of(adding, taking):
    if not _is_given(taking):
        return adding or taking
    if _is_given(adding):
        return f"{adding} and {taking}"  # no amount: its row is named with both
    if taking.startswith(BELOW_ZERO) or taking.endswith(MINUSES):
        return taking.strip("".join((*BELOW_ZERO, ")")))
    # behind it, where a currency stands before it
    return f"-{taking}" if taking[0].isdigit() else f"{taking}-"


def _is_given(text):
    """Nought on a side is as good as nothing."""
    return bool(text.strip("0.,'-\u2212 \u00a0\u202f"))
