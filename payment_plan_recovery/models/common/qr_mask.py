"""The mask of a QR code, chosen by the rules of ISO/IEC 18004, 7.8.3, as the library chooses it.

The library draws the code eight times and goes through it square by square. A row is one number here: another mask is
another exclusive or.
"""

import re
from functools import cache
from itertools import pairwise

from reportlab.graphics.barcode import qrencoder

MASKS = range(8)
#: Five squares or more of one colour.
RUN = re.compile("0{5,}|1{5,}")
FINDER = "10111010000"


class MaskedCode(qrencoder.QRCode):
    """The library's code, which finds its mask sooner."""

    def getBestMaskPattern(self):  # noqa: N802 the library's name
        self._dataPosList = _places(self.version)
        self.makeImpl(True, 0)
        side = self.moduleCount
        rows, columns = _numbers(self.modules), _numbers(zip(*self.modules, strict=True))
        masks = _masks(self.version, side)
        drawn = masks[0]
        losses = [
            _lost(_inverted(rows, drawn[0], by_row), _inverted(columns, drawn[1], by_column), side)
            for by_row, by_column in masks
        ]
        return losses.index(min(losses))


def _inverted(lines, drawn, asked):
    """Return the lines as another mask draws them."""
    return [line ^ before ^ now for line, before, now in zip(lines, drawn, asked, strict=True)]


def _numbers(lines):
    """Return each line of squares as a number, its first square the highest bit."""
    return [int("".join("1" if dark else "0" for dark in line), 2) for line in lines]


@cache  # by version: forty of them
def _places(version):
    """Return (column, row) of the squares that carry data, in the order in which they are filled."""
    code = qrencoder.QRCode(version, 0)
    code.moduleCount = version * 4 + 17
    return code.dataPosIterator()


@cache
def _masks(version, side):
    """Return of each mask the squares of data that it inverts: (rows, columns) as numbers."""
    masks = []
    for number in MASKS:
        inverted = [[False] * side for _row in range(side)]
        mask = qrencoder.QRUtil.getMask(number)
        for column, row in _places(version):
            inverted[row][column] = mask(row, column)
        masks.append((_numbers(inverted), _numbers(zip(*inverted, strict=True))))
    return masks


def _lost(rows, columns, side):
    """Return the points that a code loses: runs, blocks, what looks like a finder, more of one colour."""
    across, down = ([f"{line:0{side}b}" for line in lines] for lines in (rows, columns))
    lost = sum(len(run) - 2 for run in RUN.findall(" ".join(across + down)))
    # The library looks for finders in rows, and not at their last square: the same code as Odoo's comes out.
    lost += 40 * " ".join(line[:-1] for line in across).count(FINDER)
    blocks, whole = 0, (1 << side) - 1
    for row, below in pairwise(rows):
        dark, light = row & below, ~(row | below) & whole
        blocks += (dark & dark >> 1).bit_count() + (light & light >> 1).bit_count()
    dark = sum(row.bit_count() for row in rows)
    return lost + 3 * blocks + 10 * (abs(100 * dark // side**2 - 50) // 5)
