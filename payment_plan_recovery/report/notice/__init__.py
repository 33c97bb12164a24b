from . import notice_report
