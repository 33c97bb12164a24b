"""Amounts on two sides of an account: a column for what is debited, and one for what is credited."""

from .headings import SYNONYMS

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
_MINUS = ("-", "\u2212", "(")


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


def _one_of(adding, taking):
    if not _is_given(taking):
        return adding or taking
    if _is_given(adding):
        return f"{adding} and {taking}"  # no amount: its row is named with both
    if taking.startswith(_MINUS) or taking.endswith(_MINUS):
        return taking.strip("-\u2212()")
    # behind it, where a currency stands before it
    return f"-{taking}" if taking[0].isdigit() else f"{taking}-"


def _is_given(text):
    """Nought on a side is as good as nothing."""
    return bool(text.strip("0.,'-\u2212 \u00a0\u202f"))
