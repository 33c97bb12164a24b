from . import partner_merge
from . import plan_acceptance
from . import plan_change
from . import plan_negotiation
from . import plan_refusal
from . import reversal
from . import reissue
