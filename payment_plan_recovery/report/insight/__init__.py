from . import monthly_review
