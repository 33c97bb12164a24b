from . import coming_wizard
