from . import charge_rate_import
from . import charge_wizards
from . import plan_acceptance
from . import plan_change
from . import plan_negotiation
from . import plan_refusal
