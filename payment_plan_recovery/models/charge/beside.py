"""What changes late items and stands in no row of theirs."""

from collections import defaultdict
from typing import NamedTuple


class Beside(NamedTuple):
    """What is known of items besides their rows."""

    #: {item id: Moved}: where a claim stood before an entry moved it
    moved: dict
    #: (item id, day): what an insolvency took in, from which day; an item may come several times
    stopped: list[tuple]
    #: {item id: [OpenReceipt]}: what lies over items and is matched with nothing
    laid: dict
    #: Rows of the charges that were booked or waived
    charges: list[tuple]

    @property
    def item_ids(self):
        """The items that something here is about, charges included."""
        stopped, charged = (row[0] for row in self.stopped), (row[0] for row in self.charges)
        return {*self.moved, *stopped, *self.laid, *charged}

    @property
    def goes_on(self):
        """The items that go on from each: {item id: [item id]}."""
        found = defaultdict(list)
        for item_id, since in self.moved.items():
            for stood_id in since.item_ids:
                found[stood_id].append(item_id)
        return found
