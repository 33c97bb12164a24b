"""What the night does, so that the dashboard has something to tell: forecast, worklist, figures of closed months."""

import sys

from .collector import MANAGER
from .terminal import Step, money, table

#: Debtors of the worklist that are shown.
FIRST = 10

#: What a message or an interaction costs the creditor, in its currency: (kind, channel): amount.
COSTS = {
    ("message", "email"): 0.05,
    ("message", "sms"): 0.09,
    ("message", "letter"): 2.1,
    ("message", "registered"): 7.5,
    ("interaction", "phone"): 6,
}

#: Who works on which debtors: name, login, portfolio, filter.
COLLECTORS = (
    ("Camille Arnoux", "c.arnoux", "Entreprises", [("is_company", "=", True)]),
    ("Karim Benali", "k.benali", "Particuliers et indépendants", []),
)


#: Who books what the collectors ask for.
ACCOUNTANT = ("Léa Morel", "l.morel")


def _share_out(env, creditor):
    """Two collectors, each with a portfolio, and the accountant; made at the first time."""
    group = env.ref("payment_plan_recovery.group_recovery_user")
    _user(env, creditor, *ACCOUNTANT, env.ref("account.group_account_user"))
    leader = env["res.users"].search([("login", "=", MANAGER["login"])])
    for number, (name, login, portfolio, debtors) in enumerate(COLLECTORS, 1):
        user = _user(env, creditor, name, login, group)
        if not user:
            continue
        env["recovery.portfolio"].create(
            {
                "name": portfolio,
                "user_id": user.id,
                "leader_id": leader.id,
                "company_id": creditor.id,
                "sequence": 10 * number,
                "debtor_domain": repr(debtors),
            }
        )


def _user(env, creditor, name, login, group):
    """A new user, whose password is the login; none when there is one already."""
    users = env["res.users"].with_context(no_reset_password=True)
    if users.search_count([("login", "=", login)]):
        return users
    return users.create(
        {
            "name": name,
            "login": login,
            "password": login,
            "lang": "fr_FR",
            "notification_type": "inbox",
            "tz": "Europe/Paris",
            "email": f"{login}@cuisines-valmorel.example",
            "company_id": creditor.id,
            "company_ids": creditor.ids,
            "group_ids": [(4, group.id)],
        }
    )


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
    _share_out(env, creditor)
    env["recovery.forecast.line"]._keep(creditor, day)
    env["recovery.forecast.score"]._keep_when_due(creditor, day)
    env["recovery.worklist"]._refresh(creditor, day)
    env["recovery.kpi.snapshot"]._keep_closed(creditor)
    env.cr.commit()
    months = env["recovery.kpi.snapshot"]._read_group([("company_id", "=", creditor.id)], ["date:month"])
    step.close(f"{len(months)} months kept")


def show(desk):
    """How good the forecast was, and whom to see to first."""
    score = desk.env["recovery.forecast.score"]._last(desk.company)
    sys.stdout.write(f"\nForecast: {score.verdict or 'not tried against the past yet'}\n")
    waiting = [("company_id", "=", desk.company.id), ("state", "=", "open")]
    listed = desk.env["recovery.worklist"].search(waiting)
    if listed:
        actions = dict(listed._fields["action"]._description_selection(desk.env))
        currency = desk.company.currency_id.name
        table(
            f"Worklist: {len(listed)} debtors",
            ("Debtor", "Next action", "Overdue", "Risk"),
            [
                (
                    line.partner_id.name,
                    actions[line.action],
                    money(line.amount_overdue, currency),
                    f"{100 * line.risk:.0f} %",
                )
                for line in listed[:FIRST]
            ],
        )
