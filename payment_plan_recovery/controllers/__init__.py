from . import mailing, review
