from . import charge_rate_import
from . import charge_wizards
from . import payment_return
