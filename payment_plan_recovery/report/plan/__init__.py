from . import agreement_report
from . import plan_offer_report
from . import plan_review
