from . import charge_workbook
