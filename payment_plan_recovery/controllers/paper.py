"""Papers that are printed when they are asked for: each keeps a worker busy for seconds, so they are counted."""

from .visit import plain

#: Seconds after which a browser may ask again.
AGAIN_AFTER = 3600


def too_many_papers(visit):
    """Count a paper that is about to be printed; return the answer to whoever had too many, None for all others.

    It is counted in a transaction of its own: the page itself only reads, on a replica where there is one.
    A collector who looks is not counted: the office prints what it needs.
    """
    attempts = visit.env["recovery.portal.attempt"]
    if visit.is_preview or attempts._spend_apart("paper", visit.debtor, visit.company):
        return None
    answer = plain("too_many_papers", status=429, visit=visit)
    answer.headers["Retry-After"] = str(AGAIN_AFTER)
    return answer
