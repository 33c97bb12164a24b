"""Where a letter's address stands, so that it shows in the window of its envelope, and where it is folded."""

from textwrap import wrap
from typing import NamedTuple

#: Lines an address may have: what the windows of DL envelopes show.
ADDRESS_LINES = 6
#: Characters that fit a line of the narrowest of them.
LINE_CHARACTERS = 44


def in_lines(names, place):
    """Return the lines of an address whose window shows no more than so many, and no longer ones: what is longer goes
    on in a line of its own while there is room, the place first, which the postman needs more than a whole name.
    """
    told = {}
    room = ADDRESS_LINES - len(names) - len(place)
    for number in [*range(len(names), len(names) + len(place)), *range(len(names))]:
        line = [*names, *place][number]
        ways = (
            wrap(line, LINE_CHARACTERS, break_long_words=False, break_on_hyphens=way) for way in (False, True)
        )
        parts = min(ways, key=len)
        told[number] = parts if 0 < len(parts) <= room + 1 else [line]
        room -= len(told[number]) - 1
    lines = [part for number in sorted(told) for part in told[number]]
    return lines[: ADDRESS_LINES - 2] + lines[ADDRESS_LINES - 2 :][-2:]


class Window(NamedTuple):
    """Places on an A4 sheet, in millimetres from its left and upper edges.

    ``left``, ``top`` and ``width`` are those of the address, which the window shows wherever the sheet
    slides in the envelope; ``body`` is where the text may begin, ``folds`` are the folds' heights.
    """

    left: float
    top: float
    width: float
    body: float
    folds: tuple


#: Millimetres between an address and the title that follows it in Odoo's layouts: the room kept for the window is that
#: much shorter, and the title stands over the fold.
LAYOUT_GAP = 12
#: In millimetres, for a paper format that does not tell its own.
A4_WIDTH = 210

#: The windows of DL envelopes (110 by 220 mm) by the standard that declares them.
WINDOWS = {
    # AFNOR NF Z 10-011: window on the right, 20 mm from the right edge and from the lower one
    "right": Window(105, 54, 84, 88, (99, 198)),
    # DIN 5008, form B: address of 62.7 to 90 mm, 20 mm from the left edge of the sheet and 5 mm more
    "left": Window(25, 62.7, 78, 96, (105, 210)),
    # BS 4264: window on the left, 20 mm from the left edge and 18 mm from the lower one
    "left_high": Window(24, 57, 72, 90, (99, 198)),
}

#: Where the window is by custom. Elsewhere the address stands where the company's layout puts it.
COUNTRY_WINDOWS = {
    **dict.fromkeys(
        ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "MC", "BE", "LU"), "right"
    ),
    **dict.fromkeys(("IT", "ES", "PT"), "right"),
    **dict.fromkeys(("DE", "AT", "CH", "LI"), "left"),
    **dict.fromkeys(("GB", "IE"), "left_high"),
}
