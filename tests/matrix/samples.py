"""What the matrix has to know of records and methods to try them."""

from datetime import date

TODAY = date(2026, 3, 2)

#: What methods are called with, besides their records.
ARGUMENTS = {
    ("account.move", "action_book_charges"): [TODAY],
    ("account.move", "recovery_charges"): [TODAY],
    ("recovery.charge", "action_waive"): ["Matrix"],
    ("recovery.forecast", "predict"): [TODAY],
    ("recovery.forecast", "cash"): [TODAY],
    ("recovery.forecast.backtest", "predict"): [TODAY],
    ("recovery.forecast.backtest", "cash"): [TODAY],
    ("recovery.forecast.backtest", "backtest"): [date(2026, 1, 5), date(2026, 1, 6)],
    ("recovery.kpi", "action_proof"): ["overdue", TODAY, TODAY],
    ("recovery.kpi", "figures"): [TODAY, TODAY],
    ("recovery.plan", "monitor"): [TODAY],
    ("recovery.plan", "action_refuse"): ["Matrix"],
    ("recovery.worklist", "snooze"): ["2100-01-01", "Matrix"],
    ("res.partner", "recovery_charges"): [TODAY],
}

#: Where the company of a record stands, when not on itself.
COMPANY = {
    "recovery.segment.condition": "segment_id.company_id",
    "recovery.case.cost": "case_id.company_id",
    "recovery.case.line": "case_id.company_id",
    "recovery.case.option": "case_id.company_id",
    "recovery.case.person": "case_id.company_id",
    "recovery.case.step": "case_id.company_id",
    "recovery.dossier.piece": "dossier_id.company_id",
    "recovery.mandate.tier": "mandate_id.company_id",
    "recovery.solvency.check.limit": "check_id.company_id",
    "recovery.solvency.check.line": "check_id.company_id",
}

#: What the world does not hold: the tests of their rooms do.
ELSEWHERE = {
    "recovery.autopay",
    "recovery.financial.statement",
    "recovery.lesson",
    "recovery.mailing",
    "recovery.message.trial",
    "recovery.plan.allocation",
    "recovery.rating",
    "recovery.rating.provider",
    "recovery.signature",
    "recovery.solvency.check.limit",
}

#: Models whose records belong to no company.
NO_COMPANY = {
    "recovery.portal.attempt",  # counted by the hour, forgotten after a day
    "recovery.handover.column",
    "recovery.handover.layout",
    "recovery.handover.word",
    "recovery.limitation.effect",
    "recovery.limitation.rule",
    "recovery.procedure",
    "recovery.procedure.fee",
    "recovery.procedure.fee.tier",
    "recovery.procedure.step",
    "recovery.cause",
    "recovery.clause",
    "recovery.collection.fee",
    "recovery.collection.fee.tier",
    "recovery.credit.gate",  # made while a document is judged, gone with its transaction
    "recovery.dunning.level",
    "recovery.dunning.level.channel",
    "recovery.interest.rate",
    "recovery.interest.reference",
    "recovery.message",
    "recovery.playbook",
    "recovery.risk.class",
    "recovery.scorecard.answer",
    "recovery.scorecard.band",
    "recovery.scorecard.class",
    "recovery.scorecard.criterion",
    "recovery.scorecard.limit.part",
}
