from . import credit_rule
from . import credit_exposure
from . import sale_order
from . import sale_order_line
from . import account_move
from . import payment_transaction
