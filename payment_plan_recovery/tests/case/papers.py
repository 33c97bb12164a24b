"""PDFs as people send them, some of them made to do harm."""

import itertools
import zlib


def paper(content, words=b"", kids=b"3 0 R"):
    """A PDF of one page with packed ``content``, whose stream says ``words`` of itself."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, kids.count(b"R")),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(content), words, content),
    ]
    file, starts = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, 1):
        starts.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    told = (len(parts) + 1, table, len(parts) + 1, len(file))
    return (
        file
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (told)
    )


def paper_of_tables(
    packing=b"/FlateDecode", pack=zlib.compress, words=b"", much=0, places=0, pages=1, before_itself=False
):
    """A PDF whose objects, and the places of them, lie in tables that are packed.

    :param words: what the tables say of themselves besides; ``much``, ``places``: blanks that they hold besides
    :param before_itself: the table of places says that one came before, at its own place
    """
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    held = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages,
    ]
    starts = [0, *itertools.accumulate(len(part) + 1 for part in held[:-1])]
    head = b" ".join(b"%d %d" % told for told in enumerate(starts, 1)) + b" "
    table = len(held) + 1
    told = b"/Type /ObjStm /N %d /First %d " % (len(held), len(head))
    file = b"%PDF-1.5\n"
    at = len(file)
    file += _packed(table, told + words, packing, pack(head + b" ".join(held) + b" " * much))
    start = len(file)
    rows = [(0, 0, 0), *((2, table, number) for number in range(len(held))), (1, at, 0), (1, start, 0)]
    content = b"".join(
        kind.to_bytes(1, "big") + a.to_bytes(4, "big") + b.to_bytes(2, "big") for kind, a, b in rows
    )
    told = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R " % len(rows)
    if before_itself:
        told += b"/Prev %d " % start
    file += _packed(table + 1, told + words, packing, pack(content + b"\0" * places))
    return file + b"startxref\n%d\n%%%%EOF" % start


def _packed(number, words, packing, content):
    told = (number, len(content), packing, words, content)
    return b"%d 0 obj\n<< /Length %d /Filter %s %s >>\nstream\n%s\nendstream\nendobj\n" % told


def in_nines(content):
    """``content`` packed by LZW that never learns a word: each byte in nine bits, all forgotten every 200 of them."""
    codes = [256]
    for number, byte in enumerate(content, 1):
        codes += [byte, 256] if number % 200 == 0 else [byte]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")
