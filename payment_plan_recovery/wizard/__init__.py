from . import credit_import
from . import dunning_change
from . import dunning_postpone
from . import dunning_preview
from . import plan_acceptance
from . import plan_change
from . import plan_negotiation
from . import plan_refusal
