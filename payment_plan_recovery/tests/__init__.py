from . import test_dunning_run
from . import test_plan_kernel
from . import test_plan_lifecycle
from . import test_plan_payment
from . import test_plan_follow_up
from . import test_charge_ledger
