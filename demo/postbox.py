"""A mail server on loopback that keeps every mail as a file and passes none on.

Runs as a process of its own, so that neither the demonstration's clock nor its load touch it.
"""

import re
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


class Keeper:
    """Keeps what it is handed, one file for each mail."""

    def __init__(self, folder):
        self.folder = folder
        self.numbers = count(len(list(folder.glob("*.eml"))) + 1)

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        """Write the mail down, then take it."""
        to = re.sub(r"[^a-z0-9@._-]+", "-", ",".join(envelope.rcpt_tos).lower())[:80]
        path = self.folder / f"{next(self.numbers):05}-{to}.eml"
        path.write_bytes(envelope.content)
        return "250 2.0.0 kept"


def serve(folder, port):
    """Serve until the process that started this one closes our input."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(Keeper(folder), hostname=HOST, port=port)
    controller.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    controller.stop()


@contextmanager
def running(folder, port):
    """The postbox as a process, for as long as the block lasts."""
    command = [sys.executable, Path(__file__).resolve(), folder, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout.readline() != "ready\n":
                raise OSError(f"the postbox cannot listen on port {port}")
            yield
        finally:
            process.stdin.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
