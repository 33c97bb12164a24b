from . import recovery_review_tables
from . import recovery_review_xlsx
