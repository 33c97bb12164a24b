from . import aged_balance
from . import statement_report
