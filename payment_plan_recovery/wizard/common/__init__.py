from . import dialog
from . import kept
from . import settings
