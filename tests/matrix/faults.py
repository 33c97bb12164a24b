"""What each scheduled job writes, and how to tell that it was done."""

from typing import NamedTuple

from due import LAST_MONTH, TODAY


class Fault(NamedTuple):
    """What a job writes, where the database refuses it for one company, and how to tell that it was done."""

    table: str
    #: Model and domain of what is there once the job has dealt with a company.
    model: str
    done: list


FAULTS = {
    "ir_cron_send_notices": Fault("recovery_notice", "recovery.notice", [("mail_id", "!=", False)]),
    "cron_plan_monitor": Fault("recovery_plan", "recovery.plan", [("state", "=", "in_default")]),
    "cron_plan_statements": Fault("recovery_plan", "recovery.plan", [("date_statement", "=", TODAY)]),
    "cron_dunning_daily": Fault("recovery_dunning_run", "recovery.dunning.run", [("automatic", "=", True)]),
    "cron_promise_judge": Fault("recovery_promise", "recovery.promise", [("state", "=", "broken")]),
    "cron_forecast": Fault("recovery_forecast_line", "recovery.forecast.line", [("date", "=", TODAY)]),
    "cron_kpi_snapshot": Fault("recovery_kpi_snapshot", "recovery.kpi.snapshot", [("date", "=", LAST_MONTH)]),
    "cron_worklist": Fault("recovery_worklist", "recovery.worklist", []),
    "cron_judgement": Fault("recovery_judgement", "recovery.judgement", []),
    "cron_solvency_check": Fault(
        "recovery_solvency_check", "recovery.solvency.check", [("origin", "=", "renewal")]
    ),
    "cron_charge_renew": Fault("recovery_charge", "recovery.charge", [("date_until", "=", TODAY)]),
    "cron_retention": Fault("recovery_retention_log", "recovery.retention.log", [("record_count", ">", 0)]),
    "cron_dispute_settled": Fault("recovery_dispute", "recovery.dispute", [("state", "=", "closed")]),
    "cron_autopay": Fault("recovery_autopay", "recovery.autopay", []),
    "cron_case_follow": Fault("recovery_case", "recovery.case", [("stage", "=", "closed")]),
    "cron_sales_digest": Fault("recovery_sales_digest", "recovery.sales.digest", []),
    "cron_segment": Fault("recovery_segment_member", "recovery.segment.member", []),
    "cron_incentive": Fault(
        "recovery_incentive_grant", "recovery.incentive.grant", [("state", "=", "relapsed")]
    ),
    "cron_limitation_renew": Fault("recovery_limitation", "recovery.limitation", []),
}
