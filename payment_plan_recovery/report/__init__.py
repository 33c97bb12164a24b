from . import agreement_report, notice_report
