"""Where the project's environment lives, and how every tool of it talks to the user."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Everything fetched or created by the set-up; `make clean` removes it.
RUN = ROOT / ".run"
#: What the demonstration and the benchmarks write for people to read.
OUT = Path(os.environ.get("RECOVERY_OUT") or ROOT / "out")
VENV_PYTHON = RUN / "venv" / "bin" / "python"
BIN = RUN / "bin"
#: Where packages of the distribution's archive are unpacked.
PREFIX = RUN / "prefix"
PG_DATA = RUN / "pg"
PG_SOCKET = RUN / "pg.socket"
ODOO_RC = RUN / "odoo.conf"
LIBRARIES = PREFIX / "usr" / "lib" / "x86_64-linux-gnu"
#: Holds the folders of shared libraries that Python itself needs, where the machine lacks them.
LIBRARY_PATH = RUN / "library-path"
LOCK = ROOT / "dev" / "requirements.lock"
FONTS_CONF = RUN / "fonts.conf"
COMPILED = RUN / "compiled"


class MissingPiece(SystemExit):
    """Something the set-up cannot fetch: one line that says what to install."""

    def __init__(self, line):
        super().__init__(f"set-up stopped: {line}")


def say(line):
    """Tell the user what takes time, on stderr so that piped output stays clean."""
    sys.stderr.write(f"· {line}\n")
    sys.stderr.flush()


def environ():
    """The environment variables under which Odoo and the tests run."""
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(BIN), str(VENV_PYTHON.parent), env.get("PATH", os.defpath)])
    env["ODOO_RC"] = str(ODOO_RC)
    # What Python compiles is kept here and nowhere else: Odoo comes without it, and is started many times.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = str(COMPILED)
    if LIBRARY_PATH.exists():
        known = filter(None, [LIBRARY_PATH.read_text(), env.get("LD_LIBRARY_PATH")])
        env["LD_LIBRARY_PATH"] = os.pathsep.join(known)
    if not env.get("PGHOST") and PG_SOCKET.exists():
        env["PGHOST"] = PG_SOCKET.read_text().strip()
        env["PGUSER"] = "odoo"
        for inherited in ("PGPORT", "PGPASSWORD", "PGDATABASE", "PGSERVICE"):
            env.pop(inherited, None)
    return env
