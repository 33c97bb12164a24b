from . import credit_review
from . import review
