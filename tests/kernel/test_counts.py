"""A count and its noun go together by ``counted``: "%s claims" says "1 claims", and "0 créances" in French."""

import ast
import re
from pathlib import Path

ADDON = Path(__file__).resolve().parents[2] / "payment_plan_recovery"
THINGS = (
    *(
        "cases",
        "characters",
        "charges",
        "claims",
        "cures",
        "days",
        "debtors",
        "files",
        "holds",
        "instalments",
    ),
    *(
        "invoices",
        "items",
        "levels",
        "limits",
        "lines",
        "months",
        "notices",
        "payments",
        "people",
        "plans",
        "points",
    ),
    *("promises", "records", "reminders", "weeks", "years"),
)
#: A figure of a sentence, and the things of which it says how many.
BARE = re.compile(
    rf"(?:%s|%\(\w+\)s) (?:(?:closed|credit|late|more|open|other|such) )?(?:{'|'.join(THINGS)})\b"
)
#: What is never one: it lies above a bound, is a constant of several, or a delay that nobody sets to a day.
NEVER_ONE = {
    "%(count)s instalments are too many: there can be %(maximum)s at most. Raise their amount.",
    "%(first)s to %(last)s days",
    "A step every %(step_every)s instalments makes no sense: enter a whole number from 1.",
    "It waited for more than %s days: what it says may be true no more.",
    "Over %s days",
    "Row %(row)s has a cell of more than %(maximum)s characters. A quotation mark may not be closed there.",
    "Send %s files at most.",
    "There are %(count)s instalments; the policy allows %(limit)s.",
    "Write %s characters at most; send a longer text as a file.",
    "the last of the %s days that follow your receipt of this letter",
}


def sentences():
    """Yield (file, sentence) of what is translated in Python."""
    for path in sorted(ADDON.rglob("*.py")):
        if "tests" in path.relative_to(ADDON).parts or path.name == "counted.py":
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if BARE.search(text) else ():
            called = isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", ""))
            said = node.args[0] if called in ("_", "_lt") and node.args else None
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield path.relative_to(ADDON), said.value


def test_no_sentence_counts_by_itself():
    bare = {said: path for path, said in sentences() if BARE.search(said)}
    assert not {said: str(path) for said, path in bare.items() if said not in NEVER_ONE}
    assert set(bare) == NEVER_ONE, "an exception that no sentence needs"
