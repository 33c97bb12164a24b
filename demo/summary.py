"""The demonstration's result on the terminal."""

from .terminal import money, table


def show(env, company, run, plan):
    """Tables of the run by reason, of all notices, and of the plan."""
    _claims(env, company, run)
    _notices(env, company)
    if plan:
        _plan(plan)


def _claims(env, company, run):
    debtors = env["recovery.claim"]._read_group(
        [("company_id", "=", company.id)], [], ["partner_id:count_distinct"]
    )[0][0]
    labels = dict(run.reason_ids._fields["reason"]._description_selection(env))
    rows = [
        (labels.get(line.reason, line.reason), str(line.claim_count), money(line.amount_company))
        for line in run.reason_ids.sorted(lambda line: (line.reason != "selected", -line.claim_count))
    ]
    table(
        f"Run of {run.date}: {debtors} debtors with open claims",
        ("Reason", "Claims", "Amount"),
        rows,
        (
            "Total",
            str(sum(run.reason_ids.mapped("claim_count"))),
            money(sum(run.reason_ids.mapped("amount_company"))),
        ),
    )


def _notices(env, company):
    notices = env["recovery.notice"]
    groups = notices._read_group(
        [("company_id", "=", company.id)],
        ["date:day", "level_id", "channel", "state"],
        ["partner_id:count_distinct", "amount_total:sum"],
        order="date:day, level_id",
    )
    channels = dict(notices._fields["channel"]._description_selection(env))
    states = dict(notices._fields["state"]._description_selection(env))
    rows = [
        (f"{day:%Y-%m-%d}  {level.name}", channels[channel], states[state], str(debtors), money(amount))
        for day, level, channel, state, debtors, amount in groups
    ]
    table("Notices", ("Date and level", "Channel", "State", "Debtors", "Amount"), rows)


def _plan(plan):
    states = dict(plan.instalment_ids._fields["state"]._description_selection(plan.env))
    rows = [
        (
            str(line.date_due),
            money(line.amount),
            money(line.amount_paid),
            money(line.amount_residual),
            states[line.state],
        )
        for line in plan.instalment_ids.sorted("date_due")
    ]
    table(
        f"{plan.display_name}: {plan.partner_id.name}, {len(plan.item_ids)} invoices",
        ("Instalment", "Amount", "Paid", "Remaining", "State"),
        rows,
        ("Total", money(plan.amount_total), money(plan.amount_paid), money(plan.amount_residual), ""),
    )
