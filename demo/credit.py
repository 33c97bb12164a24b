"""Credit in the demonstration: who is trusted how far, and an invoice that goes beyond it."""

import base64
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

from . import accounts
from .books import Bill
from .database import Stop
from .terminal import Step, money, table

#: Debtors to check: those with the highest exposure.
CHECKED = 60
#: Natural persons among them whose checks are left to decide, so that the worklist is not empty.
LEFT_TO_DECIDE = 2
#: Classes whose debtors need an approval beyond their limit, by the rules that are shipped.
HELD_UP = ("C", "D", "E")
TERMS = timedelta(days=30)
#: The least that the invoice is about, and what it adds to the credit that is left.
STEP = Decimal(1500)
ORDER = "Commande CV-1042"
#: What the people write.
REASONS = {
    "person": "Retards répétés de paiement ; à revoir dès que le compte est à jour.",
    "asked": "Client suivi, acompte promis cette semaine.",
    "approved": "Accordé pour cette commande seulement.",
}


class CreditDesk:
    """What the collector and the manager decide on credit, on one day."""

    def __init__(self, desk, source):
        self.env = desk.env
        self.manager = desk.manager
        self.company = desk.company
        self.source = source

    @property
    def _known(self):
        return self.env["recovery.solvency.check"].search([("company_id", "=", self.company.id)])

    def check(self, books):
        """Check the debtors with the highest exposure; a company that has checks keeps them."""
        if checks := self._known:
            return checks
        self._fit_limits()
        self._enter_statements(books)
        self._import_ratings(books)
        debtors = self.env["res.partner"].search(
            [("ref", "in", [debtor.ref for debtor in self.source.debtors])],
            order="recovery_exposure DESC, id",
            limit=CHECKED,
        )
        checks = self.env["recovery.solvency.check"].create(
            [
                {"partner_id": debtor.id, "company_id": self.company.id, "date": self.source.date}
                for debtor in debtors
            ]
        )
        checks.action_compute()
        left = checks.filtered("is_person")[:LEFT_TO_DECIDE]
        for check in checks - left:
            self._decide(check)
        self.env.cr.commit()
        return checks

    def _fit_limits(self):
        """A ledger of small invoices has small limits: they are not rounded down to nothing."""
        if self.source.limit_unit:
            for card in self.env["recovery.scorecard"].search([]):
                card.limit_unit = min(card.limit_unit, float(self.source.limit_unit))

    def _enter_statements(self, books):
        self.env["recovery.financial.statement"].create(
            [
                {"partner_id": books.partner(ref).id, "company_id": self.company.id, **figures}
                for ref, habit in self.source.accounts.items()
                for figures in accounts.statements(habit, self.source.date)
            ]
        )

    def _import_ratings(self, books):
        """Read the agency's file; debtors are found by their registration numbers."""
        if not self.source.registrations:
            return
        for ref, number in self.source.registrations.items():
            books.partner(ref).company_registry = number
        reading = self.env["recovery.credit.import"].create(
            {
                "kind": "rating",
                "provider_id": self.env.ref("payment_plan_recovery.rating_provider_file").id,
                "file": base64.b64encode(accounts.ratings_file(self.source.date).encode()),
                "filename": "ratings.csv",
            }
        )
        reading.action_import()

    def _decide(self, check):
        if check.is_person and check.is_unfavourable:
            check.decision_reason = REASONS["person"]
        check.action_approve()
        if check.state == "to_approve":
            check.with_user(self.manager()).action_approve()

    def invoice(self, books, checks):
        """Post an invoice beyond a debtor's limit: the rules hold it up, the manager approves it.

        Returns the used approval; an empty one when every debtor may have more credit.
        """
        from odoo.exceptions import UserError  # Odoo is there once its environment is

        overrides = self.env["recovery.credit.override"]
        if used := overrides.search([("company_id", "=", self.company.id), ("state", "=", "used")], limit=1):
            return used
        check = self._held_up(checks)
        if not check:
            return overrides
        invoice = self._draft(books, check.partner_id)
        with suppress(UserError), self.env.cr.savepoint():
            invoice.action_post()
        if invoice.state == "posted":
            raise Stop(f"the credit rules let {invoice.name} of {check.partner_id.name} pass")
        asked = invoice.action_ask_credit_approval()["context"]
        override = overrides.with_context(**asked).create({"reason": REASONS["asked"]})
        decision = override.with_user(self.manager())
        decision.decision_reason = REASONS["approved"]
        decision.action_approve()
        invoice.action_post()
        self.env.cr.commit()
        return override

    def _held_up(self, checks):
        """The firm of a watched class whose exposure is the highest."""
        standing = checks.filtered(
            lambda check: (
                check.state == "approved"
                and not check.is_person
                and check.class_id.code in HELD_UP
                and check.partner_id.ref
            )
        )
        watched = standing.grouped(lambda check: check.class_id.code)
        return _most_exposed(next((watched[code] for code in HELD_UP if code in watched), standing))

    def _draft(self, books, debtor):
        left = max(books.exact(debtor.recovery_credit_available, self.company.currency_id), Decimal(0))
        line = ("Fourneaux et plans de travail", Decimal(1), left + STEP, None)
        day = self.source.date
        bill = Bill(ORDER, debtor.ref, day, day + TERMS, self.company.currency_id.name, (line,))
        return books.draft(bill).with_env(self.env)


def _most_exposed(checks):
    return checks.sorted(lambda check: -check.partner_id.recovery_exposure)[:1]


def decide(desk, books, source):
    """Check the debtors and pass an invoice beyond a limit, each once; the checks and the approval."""
    office = CreditDesk(desk, source)
    step = Step("solvency checks")
    checks = office.check(books)
    granted = checks.filtered(lambda check: check.state == "approved")
    step.close(f"{len(checks)} computed, {len(granted)} approved")
    if not source.is_invented:
        return checks, desk.env["recovery.credit.override"]
    step = Step("invoice beyond a limit")
    override = office.invoice(books, checks)
    step.close(f"{override.document_name} held up, approved" if override else "no debtor is held up")
    return checks, override


def show(checks, override):
    """Tables of the classes, of a debtor of each, and of the invoice that needed approval."""
    granted = checks.filtered(lambda check: check.state == "approved").grouped("class_id")
    classes = sorted(granted, key=lambda risk_class: risk_class.code)
    table(
        f"Solvency: {len(checks)} debtors checked, {len(checks) - sum(map(len, granted.values()))} to review",
        ("Class", "Debtors", "Over limit", "Exposure", "Limits"),
        [_class_row(risk_class, granted[risk_class].partner_id) for risk_class in classes],
    )
    table(
        "A debtor of each class",
        ("Debtor", "Class", "Score", "Limit", "Exposure"),
        [_debtor_row(_most_exposed(granted[risk_class])) for risk_class in classes],
    )
    if override:
        table(
            f"Credit: {override.document_name} of {override.partner_id.name}",
            ("Step", "Who", "What"),
            [
                *[("Held up", "credit rules", figures) for figures in override.figures.split(". ")],
                ("Asked", override.requested_by_id.name, override.reason),
                ("Approved", override.approver_id.name, override.decision_reason),
                ("Posted", "", money(override.amount)),
            ],
        )


def _class_row(risk_class, debtors):
    figures = [sum(debtors.mapped(name)) for name in ("recovery_exposure", "credit_limit")]
    over = len(debtors.filtered("recovery_over_limit"))
    return (f"{risk_class.code}  {risk_class.name}", str(len(debtors)), str(over), *map(money, figures))


def _debtor_row(check):
    debtor = check.partner_id
    amounts = map(money, (debtor.credit_limit, debtor.recovery_exposure))
    return (debtor.name, check.class_id.code, f"{check.score:.1f}", *amounts)
