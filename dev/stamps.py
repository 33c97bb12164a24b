"""What each piece of the set-up was made from: a changed input makes it again."""

import hashlib

from dev.paths import RUN


def stamped(name, *inputs):
    """(done already?, a function that records it as done) for a piece made from ``inputs``."""
    key = hashlib.sha256("\0".join(map(str, inputs)).encode()).hexdigest()
    stamp = RUN / "stamps" / name

    def record():
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(key)

    return stamp.exists() and stamp.read_text() == key, record
