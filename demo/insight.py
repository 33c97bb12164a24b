"""What the night does, so that the dashboard has something to tell: forecast, worklist, figures of closed months."""

from .terminal import Step

#: What a message or an interaction costs the creditor, in its currency: (kind, channel): amount.
COSTS = {
    ("message", "email"): 0.05,
    ("message", "sms"): 0.09,
    ("message", "letter"): 2.1,
    ("message", "registered"): 7.5,
    ("interaction", "phone"): 6,
}


def keep(desk, day):
    """Declare the costs, and keep what the nightly jobs keep."""
    step = Step("forecast, worklist and figures")
    env = desk.env(su=True)  # as the nightly jobs do
    creditor = desk.company.with_env(env)
    costs = env["recovery.cost"]
    channels = {code for code, _label in env["recovery.channel"]._selection()}
    for (kind, channel), amount in COSTS.items():
        declared = [("company_id", "=", creditor.id), ("kind", "=", kind), ("channel", "=", channel)]
        if channel in channels and not costs.search_count(declared):
            costs.create(
                {
                    "kind": kind,
                    "channel": channel,
                    "amount": amount,
                    "company_id": creditor.id,
                    "date_from": "2020-01-01",
                }
            )
    env["recovery.forecast.line"]._keep(creditor, day)
    env["recovery.forecast.score"]._keep_when_due(creditor, day)
    env["recovery.worklist"]._refresh(creditor, day)
    env["recovery.kpi.snapshot"]._keep_closed(creditor)
    env.cr.commit()
    months = env["recovery.kpi.snapshot"]._read_group([("company_id", "=", creditor.id)], ["date:month"])
    step.close(f"{len(months)} months kept")
