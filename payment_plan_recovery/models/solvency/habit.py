"""How a debtor pays as a rule, told from the ledger: what the words of a reminder are chosen by."""

#: A debtor is prompt when this share of what it paid in a year, in percent, came in time...
PROMPT_SHARE = 80
#: ...and chronically late when less than this came in time, later than so many days on average.
CHRONIC_SHARE = 50
CHRONIC_DAYS = 10


def payment_habit(measures):
    """Return "prompt", "chronic" or "mixed" from a debtor's measures, False when nothing was paid yet."""
    in_time, days = measures["paid_on_time"], measures["days_late"]
    if in_time is None:
        return False
    if in_time >= PROMPT_SHARE:
        return "prompt"
    return "chronic" if in_time < CHRONIC_SHARE and days > CHRONIC_DAYS else "mixed"
