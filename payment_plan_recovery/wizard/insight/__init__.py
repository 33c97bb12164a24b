from . import bulk, claim_why, debtor_mail, worklist_snooze
