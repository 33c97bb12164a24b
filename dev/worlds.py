"""A pytest plugin: a world that several classes of tests begin with is made once, and what was known of it stays known.

A test case that others build on (``PlanCommon``, ``World``) makes companies, people and invoices in ``setUpClass``.
Here it makes them once, in a transaction that stays open while the classes that stand on it run one after the other,
each behind a savepoint of its own: what a class does is taken back when it ends, as Odoo takes back what a test does.

Odoo forgets after each test whatever it had remembered of the database (``ormcache``), for the test may have changed
it. As the database goes back to where the test began, what was remembered then goes back with it; pages and routes are
made once where no test changes them.

A class that says ``world_of_its_own = True`` is left out: it counts the rows that a query looks at. What others took
back lies in the tables until they are swept for it (dev/sweep.py).

Odoo's own runner knows nothing of this: each class makes its world there.
"""

import gc
import sys
from collections import deque
from contextlib import suppress
from copy import deepcopy
from functools import cache
from inspect import isfunction
from pathlib import Path
from unittest import TestCase

import odoo.init  # noqa: F401 - before anything else of Odoo
import pytest
from odoo.api import SUPERUSER_ID
from odoo.modules.registry import Registry
from odoo.sql_db import Savepoint
from odoo.tests import HttpCase, TransactionCase, get_db_name
from odoo.tools.lru import LRU

from dev.paths import ROOT, RUN
from dev.sweep import sweep

#: What a class may have of its own without its world being another one.
OF_EACH_CLASS = {"setUpClass", "tearDownClass", "setUp", "tearDown", "test_tags", "test_module", "pytestmark"}
#: Caches of what is made of views, routes, styles, groups and parameters: not of records that tests make.
LASTING = {"assets", "groups", "routing", "routing.rewrites", "stable", "templates"}
#: Objects that come into being before Python looks for those that nobody holds any more: Odoo makes many.
RARELY = 50_000


class Known(LRU):
    """A cache that tells whether it was emptied meanwhile."""

    __slots__ = ("since",)

    def __init__(self, count, pairs=()):
        super().__init__(count, pairs)
        self.since = object()

    def clear(self):
        super().clear()
        self.since = object()

    def fill(self, known, since):
        with self._lock:  # through its __setitem__ it would take as long as finding it out again
            self._ordering.clear()
            self._values.clear()
            self._ordering.update(dict.fromkeys(known))
            self._values.update(known)
            self.since = since


class Remembered:
    """What the registry remembers of the database at one moment, to be known again when the database is back there.

    A cache that nobody emptied from then on has learned what is as true there: Odoo empties it when what it is
    made of changes.
    """

    def __init__(self, registry):
        self.caches = registry._Registry__caches
        for name, lru in self.caches.items():
            if not isinstance(lru, Known):
                self.caches[name] = Known(lru.count, lru.snapshot.items())
        self.kept = {}

    def keep(self):
        self.kept = {name: (lru.since, lru.snapshot) for name, lru in self.caches.items()}

    def learn(self):
        """Keep what was found out meanwhile as well."""
        for name, lru in self.caches.items():
            if name in LASTING and name in self.kept and lru.since is self.kept[name][0]:
                self.kept[name] = lru.since, lru.snapshot

    def put_back(self):
        for name, lru in self.caches.items():
            since, known = self.kept.get(name, (object(), {}))
            lru.fill(known, since)


class Loan:
    """A world in the hands of a class, to be given back as it was."""

    def __init__(self, world):
        self.world, self.cr, self.registry = world, world.cr, world.registry
        world.env.flush_all()
        self.transaction = self.cr.transaction
        forget_environments()
        self.envs, self.default_env = list(self.transaction.envs), self.transaction.default_env
        self.hooks = [
            (hooks, list(hooks._funcs), deepcopy(hooks.data))
            for hooks in (self.cr.precommit, self.cr.postcommit, self.cr.prerollback, self.cr.postrollback)
        ]
        self.containers = [(held, held.copy()) for held in containers_of(world)]
        self.remembered = Remembered(self.registry)
        self.remembered.keep()
        self.savepoint = Savepoint(self.cr)

    def give_back(self):
        self.remembered.learn()
        self.transaction.clear()
        self.savepoint.close()
        for env in self.envs:
            env.clear()
        self.transaction.envs.clear()
        self.transaction.envs.update(self.envs)
        self.transaction.default_env = self.default_env
        for hooks, functions, data in self.hooks:
            hooks._funcs, hooks.data = deque(functions), data
        for held, as_it_was in self.containers:
            held.clear()
            (held.extend if isinstance(held, list) else held.update)(as_it_was)
        self.remembered.put_back()
        self.registry.cache_invalidated.clear()

    def changed_models(self):
        """Whether models or fields were added, which no savepoint takes back."""
        return (
            self.registry.registry_invalidated
            or self.registry.registry_sequence != self.world.registry_start_sequence
        )


def forget_environments():
    """Let go of Odoo's environments that nobody uses any more.

    They point at themselves, and Odoo's test cases hold on to those there are: each new one is compared with them.
    """
    gc.collect()


class Worlds:
    """The worlds that are open: each stands on the one before it, in the same transaction."""

    def __init__(self):
        self.open = []
        #: Test cases of which several classes make the same world.
        self.shared = set()
        #: The class that comes to a transaction which is there already.
        self.arriving = None
        #: The class before whose tests the environments that nobody uses were forgotten.
        self.swept_for = None
        #: The class for which the tables were swept last.
        self.counting = None

    def only(self, bases):
        """Close what does not belong to ``bases``."""
        errors = []
        while self.open and self.open[-1] not in bases:
            world = self.open.pop()
            world.doClassCleanups()
            errors += [error for _type, error, _traceback in world.tearDown_exceptions]
        for error in errors:
            raise error

    def lend(self, base, cls):
        """Let ``cls`` stand on the world of ``base``, which is made if it is not open."""
        self.only((*self.chain(base), base))
        if base not in self.open:
            try:
                base.setUpClass()
            except BaseException:
                base.doClassCleanups()
                raise
            self.open.append(base)
        loan = Loan(base)
        cls.addClassCleanup(self.take_back, loan)
        if issubclass(cls, HttpCase):
            self.arriving = cls
            of_the_world, cls.env = cls.env, cls.env(user=SUPERUSER_ID)  # as it is before there is a world
            HttpCase.setUpClass.__func__(cls)
            cls.env, self.arriving = of_the_world, None

    def take_back(self, loan):
        if loan.changed_models():
            self.only(())  # its own end puts the models right
            return
        try:
            loan.give_back()
        except BaseException:
            with suppress(Exception):
                self.only(())
            raise

    def chain(self, cls):
        """The shared worlds that ``cls`` stands on, the widest first."""
        return tuple(base for base in bases_of(cls) if base in self.shared)

    def share(self, classes):
        """Share what at least two of ``classes`` begin with."""
        users = [base for cls in classes for base in bases_of(cls)]
        self.shared = {base for base in users if users.count(base) > 1 and base not in classes}
        for base in self.shared:
            bases_of(base)  # looked up before anything is noted on it

    def watch(self, base):
        """Have ``base`` made once for all who stand on it."""
        make = vars(base)["setUpClass"].__func__

        def set_up_class(cls):
            if base in self.chain(cls):
                self.lend(base, cls)
            else:
                make(cls)

        base.setUpClass = classmethod(set_up_class)
        watched.add(base)


@cache
def bases_of(cls):
    """The test cases of ours whose world is the same for ``cls`` as for any other class, the widest first."""
    if getattr(cls, "world_of_its_own", False):
        return ()
    return tuple(base for base in reversed(cls.__mro__[1:]) if is_candidate(base) and stands(cls, base))


@cache
def is_candidate(base):
    """Whether ``base`` is a test case of ours that makes a world, and no client of a web server."""
    if not issubclass(base, TransactionCase) or issubclass(base, HttpCase) or "setUpClass" not in vars(base):
        return False
    file = Path(sys.modules[base.__module__].__file__)
    return file.is_relative_to(ROOT) and not file.is_relative_to(RUN)  # Odoo lies in there


def containers_of(world):
    """What ``world`` keeps its records in, such as the users by their roles."""
    for part in world.__mro__:
        for name, value in vars(part).items():
            if type(value) in (dict, list, set) and not name.startswith("_"):
                yield value


def stands(cls, base):
    """Whether the world of ``base`` is for ``cls`` what it is for itself.

    Nothing that makes it is another one in ``cls``, and its day is not another one either.
    """
    place = cls.__mro__.index(base)
    above, below = cls.__mro__[:place], cls.__mro__[place:]
    if tuple(part for part in below if part is not HttpCase) != base.__mro__:
        return False
    return not any(is_another(base, part, name) for part in above for name in vars(part))


def is_another(base, part, name):
    """Whether ``name`` in ``part`` may change what ``base`` makes."""
    value = vars(part)[name]
    if name in OF_EACH_CLASS or name.startswith(
        ("__", "_abc_", "_class")
    ):  # unittest's own begin with _class
        return False
    # What needs a test at work is not called before there is one. A class on another day has a ``freeze_time``.
    return hasattr(base, name) and not isfunction(value)


worlds = Worlds()
watched = set()


# -- what pytest asks ------------------------------------------------------------------------------


def pytest_pycollect_makeitem(obj):
    if isinstance(obj, type) and issubclass(obj, TestCase):
        for base in obj.__mro__[1:]:
            if base not in watched and is_candidate(base):
                worlds.watch(base)


def pytest_collection_modifyitems(items):
    """Classes that stand on the same world run one after the other, all others where they stood."""
    classes = dict.fromkeys(item.cls for item in items if item.cls)
    worlds.share(classes)
    places = {}

    def place(item):
        chain = worlds.chain(item.cls) if item.cls else ()
        names = [chain[:length] for length in range(1, len(chain) + 1)] or [item.cls]
        return [places.setdefault(name, len(places)) for name in names]

    items.sort(key={item: place(item) for item in items}.get)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    worlds.only(worlds.chain(item.cls) if item.cls else ())
    if getattr(item.cls, "world_of_its_own", False) and worlds.counting is not item.cls:
        worlds.counting = item.cls
        sweep(get_db_name())


@pytest.fixture(scope="session", autouse=True)
def open_worlds(load_http):
    """Close what is still open before Odoo's server stops."""
    # What the registry is made of stays: nothing of it has to be looked at again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(RARELY, 20, 50)
    yield
    worlds.only(())


# -- what Odoo's test cases do otherwise -----------------------------------------------------------

_set_up_class, _set_up = TransactionCase.setUpClass.__func__, TransactionCase.setUp


def _set_up_class_once(cls):
    if worlds.arriving is cls:
        return
    remembered = Remembered(Registry(get_db_name()))
    remembered.keep()
    cls.addClassCleanup(remembered.put_back)  # after Odoo has forgotten
    _set_up_class(cls)
    cls.addClassCleanup(remembered.learn)  # before it does


def _set_up_remembering(self):
    if worlds.swept_for is not type(self):
        forget_environments()
        worlds.swept_for = type(self)
    remembered = Remembered(self.registry)
    self.addCleanup(remembered.put_back)
    _set_up(self)
    remembered.keep()
    self.addCleanup(remembered.learn)


TransactionCase.setUpClass = classmethod(_set_up_class_once)
TransactionCase.setUp = _set_up_remembering
