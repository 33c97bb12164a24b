from . import download
from . import portal
from . import payment
from . import account
