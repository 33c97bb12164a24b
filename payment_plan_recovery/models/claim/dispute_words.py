"""What is said of a dispute: what may be wrong, and how it may end."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What a debtor may say is wrong.
CAUSES = [
    ("goods", "Goods or service faulty"),
    ("quantity", "Quantity or delivery"),
    ("price", "Price or discount"),
    ("not_ordered", "Not ordered"),
    ("not_received", "Invoice not received"),
    ("paid", "Paid already"),
    ("other", "Another reason"),
]
#: What a dispute may end with.
OUTCOMES = [
    ("accepted", "The debtor is right"),
    ("partly", "The debtor is right in part"),
    ("rejected", "The claim stands"),
    ("withdrawn", "Withdrawn by the debtor"),
    ("settled", "Paid or credited"),
]
#: What is said of one that has not ended.
NOT_CLOSED = _lt("Not closed yet")
