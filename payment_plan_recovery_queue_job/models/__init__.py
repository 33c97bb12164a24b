from . import ir_cron
from . import dispatch
from . import notice
from . import case
