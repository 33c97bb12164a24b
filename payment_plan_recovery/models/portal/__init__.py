from . import plan
from . import account_move
from . import payment_transaction
from . import res_company
from . import res_partner
