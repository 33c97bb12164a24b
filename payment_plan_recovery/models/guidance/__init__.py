from . import coming
from . import coming_sources
from . import coming_bring
