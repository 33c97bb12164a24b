from . import credit_rule
from . import credit_exposure
from . import sale_order
from . import account_move
from . import payment_transaction
