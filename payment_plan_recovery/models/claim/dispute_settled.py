"""Which disputes are settled: their items were paid or credited, or the disputed part was credited."""

from collections import defaultdict


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
