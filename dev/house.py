"""The law of the house (docs/house.md), checked from the code itself.

Without a word it prints the table and what breaks the law, and exits with 1 when anything does;
``house.py quiet`` prints only what breaks it.
"""

import ast
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev.paths import ROOT, VENV_PYTHON
from dev.template import ADDON

#: Rooms from the ground up: each uses those before it.
ROOMS = (
    *("common", "claim", "message", "dunning", "notice", "plan", "solvency", "credit", "charge"),
    *("case", "insight", "portal", "guidance"),
)
#: Folders of the addon that are divided into rooms.
DIVIDED = ("models", "wizard", "report", "tests")
LONGEST_FILE = 350
LONGEST_FUNCTION = 40
MOST_TWICE = 10
#: Models that lie in several files of their room, none of which defines what another does.
SPREAD = {
    "recovery.plan": "its life has many chapters, each a file",
    "recovery.promise": "what was promised, and what became of it",
    "recovery.notice": "from what it says to how it went out, each step a file",
}
#: (model, method) defined more than once inside the addon, and why.
TWICE = {}
#: Files that ask another clock than a company's, and why.
CLOCKS = {
    "models/common/res_company.py": "the company's clock itself",
    "models/dunning/run.py": "housekeeping, three months later",
    "models/portal/link.py": "housekeeping, a year later",
}
#: Files whose env speaks the right language already where they write into a history, and why.
SPOKEN = {
    "models/charge/reference_rate.py": "shared by companies: in the language of who is asked",
    "models/plan/discount.py": "followed up in the language of the plan's company",
    "wizard/plan/partner_merge.py": "a contact is nobody's: in the language of who merges",
}
#: Methods that write into a history or a list of things to do.
WRITES = {"activity_schedule", "message_post", "_message_log"}
#: An instant cut to its day in SQL: by UTC.
CUT = re.compile(r"(?:\b\w*(?:_date|_at|date_sent)::date|\bCURRENT_DATE\b)")
TABLE = re.compile(r"\b(recovery_[a-z_]+)\b")


class Part(NamedTuple):
    """A class of a model: where it is, and what it defines."""

    model: str
    path: Path
    methods: tuple
    is_new: bool
    has_table: bool


class Finding(NamedTuple):
    """Something that breaks the law, and where."""

    law: str
    place: str
    text: str


# -- reading -----------------------------------------------------------------------------------------


def python_files():
    """Every Python file git knows of, with its syntax tree."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    paths = [ROOT / name for name in names if (ROOT / name).exists()]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def room_of(path):
    """The room a file of the addon lies in, or None."""
    addon, folder, room, *_file = *path.relative_to(ROOT).parts, "", "", ""
    return room if addon == ADDON and folder in DIVIDED and room in ROOMS else None


def model_parts(trees):
    """The classes of models in the addon's rooms."""
    for path, tree in trees.items():
        if room_of(path) and path.relative_to(ROOT).parts[1] != "tests":
            for node in tree.body:
                part = isinstance(node, ast.ClassDef) and _part(path, node)
                if part:
                    yield part


def _part(path, node):
    said = {
        statement.targets[0].id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
    named = _words(said.get("_name")) or _words(said.get("_inherit"))
    if not named:
        return None
    methods = tuple(one.name for one in node.body if isinstance(one, ast.FunctionDef))
    bases = {getattr(base, "attr", "") for base in node.bases}
    return Part(named[0], path, methods, "_name" in said, "AbstractModel" not in bases)


def _words(node):
    if node is None:
        return []
    return [
        one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


# -- the law -----------------------------------------------------------------------------------------


def spread_models(parts):
    """1. A model lies in one file of each room."""
    places = defaultdict(set)
    for part in parts:
        places[part.model, room_of(part.path)].add(part.path)
    for (model, room), paths in sorted(places.items()):
        if len(paths) > 1 and model not in SPREAD:
            yield Finding("one file per model and room", f"{room}: {model}", _names(paths))


def twice_defined(parts):
    """2. A method of a model is defined once inside the addon."""
    places = defaultdict(list)
    for part in parts:
        for method in part.methods:
            places[part.model, method].append(part.path)
    return {key: paths for key, paths in sorted(places.items()) if len(paths) > 1}


def unexplained(twice):
    """2. …and the few that are not say why."""
    for (model, method), paths in twice.items():
        if (model, method) not in TWICE:
            yield Finding("a method defined twice", f"{model}.{method}", _names(paths))
    if len(twice) >= MOST_TWICE:
        yield Finding("a method defined twice", "together", f"{len(twice)}, fewer than {MOST_TWICE} wanted")


def upward_imports(trees):
    """3. A room imports from those before it only."""
    for path, tree in trees.items():
        room = room_of(path)
        if not room or path.relative_to(ROOT).parts[1] == "tests":
            continue
        for node in ast.walk(tree):
            other = isinstance(node, ast.ImportFrom) and _room_imported(path, node)
            if other and ROOMS.index(other) > ROOMS.index(room):
                yield Finding("imports upward", _line(path, node), f"{room} imports from {other}")


def _room_imported(path, node):
    folder = path.relative_to(ROOT).parent.parts
    base = folder[: len(folder) - node.level + 1] if node.level else ()
    words = [*base, *(node.module or "").split(".")]
    where = next((words.index(kind) for kind in DIVIDED if kind in words), None)
    found = words[where + 1 : where + 2] if where is not None else []
    return found[0] if found and found[0] in ROOMS else None


def foreign_tables(trees, parts):
    """3. SQL names the tables of its own room only."""
    owners = {
        part.model.replace(".", "_"): room_of(part.path) for part in parts if part.is_new and part.has_table
    }
    for path, tree in trees.items():
        room = room_of(path)
        if not room or path.relative_to(ROOT).parts[1] == "tests":
            continue
        for node, text in _queries(tree):
            for table in sorted(set(TABLE.findall(text)) & owners.keys()):
                if owners[table] != room:
                    yield Finding("tables of other rooms", _line(path, node), f"{table} of {owners[table]}")


def _queries(tree):
    """The texts given to SQL(…) or execute(…)."""
    for call in ast.walk(tree):
        name = isinstance(call, ast.Call) and (
            getattr(call.func, "id", None) or getattr(call.func, "attr", None)
        )
        if name in ("SQL", "execute") and call.args and isinstance(call.args[0], ast.Constant):
            yield call, str(call.args[0].value)


def long_files(trees):
    """4. No file is longer than a person reads in one go."""
    for path in trees:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            yield Finding("long files", str(path.relative_to(ROOT)), f"{lines} lines")


def long_functions(trees):
    """4. No function is longer than a screen."""
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                lines = node.end_lineno - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    yield Finding("long functions", _line(path, node), f"{node.name}: {lines} lines")


def tangled_functions():
    """4. No function has more than ten ways through it."""
    command = [VENV_PYTHON.parent / "ruff", "check", "--select", "C901", "--output-format", "json", "."]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    for one in json.loads(found or "[]"):
        place = f"{Path(one['filename']).relative_to(ROOT)}:{one['location']['row']}"
        yield Finding("tangled functions", place, one["message"])


def other_clocks(trees):
    """5. The day a rule needs is the company's, not the user's and not UTC's."""
    for path, tree in trees.items():
        where = path.relative_to(ROOT)
        if (
            where.parts[0] != ADDON
            or {"tests", "tools"} & set(where.parts)
            or str(where.relative_to(ADDON)) in CLOCKS
        ):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "context_today":
                yield Finding("other clocks", _line(path, node), "context_today is the user's day")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
                asked = getattr(node.func.value, "attr", getattr(node.func.value, "id", "")).lower()
                if node.func.attr == "today" and asked == "date":
                    yield Finding("other clocks", _line(path, node), "Date.today is UTC's day")
                if node.func.attr == "date" and not _is_local(node.func.value):
                    yield Finding("other clocks", _line(path, node), "an instant cut by UTC: _recovery_day")
        for node, text in _queries(tree):
            for cut in CUT.findall(text):
                yield Finding("other clocks", _line(path, node), f"{cut} is UTC's: _recovery_day_sql")


def words_of_users(trees):
    """6. What is written down for the company's people is in the company's language, whoever's turn it was."""
    for path, tree in trees.items():
        where = path.relative_to(ROOT)
        if where.parts[0] != ADDON or "tests" in where.parts or str(where.relative_to(ADDON)) in SPOKEN:
            continue
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or getattr(call.func, "attr", None) not in WRITES:
                continue
            for node in ast.walk(call):
                told = isinstance(node, ast.Attribute) and node.attr == "_" and ast.unparse(node.value)
                if told and re.fullmatch(r"(?!told|words)\w+\.env", told):
                    yield Finding("words of users", _line(path, node), f"{told}._: in_words_of_company")


def glued_colons(trees):
    """7. A label and what it says are joined by ``labelled``: French puts a space before its colon."""
    for path, tree in trees.items():
        if path.relative_to(ROOT).parts[:2] not in [(ADDON, part) for part in ("models", "wizard", "report")]:
            continue
        for node in ast.walk(tree):
            glue = getattr(node, "values", ())[1:] if isinstance(node, ast.JoinedStr) else ()
            if any(str(getattr(one, "value", "")).startswith(": ") for one in glue):
                yield Finding("glued colons", _line(path, node), "labelled")


def _is_local(node):
    """Whether what is cut to its day was put into a time zone, or parsed from a text that is a day."""
    called = {
        one.func.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
    }
    return bool(called & {"astimezone", "strptime"})


# -- the table ---------------------------------------------------------------------------------------


def _line(path, node):
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def _names(paths):
    return ", ".join(sorted({str(path.relative_to(ROOT / ADDON)) for path in paths}))


def table(trees, parts):
    """One line a room: its files, its models, the most files of one model, its longest file."""
    yield f"{'room':<10} {'files':>6} {'lines':>6} {'models':>6} {'most files a model':>19} {'longest file':>13}"
    for room in ROOMS:
        paths = [path for path in trees if room_of(path) == room and path.parent.parent.name == "models"]
        if not paths:
            continue
        lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in paths]
        files = Counter(
            model for model, _path in {(one.model, one.path) for one in parts if one.path in paths}
        )
        model, most = (files.most_common(1) or [("", 0)])[0]
        models = sum(one.is_new for one in parts if one.path in paths)
        yield f"{room:<10} {len(paths):>6} {sum(lines):>6} {models:>6} {f'{model} {most}':>19} {max(lines):>13}"


def main(words):
    """Print the table and what breaks the law."""
    trees = python_files()
    parts = list(model_parts(trees))
    twice = twice_defined(parts)
    findings = [
        *spread_models(parts),
        *unexplained(twice),
        *upward_imports(trees),
        *foreign_tables(trees, parts),
        *long_files(trees),
        *long_functions(trees),
        *tangled_functions(),
        *other_clocks(trees),
        *words_of_users(trees),
        *glued_colons(trees),
    ]
    if words != ["quiet"]:
        sys.stdout.write("".join(f"{line}\n" for line in table(trees, parts)) + "\n")
        for (model, method), why in TWICE.items():
            sys.stdout.write(f"defined twice: {model}.{method}: {why}\n")
    for finding in findings:
        sys.stdout.write(f"{finding.law}: {finding.place}: {finding.text}\n")
    if words != ["quiet"]:
        sys.stdout.write(f"\n{len(findings)} against the law of the house\n")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
