from . import coming_wizard
from . import setup
