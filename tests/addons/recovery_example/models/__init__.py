from . import res_partner
from . import trigger
from . import reason
from . import channel
from . import document
from . import placeholder
from . import next_action
