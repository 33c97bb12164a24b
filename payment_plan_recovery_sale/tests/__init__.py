from . import test_credit_order
from . import test_credit_order_change
from . import test_credit_order_gate
from . import test_credit_order_mixes
from . import test_credit_portal
from . import test_credit_order_closed
from . import test_credit_order_guarantee
from . import test_credit_order_paid_back
