"""Volumes of the paged PDF: pieces bound one after another, each page stamped with its number.

Pieces come from anybody, and a small file may unpack to more than a server holds: what stands on a page is bound as it
was packed, and what has to be unpacked to find the pages is measured before.
"""

import io
import re
import tempfile
import zlib

from odoo.tools.pdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

#: Distance of the stamp from the page's lower right corner, in points.
MARGIN = 18
STAMP_SIZE = 8
#: Width of a digit of the stamp's font, in parts of its size.
DIGIT = 0.556
#: What the stamp's font is called among those of a page.
FONT = NameObject("/RecoveryStamp")
#: Pages of one piece; bytes that what says where they are may unpack to, and how often it may point at something.
MAX_PAGES = 5_000
MAX_TABLES = 20_000_000
MAX_REFERENCES = 300_000
REFERENCE = b" R"
_STREAM = re.compile(rb"stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
#: How far before its content a stream's own words begin.
WORDS_OF_STREAM = 1_000
BLOCK = 1 << 20


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
        pages = _pages(data)
        if not pages:
            return 0
        if self._bound == self._most:
            self.close()
        first = self._next_page
        for page in pages:
            _stamp(self._writer, self._writer.add_page(page), f"{number} · {self._next_page}")
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


def _pages(data):
    """Return the pages of a piece, none when it cannot be read, or not within bounds: it is in the ZIP as it came."""
    if data[:4] != b"%PDF" or not _is_bearable(data):
        return []
    try:
        found = PdfReader(io.BytesIO(data), strict=False).pages
        found = list(found) if len(found) <= MAX_PAGES else []
        trial = PdfWriter()
        for page in found:
            trial.add_page(page)
    except Exception:  # whatever is wrong with somebody's file
        return []
    return found


def _is_bearable(data):
    """Tell whether what says where the pages of a PDF are is no more than a server holds, unpacking no more."""
    size, references = 0, data.count(REFERENCE)
    for block in _tables(data):
        size, references = size + len(block), references + block.count(REFERENCE)
        if size > MAX_TABLES or references > MAX_REFERENCES:
            return False
    return references <= MAX_REFERENCES


def _tables(data):
    """Yield, unpacked block by block, the parts of a PDF that say where the others are."""
    for start in _STREAM.finditer(data):
        words = data[max(0, start.start() - WORDS_OF_STREAM) : start.start()].rpartition(b" obj")[2]
        words = _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), words)
        if b"ObjStm" in words or b"XRef" in words:
            yield from _unpacked(memoryview(data)[start.end() :])


def _unpacked(packed):
    unpacker = zlib.decompressobj()
    try:
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, BLOCK)
            packed = unpacker.unconsumed_tail
    except zlib.error:  # packed otherwise, or broken
        return


def _stamp(writer, page, text):
    """Write ``text`` into the lower right corner of a page, around what stands there as it is packed."""
    box = page.mediabox
    across = float(box.right) - MARGIN - STAMP_SIZE * DIGIT * len(text)
    height = float(box.bottom) + MARGIN
    words = f"\nQ\nq 0 g BT {FONT} {STAMP_SIZE} Tf {across:.2f} {height:.2f} Td ({text}) Tj ET Q\n"
    within = page.get("/Contents")
    within = within.get_object() if within is not None else ArrayObject()
    parts = within if isinstance(within, ArrayObject) else [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject(
        [_stream(writer, b"q\n"), *parts, _stream(writer, words.encode("cp1252"))]
    )
    _fonts_of(page)[FONT] = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )


def _stream(writer, content):
    stream = DecodedStreamObject()
    stream.set_data(content)
    return writer._add_object(stream)


def _fonts_of(page):
    """Return the fonts of a page, to which one can be added."""
    found = page
    for name in ("/Resources", "/Font"):
        if name not in found or not isinstance(found[name], DictionaryObject):
            found[NameObject(name)] = DictionaryObject()
        found = found[name]
    return found
