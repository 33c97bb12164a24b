"""Set the project's environment up: quick when it is done, from nothing when it is not.

Each piece leaves a stamp holding what it was made from; a changed input makes it
again. Pieces: Python packages, Odoo, PostgreSQL, the PDF engine, the browser.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev import archive, programs
from dev.paths import (
    BIN,
    LOCK,
    ODOO_RC,
    OUT,
    PG_DATA,
    PG_SOCKET,
    PREFIX,
    ROOT,
    RUN,
    VENV_PYTHON,
    MissingPiece,
    environ,
    say,
)
from dev.stamps import stamped

SUPPORTED = [(3, minor) for minor in (12, 11, 13, 10)]
#: Tells the least time it took for the same loop of objects, calls, dicts and words.
WORK = """
import time

class Thing:
    def __init__(self, number):
        self.number = number

    def told(self, more):
        return self.number + more

def work():
    start, known = time.process_time(), {}
    for number in range(40_000):
        thing = Thing(number)
        known[number % 977] = [thing, (number, thing.told(2))]
    return sorted(map(str, known)) and time.process_time() - start

print(min(work() for _time in range(7)))
"""
#: An interpreter is taken in another's place when that one takes so many times as long.
WORTH_IT = 1.15
#: The archive's suite that carries Odoo 19, with the fonts and scripts its static files link to.
ODOO_SUITE = "sid"
ODOO_PACKAGES = (
    "odoo-19",
    *("libjs-jquery", "libjs-jquery-form", "libjs-underscore"),
    *("fonts-roboto-unhinted", "fonts-montserrat", "fonts-inconsolata", "fonts-ocr-b"),
)
#: Odoo wants Font Awesome 4.7, whose files later releases renamed.
FONT_AWESOME_SUITE, FONT_AWESOME = "bookworm", "fonts-font-awesome"
ODOO_HINT = "set ODOO_HOME to a checkout of Odoo's branch 19.0"
#: Left out of the distribution's package; an empty file keeps the browser's console clean.
ODOO_MISSING_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def main():
    """Bring every piece up, one process at a time."""
    RUN.mkdir(exist_ok=True)
    with (RUN / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with ThreadPoolExecutor() as beside:
            coming = beside.submit(from_archive)
            python_packages()
            coming.result()
        odoo()
        programs.pdf_engine()
        programs.drawing()
        postgres()
        configuration()


def from_archive():
    """What needs no Python of ours to be unpacked, while that is installed."""
    home = os.environ.get("ODOO_HOME")
    if not home and not stamped("odoo", home, PREFIX)[0]:
        fetched_odoo()
    programs.browser()


# -- Python ------------------------------------------------------------------------------------------


def python_packages():
    """The virtual environment with the locked packages."""
    done, record = stamped("python", LOCK.read_text(), ROOT)
    if done and VENV_PYTHON.exists():
        return
    interpreter = supported_python()
    say(f"installing Python packages for {interpreter} (a minute)")
    pip = [VENV_PYTHON, *virtual_environment(interpreter), "--disable-pip-version-check", "install"]
    # What Python compiles is kept elsewhere (see environ): what pip compiled would never be read.
    words = ["--quiet", "--no-deps", "--no-compile", "--requirement", LOCK]
    installed = subprocess.run([*pip, *words], capture_output=True, text=True, check=False)
    if installed.returncode:
        reason = (installed.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise MissingPiece(f"a package of dev/requirements.lock could not be installed: {reason}")
    for stale in ("odoo", "pdf", "drawing"):
        (RUN / "stamps" / stale).unlink(missing_ok=True)
    record()


def virtual_environment(interpreter):
    """Make the virtual environment; returns the words with which its Python runs pip."""
    folder = VENV_PYTHON.parents[1]
    if RUN.is_symlink() or folder.is_symlink():
        # --clear would empty what another checkout works with.
        raise MissingPiece(f"{folder} is a link to elsewhere; remove the link and say it again")
    make = [interpreter, "-m", "venv", "--clear"]
    if not subprocess.run([*make, folder], capture_output=True, check=False).returncode:
        return ["-m", "pip"]
    # Debian packs pip for virtual environments apart; a wheel of it runs as it is.
    if subprocess.run([*make, "--without-pip", folder], capture_output=True, check=False).returncode:
        raise MissingPiece(f"{interpreter} cannot make a virtual environment; install python3-venv")
    if not archive.available():
        raise MissingPiece(f"{interpreter} comes without pip; install python3-venv")
    archive.Archive(archive.codename()).unpack("python3-pip-whl")
    return [next((PREFIX / "usr" / "share" / "python-wheels").glob("pip-*.whl")) / "pip"]


def supported_python():
    """An interpreter Odoo 19 runs on: this one, else the first found; of the same version, the one that works fastest.

    One that a version manager compiled without the optimisations of distributions takes half as long again.
    """
    versions = [sys.version_info[:2]] if sys.version_info[:2] in SUPPORTED else SUPPORTED
    for major, minor in versions:
        found = [*interpreters(f"python{major}.{minor}")]
        if versions != SUPPORTED:
            found.insert(0, sys.executable)
        seconds = {python: taken for python in found if (taken := seconds_of_work(python))}
        if seconds:
            first, fastest = next(iter(seconds)), min(seconds, key=seconds.get)
            return fastest if seconds[first] > WORTH_IT * seconds[fastest] else first
    raise MissingPiece("no Python 3.10 to 3.13 found; install python3.12 (with python3.12-venv)")


def interpreters(name):
    """Where a command is found in PATH, not only in the first folder that has it."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = shutil.which(name, path=folder or os.curdir)
        if found:
            yield found


def seconds_of_work(python):
    """What a little of everyday work takes in ``python``; None when it does not run.

    A version manager leaves commands behind that only say the version is not there.
    """
    done = subprocess.run([python, "-I", "-c", WORK], capture_output=True, text=True, check=False)
    return None if done.returncode else float(done.stdout)


# -- Odoo --------------------------------------------------------------------------------------------


def odoo():
    """Odoo 19.0, importable in the virtual environment."""
    home = os.environ.get("ODOO_HOME")
    done, record = stamped("odoo", home, PREFIX)
    if done:
        return
    library = Path(home).resolve() if home else fetched_odoo()
    release = library / "odoo" / "release.py"
    if not release.exists() or "version_info = (19, 0" not in release.read_text():
        raise MissingPiece(f"no Odoo 19.0 in {library}; {ODOO_HINT}")
    site = next((VENV_PYTHON.parents[1] / "lib").glob("python3*/site-packages"))
    (site / "odoo-19.pth").write_text(f"{library}\n")
    record()


def fetched_odoo():
    """The folder of Odoo unpacked from the distribution's archive; fetched when it is not there."""
    library = PREFIX / "usr" / "lib" / "python3" / "dist-packages"
    done, record = stamped("fetched_odoo", PREFIX)
    if done:
        return library
    if not archive.available():
        raise MissingPiece(f"Odoo 19.0 not found and no Debian archive here; {ODOO_HINT}")
    say("fetching Odoo 19.0 (some 120 MB)")
    archive.Archive(ODOO_SUITE).unpack(*ODOO_PACKAGES)
    archive.Archive(FONT_AWESOME_SUITE).unpack(FONT_AWESOME)
    addons = library / "odoo" / "addons"
    for path in addons.rglob("*"):
        # One broken link stops a whole asset bundle.
        if path.is_symlink() and not path.exists():
            path.unlink()
    placeholder = addons / ODOO_MISSING_FILE
    if not placeholder.exists():
        placeholder.parent.mkdir(parents=True, exist_ok=True)
        placeholder.touch()
    record()
    return library


def odoo_library():
    """The folder that holds the ``odoo`` package in use."""
    site = next((VENV_PYTHON.parents[1] / "lib").glob("python3*/site-packages"))
    return Path((site / "odoo-19.pth").read_text().strip())


# -- PostgreSQL and configuration --------------------------------------------------------------------


def postgres():
    """A server that answers: the one PGHOST names, else the private cluster."""
    manage = [VENV_PYTHON, ROOT / "dev" / "postgres.py"]
    if os.environ.get("PGHOST"):
        checked = subprocess.run([*manage, "check"], capture_output=True, text=True, check=False)
        if checked.returncode:
            raise MissingPiece(f"the PostgreSQL that PGHOST names: {checked.stderr.strip()}")
        return
    if PG_SOCKET.exists() and answers(Path(PG_SOCKET.read_text().strip())):
        return
    started = subprocess.run(
        [*manage, "start", PG_DATA],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if started.returncode:
        raise MissingPiece(f"the private PostgreSQL did not start; see {PG_DATA}/log, or set PGHOST")
    PG_SOCKET.write_text(started.stdout)


def answers(folder):
    """Whether a PostgreSQL listens in ``folder``."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(folder / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def configuration():
    """Odoo's configuration file for this checkout."""
    library = odoo_library()
    addons = [path for path in (library / "odoo" / "addons", library / "addons", ROOT) if path.is_dir()]
    text = f"""[options]
addons_path = {",".join(map(str, addons))}
data_dir = {RUN / "data"}
bin_path = {BIN}
http_interface = 127.0.0.1
without_demo = True
max_cron_threads = 0
"""
    if not ODOO_RC.exists() or ODOO_RC.read_text() != text:
        ODOO_RC.write_text(text)


def stop():
    """Stop the private cluster, if there is one."""
    if (PG_DATA / "postmaster.pid").exists() and VENV_PYTHON.exists():
        subprocess.run([VENV_PYTHON, ROOT / "dev" / "postgres.py", "stop", PG_DATA], check=False)


def clean():
    """Remove our databases from a server of the machine, stop our own cluster, remove the rest."""
    if os.environ.get("PGHOST") and VENV_PYTHON.exists():
        forget = "from dev import template; template.drop_all()"
        subprocess.run([VENV_PYTHON, "-c", forget], cwd=ROOT, env=environ(), check=False)
    stop()
    for folder in (RUN, OUT):
        shutil.rmtree(folder, ignore_errors=True)


def run(program):
    """Replace this process by ``program`` in the environment."""
    main()
    os.execve(program[0], [str(word) for word in program], environ())  # noqa: S606 - its own interpreter


if __name__ == "__main__":
    if sys.argv[1:] == ["stop"]:
        stop()
    elif sys.argv[1:] == ["clean"]:
        clean()
    elif sys.argv[1:2] == ["run"]:
        run([VENV_PYTHON, *sys.argv[2:]])
    else:
        main()
