from . import email
from . import sms
from . import letter
from . import registered
from . import phone
