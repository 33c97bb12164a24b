from . import hold_asked
