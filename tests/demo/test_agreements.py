"""The plans of the demonstration: one in each state, made once however often it is run."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pypdf
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dev import template

DAY = "2026-06-30"
PLANS = """
    SELECT partner.ref, plan.state, plan.amount_residual::float, credit_note.amount_total::float
      FROM recovery_plan plan
      JOIN res_partner partner ON partner.id = plan.partner_id
      LEFT JOIN account_move credit_note ON credit_note.id = plan.discount_move_id
       AND credit_note.move_type = 'out_refund' AND credit_note.state = 'posted'
       AND credit_note.payment_state = 'paid'
     ORDER BY plan.id
"""


class Agreed:
    """The agreements told in a database of the test's."""

    def __init__(self, folder):
        self.name = f"{template.PREFIX}_test_agreed_{os.getpid()}"
        self.out = folder

    def tell(self):
        done = subprocess.run(
            [sys.executable, Path(__file__).with_name("agreed.py"), self.name, DAY],
            env={**os.environ, "RECOVERY_OUT": str(self.out)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, statement):
        with closing(psycopg2.connect(dbname=self.name)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def made(self):
        """Every plan, payment, notice and mail there is."""
        counts = [
            self.query(f"SELECT COUNT(*), MAX(id) FROM {table}")  # noqa: S608
            for table in ("account_move", "account_partial_reconcile", "recovery_notice", "mail_activity")
        ]
        return self.query(PLANS), counts, sorted((self.out / "mails").iterdir())


@pytest.fixture(scope="module")
def agreed(tmp_path_factory):
    agreed = Agreed(tmp_path_factory.mktemp("agreed"))
    agreed.told = agreed.tell()
    yield agreed
    template.drop(agreed.name)


def test_one_plan_of_each(agreed):
    plans = agreed.query(PLANS)
    assert [plan[:2] for plan in plans] == [
        ("ECH0001", "completed"),
        ("ECH0002", "broken"),
        ("ECH0003", "superseded"),
        ("ECH0004", "late"),
        ("ECH0005", "in_default"),
        ("ECH0003", "active"),
    ]
    # 3 % of 1480.00 + 965.50 + 1212.40 and their VAT, instalment by instalment, on a paid credit note.
    assert plans[0][2:] == (0, pytest.approx(131.68))
    assert not any(credit_note for *_rest, credit_note in plans[1:])


def test_the_broken_plan_asks_its_responsible_by_an_automation_rule(agreed):
    asked = agreed.query(
        """SELECT plan.state, activity.user_id = plan.user_id
             FROM mail_activity activity JOIN recovery_plan plan ON plan.id = activity.res_id
            WHERE activity.res_model = 'recovery.plan' AND activity.summary LIKE 'Décider :%'"""
    )
    assert asked == [("broken", True)]


def test_the_summary_shows_them(agreed):
    for words in ("Late", "Broken", "Renegotiated", "In default", "Active", "discount 131.68 EUR by R"):
        assert words in agreed.told


def test_the_revision_is_on_paper(agreed):
    [paper] = agreed.out.glob("agreement-*.pdf")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(paper).pages)
    assert "PLAN/2026/00006" in text


def test_told_again_nothing_moves(agreed):
    before = agreed.made()
    agreed.tell()
    assert agreed.made() == before
