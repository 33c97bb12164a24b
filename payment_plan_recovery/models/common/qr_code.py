"""QR codes drawn as what they are, black and white squares.

Odoo's drawing takes a third of the time in which wkhtmltopdf prints the whole letter, and a letter has two codes: what
is drawn here, with the mask of ``qr_mask``, takes a seventh of that.
"""

import io

from PIL import Image
from reportlab.graphics.barcode import qrencoder

from .qr_mask import MaskedCode

#: Dots for each square: enough for a printer of 600 dots per inch at the size of a letter's code.
DOTS = 6


def qr_png(value, level="L", border=0):
    """Return ``value`` as a QR code in PNG.

    :param level: share of the code that may be damaged: "L" 7 %, "M" 15 %, "Q" 25 %, "H" 30 %
    :param border: white squares around it
    :raise ValueError: a value that is too long for a code
    """
    code = MaskedCode(None, getattr(qrencoder.QRErrorCorrectLevel, level))
    code.addData(value)
    code.make()
    size = code.getModuleCount()
    squares = Image.new("1", (size + 2 * border,) * 2, 1)
    squares.putdata(_dots(code.modules, size, border))
    image = squares.resize((squares.width * DOTS, squares.height * DOTS), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _dots(modules, size, border):
    """Return the picture row by row, 0 for a dark square."""
    edge, side = [1] * (border * (size + 2 * border)), [1] * border
    rows = [dot for row in modules for dot in (*side, *(0 if dark else 1 for dark in row), *side)]
    return [*edge, *rows, *edge]
