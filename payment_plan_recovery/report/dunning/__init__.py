from . import recovery_review_xlsx
