"""Calls and their answers as docs/api.md shows them: ``$name`` stands for a value that is known, or is learnt."""

import json
import re
from typing import Any, NamedTuple

from dev.paths import ROOT

PAGE = ROOT / "docs" / "api.md"
BLOCKS = re.compile(r"^```(http|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"\$\w+")


EXAMPLE = re.compile(r"^```python\n# (\S+), (\w+): [^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STATES = re.compile(r"^\| a \w+, `([\w.]+)` \| `(\w+)` \| (.*) \|$", re.MULTILINE)


class Call(NamedTuple):
    """What is sent, and what the page says of the answer (``None`` when it says nothing)."""

    path: str
    body: Any
    answer: Any


def calls():
    """Return the page's calls in their order."""
    found = []
    for kind, text in BLOCKS.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "http":
            head, body = text.split("\n\n", 1)
            found.append(Call(head.removeprefix("POST "), _parsed(body), None))
        else:
            found[-1] = found[-1]._replace(answer=_parsed(text))
    return found


def examples():
    """Return the page's actions of automation rules: {(model, state): code}."""
    found = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    return {(model, state): code for model, state, code in found}


def states():
    """Return what the page says a rule sees: {(model, field): [value]}, without remarks in brackets."""
    found = STATES.findall(PAGE.read_text(encoding="utf-8"))
    return {
        (model, field): [value.split(" (")[0] for value in values.split(", ")]
        for model, field, values in found
    }


def _parsed(text):
    return json.loads(NAME.sub(lambda name: f'"{name[0]}"', text))


def filled(shown, known):
    """Return a body with the values of its names."""
    if isinstance(shown, dict):
        return {key: filled(value, known) for key, value in shown.items()}
    if isinstance(shown, list):
        return [filled(value, known) for value in shown]
    return known[shown[1:]] if isinstance(shown, str) and shown.startswith("$") else shown


def learn(shown, got, known, where="answer"):
    """Compare an answer with what is shown of it; names that are not known yet are from then on.

    :raise AssertionError: the answer is not as shown
    """
    if isinstance(shown, dict):
        assert isinstance(got, dict), f"{where}: {got}"
        assert shown.keys() <= got.keys(), f"{where}: {got}"
        for key, value in shown.items():
            learn(value, got[key], known, f"{where}.{key}")
    elif isinstance(shown, list):
        assert isinstance(got, list), f"{where}: {got}"
        assert len(got) == len(shown), f"{where}: {got}"
        for number, value in enumerate(shown):
            learn(value, got[number], known, f"{where}[{number}]")
    else:
        expected = known.setdefault(shown[1:], got) if str(shown).startswith("$") else shown
        assert got == expected, f"{where}: {got!r} is not {expected!r}"
