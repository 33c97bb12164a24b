from . import claim
from . import dunning
from . import notice
from . import plan
from . import credit
from . import charge
from . import case
from . import insight
