from . import claim_why
from . import dunning_change
from . import dunning_postpone
from . import dunning_preview
