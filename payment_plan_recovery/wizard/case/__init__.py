from . import insolvency
from . import entrust
from . import mandate_report
