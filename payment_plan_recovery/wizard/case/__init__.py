from . import insolvency
