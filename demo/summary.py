"""The demonstration's result on the terminal."""

import sys

from .terminal import money, table

#: States of plans that are being paid.
LIVE = ("active", "late", "in_default")


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


def show_plans(plans):
    """Table of every plan: who pays by instalments, and how it stands."""
    if not plans:
        return
    states = dict(plans._fields["state"]._description_selection(plans.env))
    rows = [
        (
            f"{plan.name or '-'}  {plan.partner_id.name}",
            states[plan.state],
            money(plan.amount_total),
            money(plan.amount_paid),
            str(plan.next_date_due or "") if plan.state in LIVE else "",
            _outcome(plan),
        )
        for plan in plans
    ]
    table("Instalment plans", ("Plan and debtor", "State", "Total", "Paid", "Next due", ""), rows)


def _outcome(plan):
    """What sets a plan apart from others."""
    if plan.discount_move_id:
        return f"discount {money(plan.discount_move_id.amount_total)} by {plan.discount_move_id.name}"
    if plan.state == "in_default":
        return f"cure notice until {plan.date_cure_deadline}"
    if plan.state in LIVE and plan.amount_late:
        return f"late {money(plan.amount_late)}"
    if plan.revision_ids:
        return f"in its place {plan.revision_ids[0].name}"
    return f"in place of {plan.previous_id.name}" if plan.previous_id else ""


def show_link(plan, port):
    """Where the plan's debtor sees, signs and pays it, once the web client is served."""
    link = plan.partner_id._recovery_portal_link(plan.company_id, plan)
    plan.env.cr.commit()
    if link:
        sys.stdout.write(f"\n{plan.partner_id.name} on the portal: http://127.0.0.1:{port}{link._path()}\n")
