"""The web client on the demonstration's database, with a postbox for the mails it sends.

Run by `make serve`; Ctrl-C ends both.
"""

import argparse
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demo import database, papers, postbox
from dev import session
from dev.paths import ODOO_RC

HOST = "127.0.0.1"


def main():
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default=database.NAME, help="name of the database")
    parser.add_argument("--port", type=int, default=database.PORT, help="where the web client answers")
    asked = parser.parse_args()
    if not database.mark(asked.database):
        raise database.Stop(f"there is no database {asked.database}; make demo makes it")
    if taken(asked.port):
        raise database.Stop(f"port {asked.port} is taken; choose another: PORT={asked.port + 1} make serve")
    mail_port = session.free_port()
    address = f"http://{HOST}:{asked.port}"
    database.redirect(asked.database, address, mail_port)
    words = ["--database", asked.database, "--db-filter", f"^{asked.database}$", "--no-database-list"]
    command = [sys.executable, "-m", "odoo", "--config", ODOO_RC, *words]
    with postbox.running(papers.MAILS, mail_port):
        server = subprocess.Popen([*command, "--http-port", str(asked.port), "--max-cron-threads", "1"])
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        sys.stdout.write(f"{address}  login admin, password admin; mails are kept in {papers.MAILS}\n")
        sys.stdout.flush()
        # The server gets the terminal's interrupt as well, and ends by itself.
        with suppress(KeyboardInterrupt):
            return server.wait()
        return server.wait()


def taken(port):
    """Whether something listens on ``port`` already."""
    with socket.socket() as probe:
        return not probe.connect_ex((HOST, port))


if __name__ == "__main__":
    sys.exit(main())
