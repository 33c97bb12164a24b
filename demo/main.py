"""The main job from an overdue ledger to a plan, notices and a review, in one database.

Run by `make demo`. A database of an earlier demonstration is gone on with: what was booked,
agreed or sent already is left alone.
"""

import argparse
import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demo import database, papers, postbox, story
from demo.cells import LedgerFileError
from demo.generated import Generated
from demo.imported import Imported
from demo.terminal import Step
from dev import session
from dev.paths import OUT

SEED = 1


def options():
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default=database.NAME, help="name of the database")
    parser.add_argument("--fresh", action="store_true", help="start afresh when the database exists")
    parser.add_argument("--seed", type=int, help=f"of the invented ledger (default {SEED})")
    parser.add_argument("--date", type=datetime.date.fromisoformat, help="the ledger's date (default today)")
    parser.add_argument(
        "--ledger", type=Path, help="CSV or Excel file of invoices instead of the invented ledger"
    )
    parser.add_argument("--payments", type=Path, help="CSV or Excel file of payments beside it")
    parser.add_argument("--date-format", help="of those files, such as %%d/%%m/%%Y (guessed without)")
    parser.add_argument("--skip-bad", action="store_true", help="leave the file's bad rows out and go on")
    return parser.parse_args()


def main():
    """Everything, one step after the other."""
    asked = options()
    held = None if asked.fresh else database.mark(asked.database)
    date = asked.date or (held and held.date) or datetime.date.today()
    source = imported(asked, date) if asked.ledger else Generated(_seed(asked, held), date)
    play(asked.database, source, asked.fresh)
    name = asked.database
    serve = "make serve" if name == database.NAME else f"RECOVERY_DB={name} make serve"
    sys.stdout.write(
        f"\ndatabase: {name}\npapers:   {OUT}\n"
        f"web:      {serve}  →  http://127.0.0.1:{database.PORT}  (login admin, password admin)\n"
    )


def play(name, source, fresh):
    """Tell the story of ``source`` in database ``name``, its mails taken by a postbox of our own."""
    database.prepare(name, source, fresh)
    port = session.free_port()
    with (
        session.registry(name) as registry,
        session.web(registry) as address,
        postbox.running(papers.MAILS, port),
        session.environment(registry) as env,
    ):
        database.settle(env, address, port)
        story.tell(env, source)


def _seed(asked, held):
    if asked.seed is not None:
        return asked.seed
    return held.seed if held and held.seed is not None else SEED


def imported(asked, date):
    """The file's ledger; stops on bad rows, each named, unless they are to be left out."""
    currencies, countries = database.known_codes()
    known = {"currencies": currencies, "countries": countries}
    step = Step("reading")
    progress = lambda rows: step.advance(rows - step.done)  # noqa: E731
    try:
        source = Imported(
            asked.ledger, date, asked.date_format, payments=asked.payments, progress=progress, **known
        )
    except (LedgerFileError, OSError) as error:
        raise database.Stop(_why(asked.ledger, error)) from error
    step.close(f"{len(source.rows)} rows of invoices, {len(source.payments)} payments")
    for name, meant in source.guessed.items():
        sys.stderr.write(f"  “{name}” is read as {meant}\n" if meant else f"  “{name}” is not read\n")
    for error in source.errors:
        sys.stderr.write(f"{error}\n")
    if source.errors and not asked.skip_bad:
        raise database.Stop(
            f"{len(source.errors)} faults in {asked.ledger}, nothing was imported; "
            "SKIP_BAD=1 leaves those rows out"
        )
    if not source.rows:
        raise database.Stop(f"{asked.ledger} has no invoices below its header")
    return source


def _why(path, error):
    return f"{path}: {error.strerror}" if isinstance(error, OSError) else str(error)


if __name__ == "__main__":
    main()
