"""Text that comes from outside, made fit to be printed on one line."""

import unicodedata

# Marks that turn the reading direction of what follows them: a name that carries one would
# flip the amounts printed after it.
DIRECTION_MARKS = set(range(0x202A, 0x202F)) | set(range(0x2066, 0x206A)) | {0x200E, 0x200F, 0x061C}

LONGEST_LINE = 200
LONGEST_ENDING = 10

#: Digits of a French company's number, and of one of its establishments'.
SIREN_DIGITS, SIRET_DIGITS = 9, 14


def one_line(text, longest=LONGEST_LINE):
    """Return ``text`` on one line, without control characters and direction marks, cut when too long.

    Nothing else is changed: escaping belongs to whoever writes HTML, SQL or a sheet.
    """
    visible = text or ""
    if not (visible.isascii() and visible.isprintable()):  # most is, and nothing of it is hidden
        visible = "".join(_shown(character) for character in visible)
    line = " ".join(visible.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def file_name(text, longest=80):
    """Return ``text`` as a name for a file that every system takes: no separators, no control characters."""
    return one_line(
        "".join("-" if character in '/\\:*?"<>|' else character for character in text or ""), longest
    )


def stem_and_ending(name):
    """Return what a file is called, and its ending with the dot, which says how it is opened.

    It has none where what follows the last dot is no ending: long, or anything else than letters and digits.
    """
    stem, _dot, ending = (name or "").rpartition(".")
    is_ending = stem and ending.isascii() and ending.isalnum() and len(ending) <= LONGEST_ENDING
    return (stem, f".{ending}") if is_ending else (name or "", "")


def unturned(text):
    """Return ``text`` without direction marks; line breaks stay."""
    return text if text.isascii() else text.translate(dict.fromkeys(DIRECTION_MARKS))


def _shown(character):
    if ord(character) in DIRECTION_MARKS:
        return ""
    # Cc: control characters, line breaks among them; Zl, Zp: line and paragraph separators
    return " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character


def spaced_siret(number):
    """Return a SIREN or SIRET as it is read aloud, 334 175 221 01010; anything else as it is."""
    digits = "".join(number.split())
    if not digits.isdecimal() or len(digits) not in (SIREN_DIGITS, SIRET_DIGITS):
        return number
    groups = [digits[start : start + 3] for start in range(0, SIREN_DIGITS, 3)]
    return "\N{NO-BREAK SPACE}".join(filter(None, [*groups, digits[SIREN_DIGITS:]]))
