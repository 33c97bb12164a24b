from . import mailing, review
from . import credit_review
from . import review
