"""The screens that the French guide shows: who looks, where, and what was pressed before."""

from typing import NamedTuple

COLLECTOR, MANAGER, ACCOUNTANT = "c.arnoux", "h.vasseur", "l.morel"
DEBTOR = "Restaurant La Goélette"
WHY = "Dire pourquoi cette créance est relancée ou non"
TICKED = tuple(f".o_data_row:nth-child({row}) input" for row in (2, 5, 6, 9, 11))


class Screen(NamedTuple):
    """One picture: ``fr_{name}.png``."""

    name: str
    login: str | None
    action: str = ""  # external id of the window, without the addon's name and "action_"
    of: tuple = ()  # the record shown: (model, domain); the latest of several
    press: tuple = ()  # buttons, by their French names
    height: int = 0  # pixels of the window, where less than a screen is worth showing
    phone: bool = False

    def path(self, env):
        """Return the address of the screen on the server."""
        if not self.login:
            debtor = env["res.partner"].search([("name", "=", DEBTOR)], limit=1)
            return debtor._recovery_portal_link(env.company)._path()
        path = f"/odoo/action-payment_plan_recovery.action_{self.action}"
        if not self.of:
            return path
        model, domain = self.of
        record = env[model].search(domain, order="id desc", limit=1)
        if not record:
            raise SystemExit(f"no {model} for the picture {self.name}: {domain}")
        return f"{path}/{record.id}"


def _on_debtor(name, *press, height=0):
    """A screen reached from the debtor's page."""
    page = f"{DEBTOR} > La fiche du débiteur"
    return Screen(name, COLLECTOR, "worklist", press=(page, *press), height=height)


SCREENS = (
    # The first hour
    Screen("setup", MANAGER, "setup", height=760),
    Screen("settings", MANAGER, "settings"),
    Screen("policy", MANAGER, "dunning_policy", ("recovery.dunning.policy", [("name", "=", "Standard")])),
    Screen("message", MANAGER, "message", ("recovery.message", [("level_id", "!=", False)])),
    Screen("run", COLLECTOR, "dunning_run", ("recovery.dunning.run", [])),
    Screen(
        "why",
        COLLECTOR,
        "claim",
        press=(f"Dernier niveau effectué > {WHY}",),
    ),
    Screen("notice", COLLECTOR, "notice", ("recovery.notice", [("channel", "=", "registered")])),
    Screen("mailing", COLLECTOR, "mailing", ("recovery.mailing", [])),
    Screen("options", COLLECTOR, "plan", ("recovery.plan", [("state", "=", "draft")])),
    Screen("plan", COLLECTOR, "plan", ("recovery.plan", [("state", "=", "late")])),
    Screen("case", COLLECTOR, "case", ("recovery.case", [("stage", "=", "court")])),
    # The collector
    Screen("worklist", COLLECTOR, "worklist", height=760),
    Screen("phone", COLLECTOR, "worklist", phone=True),
    _on_debtor("debtor"),
    _on_debtor("call", "Appeler"),
    _on_debtor("write", "Écrire"),
    _on_debtor("promise", "Promettre", height=760),
    _on_debtor("hold", "Suspension", height=760),
    _on_debtor("dispute", "Litige", height=760),
    Screen("claims", COLLECTOR, "claim"),
    Screen(
        "several",
        COLLECTOR,
        "claim",
        press=(*TICKED, "Suspendre"),
    ),
    Screen("disputes", COLLECTOR, "dispute", ("recovery.dispute", [])),
    Screen("requests", COLLECTOR, "request", height=600),
    Screen("playbook", COLLECTOR, "playbook", ("recovery.playbook", [("kind", "=", "script")])),
    Screen("withheld", COLLECTOR, "withheld", height=700),
    # The manager
    Screen("credit", MANAGER, "credit_override", ("recovery.credit.override", [])),
    Screen("check", MANAGER, "solvency_check", ("recovery.solvency.check", [("state", "=", "approved")])),
    Screen(
        "incentive",
        MANAGER,
        "incentive_grant",
        ("recovery.incentive.grant", [("state", "=", "proposed")]),
        height=760,
    ),
    Screen("mandate", MANAGER, "mandate", ("recovery.mandate", [])),
    Screen("limitation", MANAGER, "limitation", height=600),
    Screen("dashboard", MANAGER, "dashboard"),
    Screen("forecast", MANAGER, "forecast_week", height=760),
    Screen("lesson", MANAGER, "lesson", press=(".o_group_header .o_group_name",), height=760),
    Screen("segment", MANAGER, "segment", height=600),
    Screen("rule", MANAGER, "interest_rule", height=760),
    # The accountant
    Screen("charges", ACCOUNTANT, "charge", press=(".o_group_header .o_group_name",), height=760),
    # What the debtor sees
    Screen("portal", None),
    Screen("portal_phone", None, phone=True),
)
