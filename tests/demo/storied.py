"""The demonstration of the few debtors who have a part of their own in it: ``storied.py DATABASE DATE``."""

import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from demo import cases, main, waiting
from demo.generated import Generated

NAMES = {
    *(cases.INSOLVENT, cases.SUED, cases.MEDIATED, cases.GIVEN_UP, cases.FORGOTTEN),
    *(waiting.ASKS, waiting.DISPUTES, waiting.WRITES, waiting.OFFERED, waiting.ENTRUSTED),
}


class Storied(Generated):
    """Their part of the invented ledger."""

    agreements = ()

    def __init__(self, date):
        super().__init__(main.SEED, date)
        self.debtors = [debtor for debtor in self.debtors if debtor.name in NAMES]
        refs = {debtor.ref for debtor in self.debtors}
        for documents in ("invoices", "credit_notes", "transfers"):
            setattr(self, documents, [one for one in getattr(self, documents) if one.debtor_ref in refs])
        for known in ("accounts", "registrations"):
            setattr(self, known, {ref: told for ref, told in getattr(self, known).items() if ref in refs})
        self.plan_candidates = [ref for ref in self.plan_candidates if ref in refs]

    def differences(self, env):
        return []  # the other tests compare the sums


main.play(sys.argv[1], Storied(datetime.date.fromisoformat(sys.argv[2])), fresh=False)
