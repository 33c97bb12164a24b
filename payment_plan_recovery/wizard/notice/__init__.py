from . import notice_posting
from . import notice_delivery
from . import reversal
