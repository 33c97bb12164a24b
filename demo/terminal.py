"""What the demonstration says while it works, and its tables."""

import sys
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

WIDTH = 28
REFRESH = 0.2  # seconds between two drawings of a bar


class Step:
    """One named step with a bar on a terminal; elsewhere only its closing line is written."""

    def __init__(self, name, total=0):
        self.name = name
        self.total = total
        self.done = 0
        self._start = self._drawn = monotonic()
        self._live = sys.stderr.isatty()
        self._draw()

    def advance(self, count=1):
        """``count`` more of the step's total are done."""
        self.done += count
        if monotonic() - self._drawn > REFRESH:
            self._draw()

    def close(self, outcome=""):
        """The step is over; ``outcome`` says what came of it."""
        seconds = monotonic() - self._start
        start = "\r\033[K" if self._live else ""
        sys.stderr.write(f"{start}· {self.name:<{WIDTH}} {outcome}  ({seconds:.0f} s)\n")
        sys.stderr.flush()

    @contextmanager
    def watching(self, count):
        """Keep the bar at what ``count()`` says, from a thread of its own, while the block works."""
        if not self._live:
            yield
            return
        over = Event()

        def watch():
            while not over.wait(REFRESH):
                self.done = count()
                self._draw()

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _draw(self):
        if not self._live:
            return
        self._drawn = monotonic()
        share = min(self.done / self.total, 1) if self.total else 0
        bar = "█" * round(share * WIDTH) + "·" * (WIDTH - round(share * WIDTH)) if self.total else "…"
        count = f" {self.done}/{self.total}" if self.total else ""
        sys.stderr.write(f"\r\033[K· {self.name:<{WIDTH}} {bar}{count}")
        sys.stderr.flush()


def table(title, header, rows, total=None):
    """Print a table: the first column is text, the others are figures set to the right."""
    lines = [header, *rows, *([total] if total else [])]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    rule = "─" * (sum(widths) + 2 * len(widths))
    sys.stdout.write(f"\n{title}\n{rule}\n")
    for line in lines:
        if line is total:
            sys.stdout.write(f"{rule}\n")
        first, *figures = (
            text.ljust(width) if not index else text.rjust(width)
            for index, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        sys.stdout.write("  ".join([first, *figures]).rstrip() + "\n")
        if line is header:
            sys.stdout.write(f"{rule}\n")
    sys.stdout.flush()


def money(amount, currency="EUR"):
    """12 345.67 EUR, with spaces between thousands."""
    return f"{amount:,.2f} {currency}".replace(",", " ")
