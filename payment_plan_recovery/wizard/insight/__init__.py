from . import bulk, claim_why, debtor_mail, debtor_wishes, worklist_snooze
