from . import worklist_snooze
