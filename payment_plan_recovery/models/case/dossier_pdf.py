"""Volumes of the paged PDF: pieces bound one after another, each page stamped with its number.

Pieces come from anybody, and a small file may unpack to more than a server holds: what stands on a page is bound as it
was packed, and what has to be unpacked to find the pages is measured before.
"""

import io
import tempfile
import zlib

# By Odoo, whichever of PyPDF2 and pypdf it found: it needs one of them, and says which.
from odoo.tools.pdf import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfReader,
    PdfWriter,
    generic,
)

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
#: How many entries of tables may be looked through for what pages are made of: each time from the first one on.
MAX_SOUGHT = 1_000_000
REFERENCE = b" R"
#: How such a table may be packed; whatever else unpacks it cannot be stopped half-way.
PACKED = ("/FlateDecode", "/Fl")
#: Kinds of such tables: of objects, and of where objects are.
TABLES = ("/ObjStm", "/XRef")
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
            self._writer.add_page(page)
            _stamp(self._writer, self._writer.pages[-1], f"{number} · {self._next_page}")
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
    if data[:4] != b"%PDF":
        return []
    try:
        found = BoundedReader(data).pages
        found = list(found) if len(found) <= MAX_PAGES else []
        trial = PdfWriter()
        copies = [trial.add_page(page) for page in found]
        # PyPDF2, whose method returns nothing, reads what stands on a page as it writes it, and changes the page then.
        if copies[:1] == [None]:
            with tempfile.TemporaryFile() as file:
                trial.write(file)
            found = list(BoundedReader(data).pages)
    except Exception:  # whatever is wrong with somebody's file
        return []
    return found


class BoundedReader(PdfReader):
    """Reads a PDF as long as what says where its parts are is no more than a server holds."""

    def __init__(self, data):
        """Read ``data``.

        :raise ValueError: it is more, here or as soon as that is read
        """
        self._size, self._sought, self._known, self._read_at = 0, 0, {}, set()
        self._references = data.count(REFERENCE)
        self._check()
        super().__init__(io.BytesIO(data), strict=False)

    def get_object(self, indirect_reference):
        """Return an object of the file; a table of others is measured before anybody unpacks it."""
        found = super().get_object(indirect_reference)
        if isinstance(found, generic.StreamObject) and found.get("/Type") in TABLES:
            self._measure(found)
        return found

    def _read_xref(self, stream):
        self._read_once(stream.tell())
        return super()._read_xref(stream)

    def _read_pdf15_xref_stream(self, stream):
        start = stream.tell()
        self._read_once(start)
        stream.seek(-1, io.SEEK_CUR)
        self.read_object_header(stream)
        self._measure(generic.read_object(stream, self))
        stream.seek(start)
        return super()._read_pdf15_xref_stream(stream)

    def _read_once(self, place):
        """Refuse tables that lead back to one another: they would be read for ever."""
        if place in self._read_at:
            raise ValueError("Tables of a PDF that lead back to one another")
        self._read_at.add(place)

    def _measure(self, table):
        """Count what a table unpacks to, unpacking no more than that may be, and how often it is looked through."""
        self._sought += max(int(table.get("/N", 0)), 0)
        if id(table) not in self._known:
            self._known[id(table)] = table
            for block in _unpacked(table):
                self._size += len(block)
                self._references += block.count(REFERENCE)
                self._check()
        self._check()

    def _check(self):
        if self._size > MAX_TABLES or self._references > MAX_REFERENCES or self._sought > MAX_SOUGHT:
            raise ValueError("Tables of a PDF beyond bounds")


def _unpacked(table):
    """Yield the content of a stream block by block.

    :raise ValueError: it is packed in a way that does not allow that
    """
    packing = table.get("/Filter")
    packing = packing if isinstance(packing, ArrayObject) else [packing] if packing else []
    if len(packing) > 1 or any(name not in PACKED for name in packing):
        raise ValueError(f"Tables of a PDF packed by {packing}")
    packed = memoryview(table._data)
    if not packing:
        yield bytes(packed)
        return
    unpacker = zlib.decompressobj()
    while packed and not unpacker.eof:
        yield unpacker.decompress(packed, BLOCK)
        packed = unpacker.unconsumed_tail


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
