from . import charge_workbook
from . import recovery_review_xlsx
from . import agreement_report, notice_report, plan_offer_report, statement_report
from . import credit_review_xlsx
