"""What happens in the demonstration, in order of time."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from . import automation, cases, clock, collector, company, credit, insight, papers, summary, waiting
from .agreements import Agreements
from .books import Books
from .database import PORT, Stop
from .terminal import Step

#: Days before the ledger's date on which notices went out already, a level apart each.
EARLIER_RUNS = (timedelta(days=24), timedelta(days=12))
#: Debtors who are offered a plan until one lies within the policy.
PLANS_TRIED = 20
#: Parameter that remembers that the books were found equal to the ledger.
COMPARED = "payment_plan_recovery.demo_compared"


def tell(env, source):
    """Live through the last weeks up to the ledger's date, then do its main job on that day."""
    creditor = company.found(env)
    automation.declare(env)
    books = Books(env, creditor)
    books.add_debtors(source.debtors)
    desk = collector.Desk(env, creditor)
    agreements = Agreements(desk, books, source)
    for day in agreements.days_before:
        with clock.at(day):
            agreements.live(day)
    for before in EARLIER_RUNS:
        day = source.date - before
        with clock.at(day):
            book(books, source, day)
            desk.hold(dispute for dispute in source.disputes if dispute.since <= day)
            _run(desk, day)
    begun = cases.begin(desk, books, source)
    entrusted = waiting.entrust(desk, books, source)
    with clock.at(source.date):
        book(books, source)
        _compare(env, source)
        desk.hold(source.disputes)
        agreements.live(source.date)
        plan = _plan(desk, books, source)
        run = _run(desk, source.date)
        if source.is_invented:
            _first_instalment(desk, books, plan, source.date)
        _late_charges(desk)
        checks, override = credit.decide(desk, books, source)
        cases.bring_to_date(desk, books, source, begun)
        waiting.bring(desk, books, source, entrusted)
        insight.keep(desk, source.date)
        _papers(desk, plan, run, checks)
        summary.show(env, creditor, run, plan)
        summary.show_plans(desk.plans())
        credit.show(checks, override)
        insight.show(desk)
        if plan:
            summary.show_link(plan, PORT)


def book(books, source, until=None):
    """Book what happened up to a day; everything without one."""
    kinds = (
        ("invoices", source.invoices, books.book_bills),
        ("credit notes", source.credit_notes, books.book_bills),
        ("receipts", source.transfers, books.book_transfers),
    )
    for name, documents, post in kinds:
        due = [document for document in books.missing(documents) if not until or document.date <= until]
        if due:
            step = Step(f"{name} until {until}" if until else name, len(due))
            post(due, step)
            step.close(f"{len(due)} posted")


def _compare(env, source):
    """Once, when everything is booked: later the plan's payments come on top."""
    parameters = env["ir.config_parameter"].sudo()
    if parameters.get_param(COMPARED):
        return
    step = Step("comparison with the ledger")
    differences = source.differences(env)
    if differences:
        raise Stop("Odoo's figures are not the ledger's:\n" + "\n".join(differences))
    parameters.set_param(COMPARED, source.identity)
    env.cr.commit()
    step.close("equal to the cent")


def _plan(desk, books, source):
    step = Step("plan")
    first = source.date + relativedelta(months=1, day=31)
    offers = (
        desk.grant_plan(books.partner(ref), end_of_month=True, date_start=first)
        for ref in source.plan_candidates[:PLANS_TRIED]
    )
    plan = next(filter(None, offers), desk.no_plan)
    if plan:
        step.close(f"{plan.name} with {plan.partner_id.name}, {len(plan.instalment_ids)} instalments")
    else:
        step.close("no debtor with several overdue invoices whose plan lies within the policy")
    return plan


def _run(desk, day):
    run = desk.run(day)
    step = Step(f"dunning run of {day}", len(run.notice_ids))
    with desk.counting_sent(run) as count, step.watching(count):
        desk.send()
    sent = run.notice_ids.filtered(lambda notice: notice.state == "sent")
    step.close(f"{len(run.notice_ids)} notices, {len(sent)} sent")
    return run


def _first_instalment(desk, books, plan, day):
    if plan:
        step = Step("first instalment")
        first = plan.instalment_ids.sorted("number")[:1]
        desk.pay(books, first, first.amount, day, step)
        step.close(f"received, {plan.display_name} {plan.state}")


def _late_charges(desk):
    step = Step("late charges")
    charges = desk.renew_charges()
    step.close(f"{len(charges)} to claim on {len(charges.move_id)} invoices")


def _papers(desk, plan, run, checks):
    step = Step("papers")
    agreed = plan | desk.plans().filtered("previous_id")
    for each in agreed:
        papers.agreement(each)
    papers.review(run)
    papers.credit(desk, checks, run.date)
    letters = papers.letters(desk.notices())
    step.close(f"{len(agreed)} agreements, reviews, solvency check, {len(letters)} letters")
