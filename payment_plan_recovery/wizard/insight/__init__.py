from . import bulk, claim_why, worklist_snooze
