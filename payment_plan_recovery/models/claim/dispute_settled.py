"""Which disputes are settled: their items were paid or credited, or the disputed part was credited.

Of a part, what credit notes took off is settled and the rest is disputed still: the hold says how much, so that whoever
reads holds, in Python or in SQL, knows nothing of credit notes.
"""

from collections import defaultdict
from datetime import timedelta

from ..common.guarded_fields import as_action


def settled_among(disputes):
    """Return those of ``disputes`` that nothing is left to decide of."""
    named = disputes._named_items()
    parts = disputes.filtered("amount")
    credited = _credited_since(parts, named)
    return disputes.filtered(
        lambda dispute: (
            all(named[dispute].mapped("reconciled"))
            or (
                dispute in parts
                and dispute.currency_id.compare_amounts(credited[dispute], dispute.amount) >= 0
            )
        )
    )


def still_disputed(disputes):
    """Return {dispute: what is disputed still of the part that it is about, 0 for the whole of its items}.

    Where all of it was credited the dispute is closed by night, and holds until then what it held.
    """
    parts = disputes.filtered("amount")
    credited = _credited_since(parts, parts._named_items())
    left = dict.fromkeys(disputes, 0.0)
    for dispute in parts:
        rest = dispute.currency_id.round(dispute.amount - credited[dispute])
        left[dispute] = rest if rest > 0 else dispute.hold_id.amount or dispute.amount
    return left


def hold_what_is_left(disputes):
    """Hold of open ``disputes`` (by sudo) about a part what is disputed still, from today on; figures keep what was."""
    for dispute, left in still_disputed(as_action(disputes.filtered("hold_id"))).items():
        hold, today = dispute.hold_id, dispute.company_id._recovery_today()
        if not dispute.currency_id.compare_amounts(left, hold.amount) or hold.date_until:
            continue
        if hold.date_from >= today:
            hold._with_parts().amount = left
            continue
        dispute._note_past("open", hold.date_from, today, hold.id)
        hold._with_parts()._end(today - timedelta(days=1))
        dispute.hold_id = False
        dispute._hold(date_from=today)


def _credited_since(disputes, named):
    """Return {dispute: what credit notes took off its items since it was opened}: that was the disputed part.

    :param named: {dispute: its items}
    """
    credited = defaultdict(float)
    if not disputes:
        return credited
    items = named[disputes[0]].union(*(named[dispute] for dispute in disputes))
    # sudo: what was credited does not depend on who looks
    partials = disputes.env["account.partial.reconcile"].sudo()
    taken = partials.search(
        [("debit_move_id", "in", items.ids), ("credit_move_id.move_id.move_type", "=", "out_refund")]
    ).grouped("debit_move_id")
    for dispute in disputes:
        for item in named[dispute].sudo():
            credited[dispute] += sum(
                partial.debit_amount_currency
                for partial in taken.get(item, ())
                if partial.credit_move_id.date >= dispute.date_opened
            )
    return credited
