from . import case_report
