"""How much memory something takes at its most."""

import gc
import tracemalloc


class MeasuresMemory:
    """Test cases that measure what an act takes, as a server would run it."""

    def peak_of(self, act):
        """Return the most bytes that ``act()`` takes; the lesser of two, for the first also reads what all need.

        Cyclic garbage is looked for as a server does: tests may do it more rarely, for speed.
        """
        self.addCleanup(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(700, 10, 10)
        return min(self._peak_of_once(act) for _ in range(2))

    def _peak_of_once(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        gc.collect()
        tracemalloc.start()
        try:
            act()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
