"""What stands in a printed document, read back from its PDF."""

import io

from odoo.tools.pdf import PdfReader


def pages(pdf):
    """The text of each page, blanks collapsed."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def pictures(pdf):
    """The sizes of the pictures of a document's first page."""
    return [picture.image.size for picture in PdfReader(io.BytesIO(pdf)).pages[0].images]


def smallest_type(pdf):
    """The height of the smallest letters of a document, in points."""
    heights = []

    def see(text, on_page, in_text, _font, size):
        if text.strip():
            heights.append(size * abs(in_text[3] * on_page[3]))

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=see)
    return min(heights)
