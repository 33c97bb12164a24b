from . import claim_why, worklist_snooze
