from . import download
from . import visit
from . import portal
from . import payment
from . import account
from . import sign
from . import acts
