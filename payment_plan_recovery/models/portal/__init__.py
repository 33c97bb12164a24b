from . import link
from . import attempt
from . import plan
from . import placeholders
from . import account_move
from . import payment_transaction
from . import res_company
from . import res_partner
