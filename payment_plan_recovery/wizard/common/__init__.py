from . import dialog
from . import settings
