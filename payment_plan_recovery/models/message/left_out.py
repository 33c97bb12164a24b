"""Words in braces that stand for nothing, the telephone of who has none say: what leads to them is left out too."""

import re

#: Short words that lead to a number or an address, of the languages that messages are written in.
LEADING = "on|at|to|under|au|le|à l.adresse|à|unter|an|op|aan|al|el|a"
#: In parentheses: alone, first or last of several.
IN_PARENTHESES = r"\s*\(\s*%(word)s\s*\)|(?<=\()\s*%(word)s\s*,\s*|\s*,\s*%(word)s\s*(?=\))"
#: The end of a sentence that says nothing else: "Questions: {phone}".
SENTENCE = r"(?:(?<=[.?!>])|^)\s*[^.?!<>{}]*(?:[:,]|\s:)\s*%(word)s\s*\.?(?=\s*(?:$|<))"
#: Anywhere else, with a comma that only led to it.
WORD = r"(?:(?P<before>\s*,)?\s+(?:(?:%(leading)s)\s+)?|(?<=[>\s])|^)%(word)s(?P<after>,(?=\s))?"


def left_out(text, names):
    """Return ``text`` without the words ``names`` in braces, and without what only leads to them.

    "Call {responsible} on {phone} today" becomes "Call {responsible} today".
    """
    for name in names:
        word = {"word": r"\{\s*" + re.escape(name) + r"\s*\}", "leading": LEADING}
        text = re.sub(IN_PARENTHESES % word, "", text)
        text = re.sub(SENTENCE % word, "", text)
        text = re.sub(WORD % word, lambda found: found["after"] or "", text)
    return text
