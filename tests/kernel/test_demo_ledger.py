"""The demonstration ledger keeps its promises, whatever the seed and the date."""

import datetime
import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from demo import habits, personas
from demo.ledger import TERMS, due_date, generate

ROOT = Path(__file__).resolve().parents[2]
DAY = datetime.date(2026, 11, 21)
OTHERS = [
    (1, datetime.date(2024, 2, 29)),
    (2, datetime.date(2025, 12, 31)),
    (3, datetime.date(2026, 1, 1)),
    (4, datetime.date(2026, 8, 31)),
    (5, datetime.date(2027, 3, 30)),
    (2026, DAY),
]
LEDGERS = [(1, DAY), *OTHERS]
# Changes with every change of what is generated: look at the new figures, then write them here.
GOLDEN = (
    "1070 invoices 1591594.32 credited 39168.66 received 1321028.46 open 159 246232.80 overdue 86 113448.66 "
    "on account 14835.60 plan CLI0030 CLI0041 CLI0042 CLI0043 CLI0044"
)


@pytest.fixture(scope="module", params=LEDGERS, ids=lambda param: f"{param[0]}-{param[1]}")
def ledger(request):
    return generate(*request.param)


def summary(ledger):
    total, open_count, overdue_count = ledger.total, len(ledger.open_invoices), len(ledger.overdue_invoices)
    return (
        f"{len(ledger.invoices)} invoices {total.invoiced} credited {total.credited} "
        f"received {total.received} open {open_count} {total.open} overdue {overdue_count} {total.overdue} "
        f"on account {total.on_account} plan {' '.join(ledger.plan_candidates)}"
    )


def digest(ledger):
    return hashlib.sha256(repr(ledger).encode()).hexdigest()


# -- the same for the same seed and date -------------------------------------------------


def test_two_generations_are_equal():
    assert generate(1, DAY) == generate(1, DAY)


def test_another_seed_or_date_is_another_ledger():
    first = generate(1, DAY)
    assert first.invoices != generate(2, DAY).invoices
    assert first.invoices != generate(1, DAY + datetime.timedelta(days=1)).invoices


def test_golden_summary():
    assert summary(generate(1, DAY)) == GOLDEN


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_hash_randomisation_changes_nothing(hash_seed):
    code = "import sys, datetime; sys.path[:0] = sys.argv[1:]\n"
    code += "from test_demo_ledger import digest, generate, DAY; print(digest(generate(1, DAY)))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(ROOT / "tests" / "kernel")],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == digest(generate(1, DAY))


# -- the shape promised ------------------------------------------------------------------


def test_debtors_are_a_believable_mix(ledger):
    debtors = ledger.debtors
    assert len(debtors) == 60
    assert {debtor.habit for debtor in debtors} == set(personas.HABITS)
    assert sum(debtor.is_company for debtor in debtors) == 48
    assert Counter(debtor.lang for debtor in debtors)["fr_FR"] > 50
    assert {debtor.lang for debtor in debtors} == {"fr_FR", "en_US"}
    assert {debtor.country for debtor in debtors} >= {"FR", "GB", "BE", "DE"}
    assert sum(not debtor.email for debtor in debtors) == 2
    for field in ("ref", "name", "street"):
        assert len({getattr(debtor, field) for debtor in debtors}) == 60


def test_nobody_real_can_be_reached(ledger):
    emails = [debtor.email for debtor in ledger.debtors if debtor.email]
    phones = [debtor.phone for debtor in ledger.debtors if debtor.phone]
    assert all(email.isascii() and email.endswith(".example") for email in emails)
    assert len(set(emails)) == len(emails)
    assert len(set(phones)) == len(phones)
    fiction = ("+33 1 99 00 ", "+33 6 39 98 ", "+44 20 7946 0", "+44 7700 900", "+49 30 23125 ")
    assert all(phone.startswith(fiction) for phone in phones)


def test_size(ledger):
    assert 900 <= len(ledger.invoices) <= 1200
    assert 120 <= len(ledger.open_invoices) <= 220
    assert 0.4 <= len(ledger.overdue_invoices) / len(ledger.open_invoices) <= 0.65


def test_lateness_reaches_every_level(ledger):
    late = [ledger.days_late(invoice) for invoice in ledger.overdue_invoices]
    assert sum(5 <= days < 15 for days in late) >= 2
    assert sum(15 <= days < 30 for days in late) >= 4
    assert sum(days >= 30 for days in late) >= 20
    assert 220 <= max(late) <= 300


def test_documents_of_every_kind(ledger):
    kinds = Counter(len(receipt.applies) for receipt in ledger.receipts)
    assert kinds[1] > 500
    assert sum(count for length, count in kinds.items() if length > 1) > 80
    paid_in_parts = Counter(number for receipt in ledger.receipts for number, _amount in receipt.applies)
    assert sum(times > 1 for times in paid_in_parts.values()) > 30
    totals = {invoice.number: invoice.total for invoice in ledger.invoices}
    full = [note.total == totals[note.invoice_number] for note in ledger.credit_notes]
    assert full.count(True) >= 3
    assert full.count(False) >= 20
    assert sum(receipt.unallocated > 0 for receipt in ledger.receipts) == 2


def test_running_disputes_are_flagged(ledger):
    disputed = [invoice for invoice in ledger.invoices if invoice.disputed_amount]
    assert disputed
    for invoice in disputed:
        assert invoice.dispute_reason
        assert invoice.date <= invoice.disputed_on <= ledger.date
        assert 0 < invoice.disputed_amount <= ledger.residuals[invoice.number]


def test_plan_candidates(ledger):
    overdue = defaultdict(list)
    for invoice in ledger.overdue_invoices:
        overdue[invoice.debtor_ref].append(invoice)
    debtors = {debtor.ref: debtor for debtor in ledger.debtors}
    assert len(ledger.plan_candidates) >= 2
    for ref in ledger.plan_candidates:
        assert len(overdue[ref]) >= 4
        assert not any(invoice.disputed_amount for invoice in overdue[ref])
        assert debtors[ref].country == "FR"
        assert debtors[ref].email


def test_a_debtor_is_covered_by_credit(ledger):
    """There is one to show that a debtor whose credit covers everything is not chased."""
    assert any(total.open and total.on_account >= total.open for total in ledger.totals.values())


# -- bookkeeping -------------------------------------------------------------------------


def test_documents_are_numbered_by_date_without_gaps(ledger):
    for documents in (ledger.invoices, ledger.credit_notes, ledger.receipts):
        dates = [document.date for document in documents]
        assert dates == sorted(dates)
        expected = Counter()
        for document in documents:
            expected[document.date.year] += 1
            assert document.number.endswith(f"/{document.date.year}/{expected[document.date.year]:05}")


def test_dates(ledger):
    start = min(invoice.date for invoice in ledger.invoices)
    assert (ledger.date - start).days <= 18 * 31
    terms = {debtor.ref: debtor.terms for debtor in ledger.debtors}
    for invoice in ledger.invoices:
        assert invoice.date <= ledger.date
        assert habits.is_working(invoice.date)
        assert invoice.due_date == due_date(invoice.date, terms[invoice.debtor_ref])
    for document in (*ledger.receipts, *ledger.credit_notes):
        assert document.date <= ledger.date
        assert habits.is_working(document.date)


def test_nothing_is_settled_beyond_what_is_open_on_its_date(ledger):
    invoices = {invoice.number: invoice for invoice in ledger.invoices}
    left = {invoice.number: invoice.total for invoice in ledger.invoices}
    events = [
        (note.date, 0, note.debtor_ref, note.invoice_number, note.total) for note in ledger.credit_notes
    ]
    for receipt in ledger.receipts:
        events += [(receipt.date, 1, receipt.debtor_ref, number, paid) for number, paid in receipt.applies]
    for date, _rank, ref, number, amount in sorted(events):
        assert ref == invoices[number].debtor_ref
        assert date > invoices[number].date
        assert 0 < amount <= left[number]
        left[number] -= amount
    assert left == ledger.residuals


def test_amounts_are_exact(ledger):
    """VAT is exact per line: wherever a system rounds, it comes to the same total."""
    for document in (*ledger.invoices, *ledger.credit_notes):
        for line in document.lines:
            assert line.quantity > 0
            assert line.unit_price > 0
            assert line.vat_rate == 20
            assert line.untaxed == line.quantity * line.unit_price
            assert line.vat == line.untaxed / 5
        assert document.total == document.untaxed * 6 / 5
        assert document.total.as_tuple().exponent == -2
    for receipt in ledger.receipts:
        assert receipt.amount.as_tuple().exponent == -2
        assert receipt.unallocated >= 0


def test_totals_agree_with_the_documents(ledger):
    total = ledger.total
    assert total.invoiced == sum(invoice.total for invoice in ledger.invoices)
    assert total.received == sum(receipt.amount for receipt in ledger.receipts)
    assert total.open == sum(ledger.residuals[invoice.number] for invoice in ledger.open_invoices)
    for debtor_total in (*ledger.totals.values(), total):
        assert debtor_total.balance == debtor_total.open - debtor_total.on_account
        assert 0 <= debtor_total.overdue <= debtor_total.open


def test_a_failing_firm_pays_nothing_due_after_it_stopped(ledger):
    stops = {
        debtor.ref: persona.stops for debtor, persona in zip(ledger.debtors, personas.PERSONAS, strict=True)
    }
    for invoice in ledger.invoices:
        if stops[invoice.debtor_ref] and ledger.days_late(invoice) <= stops[invoice.debtor_ref]:
            assert ledger.residuals[invoice.number] == invoice.total


@pytest.mark.parametrize(
    ("terms", "invoiced", "due"),
    [
        ("30", datetime.date(2024, 1, 30), datetime.date(2024, 2, 29)),
        ("45eom", datetime.date(2024, 1, 15), datetime.date(2024, 2, 29)),
        ("45eom", datetime.date(2024, 1, 16), datetime.date(2024, 3, 31)),
        ("60", datetime.date(2025, 12, 31), datetime.date(2026, 3, 1)),
    ],
)
def test_terms(terms, invoiced, due):
    assert terms in TERMS
    assert due_date(invoiced, terms) == due


def test_working_days():
    for holiday in ("2026-01-01", "2026-04-06", "2026-05-14", "2026-05-25", "2026-07-14", "2026-11-21"):
        assert not habits.is_working(datetime.date.fromisoformat(holiday))
    assert habits.is_working(datetime.date(2026, 11, 20))
