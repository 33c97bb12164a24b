"""Text from outside on one line: nothing in it breaks a subject or turns a page around."""

from hypothesis import given
from hypothesis import strategies as st
from tools.text import LONGEST_LINE, file_name, one_line, spaced_siret, stem_and_ending, unturned


def test_breaks_become_blanks():
    assert one_line("Dupont\r\nBcc: a@b.c\tx\x00y\u2028z") == "Dupont Bcc: a@b.c x y z"


def test_direction_marks_go():
    assert one_line("\u202eevil\u2066 \u200fname\u061c") == "evil name"


#: Arabic letter mark; left-to-right and right-to-left marks; embeddings and overrides; isolates.
MARKS = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]


def test_every_mark_of_direction_goes_and_its_neighbours_stay():
    for mark in MARKS:
        assert unturned(f"a{chr(mark)}\nb") == "a\nb"
        assert one_line(f"a{chr(mark)}b") == "ab"
    for mark in {mark + step for mark in MARKS for step in (-1, 1)} - set(MARKS):
        assert unturned(f"a{chr(mark)}b") == f"a{chr(mark)}b"
    assert unturned("plain") == "plain"


def test_a_file_s_name_is_taken_by_every_system():
    assert file_name('Müller/Söhne: "a\\b" <c>|*?\n\u202e') == "Müller-Söhne- -a-b- -c----"
    assert file_name(None) == file_name("") == ""
    assert file_name("a" * 80) == "a" * 80
    assert file_name("a" * 81) == "a" * 79 + "…"
    assert file_name("abcdef", 5) == "abcd…"


def test_an_ending_says_how_a_file_is_opened_and_nothing_else():
    for name, told in {
        "letter.pdf": ("letter", ".pdf"),
        "a.tar.GZ": ("a.tar", ".GZ"),
        "letter": ("letter", ""),
        ".pdf": (".pdf", ""),
        "letter.": ("letter.", ""),
        "order no. 5/2026": ("order no. 5/2026", ""),
        "..\\..\\x./etc/passwd": ("..\\..\\x./etc/passwd", ""),
        "fdp.\u202eexe": ("fdp.\u202eexe", ""),
        "a." + "x" * 10: ("a", "." + "x" * 10),
        "a." + "x" * 11: ("a." + "x" * 11, ""),
        None: ("", ""),
    }.items():
        assert stem_and_ending(name) == told


def test_letters_of_every_script_stay():
    assert one_line("Élodie Müller 株式会社 שלום 🙂 <script>") == "Élodie Müller 株式会社 שלום 🙂 <script>"


def test_nothing_is_nothing():
    assert one_line(None) == one_line("") == one_line(" \n ") == ""


def test_long_text_is_cut_where_it_must():
    assert LONGEST_LINE == 200
    assert one_line("a" * LONGEST_LINE) == "a" * LONGEST_LINE
    assert one_line("a" * (LONGEST_LINE + 1)) == "a" * (LONGEST_LINE - 1) + "…"


@given(st.text(max_size=400))
def test_always_one_short_line(text):
    line = one_line(text)
    assert len(line) <= LONGEST_LINE
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


def test_numbers_of_french_companies_are_spaced():
    assert spaced_siret("33417522101010") == "334\u00a0175\u00a0221\u00a001010"
    assert spaced_siret("334 175 221") == "334\u00a0175\u00a0221"
    for other in ("HRB 12345", "3341752210101", "33417522101010X", ""):
        assert spaced_siret(other) == other
