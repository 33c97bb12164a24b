"""Volumes of the paged PDF: pieces bound one after another, each page stamped with its number."""

import io
import tempfile

from odoo.tools.pdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

#: Distance of the stamp from the page's lower right corner, in points.
MARGIN = 18
STAMP_SIZE = 8


class Binder:
    """Binds pieces into temporary files of so many pieces each; pages are numbered through all of them."""

    def __init__(self, stack, pieces_of_a_volume):
        self.files = []
        self._stack = stack
        self._most = pieces_of_a_volume
        self._next_page = 1
        self._bound = 0
        self._writer = PdfWriter()

    def add(self, data, number):
        """Bind a piece and return its first page, 0 when it is no PDF that can be read."""
        try:
            pages = list(PdfReader(io.BytesIO(data), strict=False).pages) if data[:4] == b"%PDF" else []
        except Exception:  # whatever is wrong with somebody's file, it is in the ZIP as it came
            pages = []
        if not pages:
            return 0
        if self._bound == self._most:
            self.close()
        first = self._next_page
        for page in pages:
            bound = self._writer.add_page(page)
            bound.merge_page(_stamp(bound, f"{number} · {self._next_page}"))
            self._next_page += 1
        self._bound += 1
        return first

    def close(self):
        """Write the volume that is being bound, if it holds anything; return the files of all of them."""
        if self._bound:
            file = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 closed with the stack
            self._writer.write(file)
            self.files.append(file)
        self._writer, self._bound = PdfWriter(), 0
        return self.files


def _stamp(page, text):
    """Return a page of the same size that holds nothing but ``text`` in its lower right corner."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    drawn = io.BytesIO()
    sheet = canvas.Canvas(drawn, pagesize=(width, height))
    sheet.setFont("Helvetica", STAMP_SIZE)
    sheet.drawRightString(width - MARGIN, MARGIN, text)
    sheet.save()
    return PdfReader(io.BytesIO(drawn.getvalue())).pages[0]
