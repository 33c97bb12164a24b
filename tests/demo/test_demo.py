"""`make demo` on somebody's own ledger, as its user runs it."""

import datetime
import os
import subprocess
import sys
from contextlib import closing
from email import policy
from email.parser import BytesParser
from pathlib import Path

import openpyxl
import psycopg2
import pypdf
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from demo.sample_csv import write_sample
from dev import template
from dev.paths import ROOT

DAY = "2026-06-30"


class Demo:
    """The demonstration in a database and a folder of the test's."""

    def __init__(self, name, folder):
        self.name = name
        self.folder = folder
        self.out = folder / "out"
        self.ledger = folder / "ledger.csv"
        write_sample(self.ledger, 40, 3, datetime.date.fromisoformat(DAY))

    def run(self, *words, ledger=None):
        command = [sys.executable, ROOT / "demo" / "main.py", "--database", self.name, "--date", DAY]
        return subprocess.run(
            [*command, "--ledger", ledger or self.ledger, *words],
            env={**os.environ, "RECOVERY_OUT": str(self.out)},
            capture_output=True,
            text=True,
            check=False,
        )

    def spoilt(self):
        """The ledger with a fault in each of its first four rows."""
        lines = self.ledger.read_text(encoding="utf-8").splitlines()
        header, *rows = (line.split(",") for line in lines)
        column = header.index
        rows[0][column("due_date")] = "2026-02-30"
        rows[1][column("amount")] = "a lot"
        rows[2][column("currency")] = "QQQ"
        rows[3][column("invoice")] = rows[4][column("invoice")]
        path = self.folder / "spoilt.csv"
        path.write_text("\n".join(",".join(row) for row in [header, *rows]), encoding="utf-8")
        return path

    def query(self, statement):
        with closing(psycopg2.connect(dbname=self.name)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def counts(self):
        """How many there are of everything the demonstration makes."""
        tables = ("res_partner", "account_move", "account_partial_reconcile", "recovery_hold")
        more = ("recovery_plan", "recovery_dunning_run", "recovery_notice", "recovery_notice_line")
        more += ("recovery_solvency_check", "recovery_credit_override", "recovery_financial_statement")
        more += ("recovery_charge", "mail_activity")
        return {table: self.query(f"SELECT COUNT(*) FROM {table}") for table in tables + more}  # noqa: S608


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    demo = Demo(f"{template.PREFIX}_test_demo_{os.getpid()}", tmp_path_factory.mktemp("demo"))
    yield demo
    template.drop(demo.name)


def test_bad_rows_are_named_and_nothing_is_imported(demo):
    done = demo.run(ledger=demo.spoilt())
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()[1:5]] == [
        *("line 2", "line 3", "line 4", "line 6")
    ]
    assert not template.exists(demo.name)


@pytest.fixture(scope="module")
def told(demo):
    """The first run's words."""
    done = demo.run()
    assert done.returncode == 0, done.stderr
    return done


def test_every_row_is_a_posted_invoice(demo, told):
    assert "comparison with the ledger   equal to the cent" in told.stderr
    assert f"database: {demo.name}" in told.stdout
    [(invoices, total)] = demo.query(
        "SELECT COUNT(*), SUM(amount_total)::text FROM account_move"
        " WHERE move_type = 'out_invoice' AND state = 'posted'"
    )
    rows = [line.split(",") for line in demo.ledger.read_text(encoding="utf-8").splitlines()[1:]]
    assert invoices == len(rows)
    assert float(total) == pytest.approx(sum(float(row[4]) for row in rows), abs=0.001)


@pytest.mark.usefixtures("told")
def test_the_papers_are_there(demo):
    [agreement] = demo.out.glob("agreement-*.pdf")
    assert "Cuisines Valmorel" in pypdf.PdfReader(agreement).pages[0].extract_text()
    formal = list((demo.out / "letters").glob("*.pdf"))
    [(letters,)] = demo.query(
        "SELECT COUNT(*) FROM recovery_notice WHERE channel IN ('letter', 'registered') AND state = 'sent'"
    )
    assert len(formal) == letters > 0
    book = openpyxl.load_workbook(demo.out / "recovery_review.xlsx")
    assert len(book.sheetnames) > 1


@pytest.mark.usefixtures("told")
def test_one_mail_for_each_mailed_notice(demo):
    sent = {ref for (ref,) in demo.query("SELECT message_ref FROM recovery_notice WHERE channel = 'email'")}
    parse = BytesParser(policy=policy.default).parsebytes
    mails = [parse(path.read_bytes()) for path in (demo.out / "mails").glob("*.eml")]
    assert sorted(mail["Message-Id"] for mail in mails) == sorted(sent)


@pytest.mark.usefixtures("told")
def test_late_charges_wait_to_be_claimed_up_to_the_day(demo):
    rows = demo.query(
        """SELECT charge.kind, MIN(charge.amount), MAX(charge.date_until)::text
             FROM recovery_charge charge WHERE charge.state = 'accrued' GROUP BY charge.kind ORDER BY 1"""
    )
    assert [kind for kind, _least, _until in rows] == ["fixed_sum", "interest"]
    assert all(least > 0 for _kind, least, _until in rows)
    assert rows[1][2] == DAY


@pytest.mark.usefixtures("told")
def test_checks_set_the_limits(demo):
    rows = demo.query(
        """SELECT debtor.credit_limit ->> checked.company_id::text, checked.limit_granted, checked.state, class.code
             FROM recovery_solvency_check checked
             JOIN res_partner debtor ON debtor.id = checked.partner_id
             JOIN recovery_risk_class class ON class.id = checked.class_id"""
    )
    assert len(rows) == len({line.split(",")[0] for line in demo.ledger.read_text("utf-8").splitlines()[1:]})
    assert all(float(limit) == float(granted) for limit, granted, _state, _code in rows)
    assert {state for _limit, _granted, state, _code in rows} == {"approved"}


@pytest.mark.usefixtures("told")
def test_nothing_is_in_the_ledger_but_what_the_file_says(demo):
    header, *rows = [line.split(",") for line in demo.ledger.read_text(encoding="utf-8").splitlines()]
    settled = sum(bool(row[header.index("settled_date")]) for row in rows)
    [(moves,)] = demo.query("SELECT COUNT(*) FROM account_move WHERE state = 'posted'")
    assert moves == len(rows) + settled
    assert demo.query("SELECT COUNT(*) FROM account_move WHERE state <> 'posted'") == [(0,)]
    assert demo.query("SELECT COUNT(*) FROM recovery_credit_override") == [(0,)]


def _export(folder):
    """What another program wrote: a workbook of invoices, and a text of payments."""
    book = openpyxl.Workbook()
    book.active.append(["Balance clients"])
    book.active.append(["Client", "N° facture", "Date facture", "Échéance", "Montant TTC"])
    for row in (
        ("Petit Client", "F1", "05/01/2026", "05/02/2026", 20),
        ("Petit Client", "F1", "05/01/2026", "05/03/2026", 30),
        ("Petit Client", "F2", "05/02/2026", "28/02/2026", 40),
        ("Petit Client", "A1", "10/02/2026", "10/02/2026", -15),
        ("Autre Client", "F3", "05/02/2026", "28/02/2026", 60),
        *(("Grand Client", f"G{number}", "05/02/2026", "28/02/2026", 20_000) for number in range(4)),
        ("Total", None, None, None, 80_135),
    ):
        book.active.append(row)
    book.save(folder / "export.xlsx")
    payments = "client;date;montant;facture\nPetit Client;15/02/2026;10,00;F2\nAutre Client;16/02/2026;25;\n"
    (folder / "reglements.csv").write_text(payments, encoding="cp1252")


def test_an_export_of_another_program(tmp_path):
    """Excel with a title and a total, other names of columns, several due dates, credit notes, small invoices and
    large ones beyond what a plan may be, and a payments file.
    """
    other = Demo(f"{template.PREFIX}_test_own_{os.getpid()}", tmp_path)
    _export(tmp_path)
    try:
        done = other.run("--payments", tmp_path / "reglements.csv", ledger=tmp_path / "export.xlsx")
        assert done.returncode == 0, done.stderr
        assert "“Échéance” is read as due_date" in done.stderr
        assert "comparison with the ledger   equal to the cent" in done.stderr
        rows = other.query(
            """SELECT move.name, item.date_maturity::text, item.amount_residual::float
                 FROM account_move_line item JOIN account_move move ON move.id = item.move_id
                WHERE move.move_type <> 'entry' AND item.display_type = 'payment_term' ORDER BY 1, 2"""
        )
        assert rows == [
            ("A1", "2026-02-10", -15.0),
            ("F1", "2026-02-05", 20.0),
            ("F1", "2026-03-05", 30.0),
            ("F2", "2026-02-28", 30.0),
            ("F3", "2026-02-28", 60.0),
            *((f"G{number}", "2026-02-28", 20_000.0) for number in range(4)),
        ]
        [(partner,)] = other.query(
            "SELECT partner.name FROM recovery_plan plan JOIN res_partner partner ON partner.id = plan.partner_id"
        )
        assert partner == "Petit Client", "a plan of 80,000 is for somebody to approve"
        assert "Forecast: Too little history" in done.stdout
        assert "Worklist: " in done.stdout
        assert other.query("SELECT COUNT(*) FROM account_move WHERE statement_line_id IS NOT NULL") == [(2,)]
        limits = other.query("SELECT limit_granted FROM recovery_solvency_check")
        assert any(limit > 0 for (limit,) in limits), limits
    finally:
        template.drop(other.name)


@pytest.mark.usefixtures("told")
def test_papers_on_credit(demo):
    [check] = demo.out.glob("check-*.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(check).pages)
    assert "Retard moyen en jours" in text
    sheets = openpyxl.load_workbook(demo.out / "credit_review.xlsx")
    [(debtors,)] = demo.query("SELECT COUNT(*) FROM recovery_solvency_check")
    assert sheets["Débiteurs"].max_row >= debtors + 1


@pytest.mark.usefixtures("told")
def test_running_it_again_doubles_nothing(demo):
    before = demo.counts(), sorted((demo.out / "mails").iterdir())
    again = demo.run()
    assert again.returncode == 0, again.stderr
    assert (demo.counts(), sorted((demo.out / "mails").iterdir())) == before


@pytest.mark.usefixtures("told")
def test_another_ledger_does_not_go_into_it(demo):
    done = demo.run("--skip-bad", ledger=demo.spoilt())
    assert done.returncode == 1
    assert "FRESH=1" in done.stderr


def test_somebody_s_database_is_left_alone(demo):
    with template.copied(template.addon(), "theirs") as name:
        theirs = Demo(name, demo.folder)
        for words in ((), ("--fresh",)):
            done = theirs.run(*words)
            assert done.returncode == 1
            assert "was not made by make demo" in done.stderr
        assert template.exists(name)
