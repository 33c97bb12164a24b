"""The screens that the French guide shows: who looks, where, and what was pressed before."""

from typing import NamedTuple

COLLECTOR, MANAGER, ACCOUNTANT = "c.arnoux", "h.vasseur", "l.morel"
DEBTOR = "Restaurant La Goélette"
WHY = "Dire pourquoi cette créance est relancée ou non"
#: The row of a claim that stands at its last level.
AT_LAST_LEVEL = ".o_data_row:has([name='reason'] .text-bg-warning)"
#: Claims of several debtors that stand there, and one of a debtor who is on hold: the dialog leaves that one out.
TICKED = (
    *(f".o_data_row:nth-child({row} of {AT_LAST_LEVEL}) input" for row in (1, 2, 3, 5, 6, 8)),
    ".o_data_row:nth-child(2) input",
)


class Screen(NamedTuple):
    """One picture: ``fr_{name}.png``."""

    name: str
    login: str | None
    #: External id of the window, without the addon's name and "action_"; whole of another addon's.
    action: str = ""
    of: tuple = ()  # the record shown: (model, domain); the latest of several
    press: tuple = ()  # buttons, by their French names
    height: int = 0  # pixels of the window, where less than a screen is worth showing
    phone: bool = False

    def path(self, env):
        """Return the address of the screen on the server."""
        if not self.login:
            debtor = env["res.partner"].search([("name", "=", DEBTOR)], limit=1)
            return debtor._recovery_portal_link(env.company)._path()
        ours = f"payment_plan_recovery.action_{self.action}"
        path = f"/odoo/action-{self.action if '.' in self.action else ours}"
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
    Screen(
        "weighed",
        COLLECTOR,
        "case",
        ("recovery.case", [("partner_id.name", "=", "Traiteur Maurignac")]),
        ("Que peut-on faire ?",),
    ),
    # The collector
    Screen("worklist", COLLECTOR, "worklist_refreshed", height=760),
    Screen("phone", COLLECTOR, "worklist", phone=True),
    _on_debtor("debtor"),
    _on_debtor("call", "Appeler"),
    _on_debtor("write", "Écrire"),
    _on_debtor("wishes", "Mode de relance"),
    _on_debtor("promise", "Promettre", height=760),
    _on_debtor("hold", "Suspension", height=760),
    _on_debtor("dispute", "Litige", height=760),
    _on_debtor("negotiate", "Échéancier", height=760),
    _on_debtor("hand_over", "Confier à un dossier", height=760),
    _on_debtor("link", "Lien de paiement", height=620),
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
    # The other screens, as the menu has them
    Screen("instalments", COLLECTOR, "plan_instalment", height=760),
    Screen("received", COLLECTOR, "plan_allocation", height=560),
    Screen("capacity", MANAGER, "capacity", ("recovery.capacity", []), height=760),
    Screen("over_limit", COLLECTOR, "partner_credit", height=560),
    Screen("checks", COLLECTOR, "solvency_check_todo", height=480),
    Screen("guarantee", MANAGER, "guarantee", ("recovery.guarantee", []), height=620),
    Screen("accounts", COLLECTOR, "financial_statement", ("recovery.financial.statement", [])),
    Screen("holds", COLLECTOR, "hold", height=560),
    Screen("promises", COLLECTOR, "promise", height=560),
    Screen("interactions", COLLECTOR, "contact", height=560),
    Screen("deadlines", COLLECTOR, "case_deadlines", press=(".o_switch_view.o_list",), height=560),
    Screen("reports", COLLECTOR, "mandate_entry", height=480),
    Screen("events", COLLECTOR, "limitation_event", height=480),
    Screen("write_off", MANAGER, "write_off", ("recovery.write.off", [])),
    Screen("expected", COLLECTOR, "forecast_line", height=760),
    Screen("months", MANAGER, "kpi_snapshot", height=760),
    Screen("score", MANAGER, "forecast_score", height=480),
    Screen("segment_changes", MANAGER, "segment_change", height=560),
    Screen(
        "portfolio", MANAGER, "portfolio", ("recovery.portfolio", [("name", "=", "Entreprises")]), height=560
    ),
    Screen("causes", MANAGER, "cause", height=760),
    Screen("plan_policy", MANAGER, "plan_policy", ("recovery.plan.policy", [])),
    Screen(
        "clause", MANAGER, "clause", ("recovery.clause", [("document", "=", "formal_notice")]), height=620
    ),
    Screen("fixed_sum", MANAGER, "collection_fee", height=620),
    Screen(
        "rates",
        MANAGER,
        "interest_reference",
        ("recovery.interest.reference", [("name", "=like", "ECB%")]),
        height=760,
    ),
    Screen("scorecard", MANAGER, "scorecard", ("recovery.scorecard", [])),
    Screen("risk_class", MANAGER, "risk_class", height=480),
    Screen("credit_rule", MANAGER, "credit_rule", height=480),
    Screen("incentive_rule", MANAGER, "incentive", height=480),
    Screen("provider", MANAGER, "rating_provider", height=480),
    Screen("procedure", MANAGER, "procedure", ("recovery.procedure", [("country_ids.code", "=", "FR")])),
    Screen("cost", MANAGER, "cost", height=480),
    Screen("layout", MANAGER, "handover_layout", ("recovery.handover.layout", []), height=760),
    Screen("limitation_rule", MANAGER, "limitation_rule", height=760),
    Screen("trial", MANAGER, "message_trial", ("recovery.message.trial", []), height=620),
    Screen("retention", MANAGER, "retention_rule", height=760),
    Screen("forgotten", MANAGER, "retention_log", height=480),
    Screen("ceilings", MANAGER, "ceiling_change", height=480),
    Screen("coming", MANAGER, "coming_wizard", height=620),
    Screen("credit_import", COLLECTOR, "credit_import", height=620),
    Screen("country", MANAGER, "country", ("res.country", [("code", "=", "DE")]), height=620),
    # What the debtor sees
    Screen("portal", None),
    Screen("portal_phone", None, phone=True),
)
