from . import coming
from . import coming_sources
from . import coming_bring
from . import playbook
from . import contact
from . import res_company
from . import sales_digest
from . import setup
