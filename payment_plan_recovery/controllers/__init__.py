from . import charges
from . import mailing, review
from . import credit_review
