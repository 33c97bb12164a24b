"""Many ids as a map of bits: whether one is among them costs the same however many they are.

A list of ids is put into a hash table by every part of a query that asks for it; a bit is looked at.
"""

from typing import NamedTuple

from odoo.tools import SQL

from .array_text import array_text

#: Up to so many ids a list is as fast, and small however far its ids lie apart.
FEW = 1000


class IdMap(NamedTuple):
    """A map as an expression of bytes, with the ids of its first and its last bit."""

    bits: SQL
    first: int
    last: int

    def holds_sql(self, record_id: SQL) -> SQL:
        """Return the condition that ``record_id`` is among the ids."""
        return SQL(
            "CASE WHEN %(id)s BETWEEN %(first)s AND %(last)s"
            " THEN get_bit(%(bits)s, (%(id)s - %(first)s)::bigint) = 1 ELSE FALSE END",
            id=record_id,
            first=self.first,
            last=self.last,
            bits=self.bits,
        )


class IdList(NamedTuple):
    """A few ids, as they are."""

    ids: list[int]

    def holds_sql(self, record_id: SQL) -> SQL:
        """Return the condition that ``record_id`` is among the ids."""
        return SQL("%s IN (SELECT unnest(%s::int[]))", record_id, array_text(self.ids))


def among(ids):
    """Return what tells in a query whether an id is among ``ids``, all above 0."""
    if len(ids) <= FEW:
        return IdList(list(ids))
    bits, first, last = mapped(ids)
    return IdMap(SQL("%s::bytea", bits), first, last)


def mapped(ids):
    """Return (map as bytes, id of its first bit, id of its last) of ``ids``, counted as PostgreSQL counts bits."""
    first = min(ids, default=0)
    bits = bytearray((max(ids, default=0) - first) // 8 + 1)
    for record_id in ids:
        place = record_id - first
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits), first, first + 8 * len(bits) - 1
