"""The demonstration's agreements alone, without its ledger: ``agreed.py DATABASE DATE``."""

import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from demo import main
from demo.agreements import AGREEMENTS
from demo.source import Source


class Agreed(Source):
    """A ledger of nothing but the debtors who agreed to pay by instalments."""

    identity = "the agreements alone"
    agreements = AGREEMENTS

    def __init__(self, date):
        self.date = date

    def differences(self, env):
        return []


main.play(sys.argv[1], Agreed(datetime.date.fromisoformat(sys.argv[2])), fresh=False)
