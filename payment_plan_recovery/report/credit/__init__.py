from . import credit_review_xlsx
