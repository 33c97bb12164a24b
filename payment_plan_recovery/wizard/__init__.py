from . import message
from . import dunning
from . import notice
from . import plan
from . import solvency
from . import charge
from . import insight
from . import portal
