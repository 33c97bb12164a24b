"""The parts that the suite's longest part runs in hold every test, each once."""

from collections import Counter

from dev import suite
from dev.paths import ROOT


def found(words):
    """Test files that pytest finds when it is told ``words``."""
    ignored = [ROOT / word.removeprefix("--ignore=") for word in words if word.startswith("--ignore=")]
    for word in words:
        if not word.startswith("--"):
            assert (ROOT / word).is_dir(), f"there is no {word}"
            files = (ROOT / word).rglob("test_*.py")
            yield from (file for file in files if not any(map(file.is_relative_to, ignored)))


def test_every_test_of_the_addon_is_in_one_part():
    parts = [name for name in suite.EVERYDAY if name.startswith("orm_")]
    tried = Counter(file for name in parts for file in found(suite.orm_words(int(name[4:]))))
    assert tried == Counter(found(suite.ORM_TESTS))


def test_every_part_runs_every_day_but_those_that_repeat_others():
    assert set(suite.PARTS) - set(suite.EVERYDAY) == {"orm", "odoo"}
