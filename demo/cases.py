"""What follows the last reminder: insolvency, payment order, mediation, write-off, a limitation near its end."""

from dateutil.relativedelta import relativedelta

from dev.paths import OUT

from . import clock, papers
from .collector import signatory
from .terminal import Step, table

#: Debtors of the invented ledger and what becomes of what they owe.
INSOLVENT, SUED, MEDIATED = "SAS Food'Atelier", "Traiteur Maurignac", "Hôtel du Parc Vauzelles"
GIVEN_UP, FORGOTTEN = "Karine Quilichini", "Sébastien Loubaresse"
#: Days before the ledger's date on which the mediator, the court and the gazette came into it.
MEDIATION, ORDER, PUBLISHED = (relativedelta(days=days) for days in (9, 8, 6))
#: Months after which the limitation of two years has nearly run out (C. conso. L218-2).
NEARLY = relativedelta(months=23, days=10)


def begin(desk, books, source):
    """Begin the cases in the days before the ledger's date; return them, none when there are any already."""
    cases = desk.env["recovery.case"]
    debtors = _debtors(books, source)
    if not {INSOLVENT, SUED, MEDIATED} <= debtors.keys() or cases.search_count([]):
        return cases
    step = Step("cases")
    with clock.at(source.date - MEDIATION):
        cases |= _open(desk, debtors[MEDIATED], "procedure_fr_mediation", "Le gérant demande un conciliateur")
    with clock.at(source.date - ORDER):
        cases |= _open(desk, debtors[SUED], "procedure_fr_order", "Mise en demeure restée sans réponse")
    with clock.at(source.date - PUBLISHED):
        cases |= cases._publish(debtors[INSOLVENT], desk.company, source.date - PUBLISHED)
    desk.env.cr.commit()
    step.close(f"{len(cases)} begun")
    return cases


def bring_to_date(desk, books, source, cases):
    """What came of ``cases`` by the ledger's date, what was given up, and the papers for the registries."""
    debtors = _debtors(books, source)
    if cases:
        _agree(cases.filtered(lambda case: case.partner_id.name == MEDIATED))
        _give_up(desk, debtors[GIVEN_UP])
        _forget(desk, debtors[FORGOTTEN], source.date)
        for case in cases.filtered(lambda case: case.stage != "closed"):
            case.action_build_evidence()
        desk.env.cr.commit()  # the scheduled job reads what is written down
        desk.env.ref("payment_plan_recovery.cron_limitation_renew").sudo().method_direct_trigger()
        desk.env.cr.commit()
        _print(cases)
    _show(desk)


def _debtors(books, source):
    return {debtor.name: books.partner(debtor.ref) for debtor in source.debtors}


def _open(desk, debtor, procedure, reason):
    """A case over what the debtor owes past its date, and the procedure that was begun."""
    claims = desk.env["recovery.claim"].search(
        [
            ("partner_id", "=", debtor.id),
            ("company_id", "=", desk.company.id),
            ("date_due", "<", desk.company._recovery_today()),
        ]
    )
    case = desk.env["recovery.case"]._open(debtor, claims.move_line_id, reason=reason)
    case.action_weigh()
    wanted = desk.env.ref(f"payment_plan_recovery.{procedure}")
    case.option_ids.filtered(lambda option: option.procedure_id == wanted).action_begin()
    case.step_ids.sorted("sequence")[:1].action_done()
    return case


def _agree(case):
    """The mediator brought both to a plan; it ends the case once in force."""
    case.action_agree()
    plan = case.plan_id
    # The debtor is of the class that pays within three months.
    plan.write({"instalment_count": 3, "period": "month"})
    plan.generate_instalments()
    plan.action_propose()
    plan.action_accept(signed_by=f"{signatory(plan.partner_id)}, devant le conciliateur")
    plan.action_activate()
    case._follow()


def _give_up(desk, debtor):
    """An old invoice was given up; days later its money came, and the write-off was taken back."""
    company = desk.company
    if not company.recovery_write_off_account_id:
        company.recovery_write_off_account_id = desk.env["account.account"].search(
            [("company_ids", "in", company.ids), ("code", "=like", "654%")], limit=1
        )
    items = desk.env["recovery.claim"].search([("partner_id", "=", debtor.id)], order="date_due").move_line_id
    for item in items[:2]:
        write_off = desk.env["recovery.write.off"].create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "currency_id": item.currency_id.id,
                "reason": "unknown",
                "note": "Courriers revenus, téléphone coupé",
                "line_ids": [(0, 0, {"move_line_id": item.id})],
            }
        )
        write_off.action_ask()
        decided = write_off.with_user(desk.manager())
        decided.action_approve()
        if item == items[:1]:
            decided.action_reverse()  # she paid the older one after all


def _forget(desk, debtor, date):
    """An invoice of nearly two years ago that nobody sued for, brought forward from the books before."""
    move = desk.env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": debtor.id,
            "invoice_date": date - NEARLY - relativedelta(days=30),
            "invoice_date_due": date - NEARLY,
            "invoice_payment_term_id": False,
            "ref": "À nouveau",
            "invoice_line_ids": [(0, 0, {"name": "Cuisine d'été", "price_unit": 1450.0, "tax_ids": []})],
        }
    )
    move.action_post()


def _print(cases):
    """The request and the declaration, as a registry gets them."""
    for report, name in (("payment_order", SUED), ("declaration", INSOLVENT)):
        case = cases.filtered(lambda case, name=name: case.partner_id.name == name)[:1]
        content, _kind = case.env["ir.actions.report"]._render_qweb_pdf(
            f"payment_plan_recovery.action_report_{report}", case.ids
        )
        papers.keep(OUT / f"case-{report}.pdf", content)


def _show(desk):
    cases = desk.env["recovery.case"].search([("company_id", "=", desk.company.id)])
    stages = dict(cases._fields["stage"]._description_selection(desk.env))
    outcomes = dict(cases._fields["outcome"]._description_selection(desk.env))
    rows = [
        (
            case.display_name,
            case.procedure_id.name or "",
            outcomes.get(case.outcome) or stages[case.stage],
            str(case.date_deadline or ""),
        )
        for case in cases
    ]
    if rows:
        table("Cases", ("Case", "Procedure", "Stage or outcome", "Next deadline"), rows)
