"""What a debtor's page costs: with many open items and plans, and many debtors at once on two workers."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from statistics import median
from time import monotonic, perf_counter, sleep

import ledgers
import requests
from bench_plans import new, receivable
from size import QUICK

from dev.paths import ODOO_RC, PREFIX, VENV_PYTHON, environ
from dev.session import free_port

ITEMS = 400 if QUICK else 1000
PLANS = 20
VISITORS = 8 if QUICK else 20
ROUNDS = 5
#: Open items of each of the debtors who come at once.
FEW = 10
#: Plain reads of what the page says, a statement for each kind of row, each as narrow as its figures allow: claims for
#: balance, ages and table; what was received on them and which charges they bore for what lateness costs; money that is
#: matched with nothing; plans with their schedules; and the lists.
READS = (
    """
    SELECT claim.id, claim.date_due, claim.amount_residual, claim.currency_id, item.amount_currency, move.name,
           move.invoice_date, move.invoice_payment_term_id, move.recovery_notice_date, debtor.country_id
      FROM recovery_claim claim
      JOIN res_partner debtor ON debtor.id = claim.partner_id
      LEFT JOIN account_move_line item ON item.id = claim.move_line_id
      LEFT JOIN account_move move ON move.id = item.move_id
     WHERE claim.partner_id = %(debtor)s AND claim.company_id = %(company)s
     ORDER BY claim.date_due, claim.id
    """,
    """
    SELECT partial.debit_move_id, partial.debit_amount_currency, credit.date, source.move_type
      FROM account_move_line item
      JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
      JOIN account_move_line credit ON credit.id = partial.credit_move_id
      JOIN account_move source ON source.id = credit.move_id
     WHERE item.partner_id = %(debtor)s AND item.company_id = %(company)s AND item.reconciled IS NOT TRUE
    """,
    """
    SELECT line.move_line_id, notice.date_sent
      FROM recovery_notice notice JOIN recovery_notice_line line ON line.notice_id = notice.id
     WHERE notice.partner_id = %(debtor)s AND notice.company_id = %(company)s AND notice.state = 'sent'
    """,
    """
    SELECT move_line_id, kind, state, amount, amount_booked
      FROM recovery_charge WHERE partner_id = %(debtor)s AND company_id = %(company)s
    """,
    """
    SELECT id, date, currency_id, amount_residual_currency, ref, name
      FROM account_move_line
     WHERE partner_id = %(debtor)s AND company_id = %(company)s AND parent_state = 'posted'
       AND reconciled IS NOT TRUE AND amount_residual_currency < 0
    """,
    """
    SELECT plan.id, plan.name, plan.state, plan.amount_residual, row.date_due, row.amount, row.amount_residual
      FROM recovery_plan plan JOIN recovery_plan_instalment row ON row.plan_id = plan.id
     WHERE plan.partner_id = %(debtor)s AND plan.company_id = %(company)s
     ORDER BY plan.id, row.date_due
    """,
    """
    SELECT id, name, date, level_id, attachment_id
      FROM recovery_notice
     WHERE partner_id = %(debtor)s AND company_id = %(company)s AND state = 'sent'
     ORDER BY id DESC LIMIT 20
    """,
    """
    SELECT id, name, date, amount, currency_id
      FROM account_payment
     WHERE partner_id = %(debtor)s AND company_id = %(company)s AND state IN ('in_process', 'paid')
     ORDER BY id DESC LIMIT 20
    """,
    """
    SELECT id, amount, currency_id, date_promised
      FROM recovery_promise
     WHERE partner_id = %(debtor)s AND company_id = %(company)s AND state = 'open'
     ORDER BY id DESC LIMIT 20
    """,
    """
    SELECT id, state, date_opened, amount, description, answer
      FROM recovery_dispute
     WHERE partner_id = %(debtor)s AND company_id = %(company)s
     ORDER BY id DESC LIMIT 20
    """,
    """
    SELECT id, kind, state, date_opened, description
      FROM recovery_request
     WHERE partner_id = %(debtor)s AND company_id = %(company)s
     ORDER BY id DESC LIMIT 20
    """,
    """
    SELECT id, reference, amount, currency_id
      FROM payment_transaction
     WHERE partner_id = %(debtor)s AND company_id = %(company)s AND state IN ('pending', 'authorized')
     ORDER BY id DESC LIMIT 20
    """,
    """
    SELECT id, kind, date_from, date_until, amount
      FROM recovery_hold
     WHERE partner_id = %(debtor)s AND company_id = %(company)s
     ORDER BY id DESC LIMIT 20
    """,
)


def run(bench):
    with bench.environment(ledger=ledgers.NONE) as env:
        company = bench.french_company(env)
        small, large = debtor(env, company, 100, 2), debtor(env, company, ITEMS, PLANS)
        visitors = [debtor(env, company, FEW, 0) for _number in range(VISITORS)]
        links = [one._recovery_portal_link(company)._path() for one in visitors]
        login = portal_user(env)
        opened = [one._recovery_portal_link(company)._path() for one in (small, large)]
        env.cr.commit()
        floor = min(read(bench, env, large, company) for _time in range(5))
        figures = {}
        for one in (small, large):
            page(env, one, company)  # views and words are read once for all
            env.invalidate_all()
            with bench.measure() as measure:
                page(env, one, company)
            figures[one] = measure
        bench.figure(
            f"portal: queries of a page of {ITEMS:,} items / of 100",
            figures[large].queries / figures[small].queries,
            1.1,
            "times",
        )
        bench.figure("portal: queries of the page", figures[large].queries, None, "queries")
        bench.figure(
            f"portal: plain SQL reads of what the page of {ITEMS:,} items says", floor * 1000, None, "ms"
        )
        bench.figure("portal: gathering and writing our part", figures[large].seconds * 1000, None, "ms")
        for name, seconds in parts(env, large, company).items():
            bench.figure(f"portal: of it {name}", seconds * 1000, None, "ms")
        bench.figure("portal: our part / plain SQL reads", figures[large].seconds / floor, 3, "times")
        with server(env.cr.dbname) as root:
            whole_pages(bench, root, logged_in(root, env.cr.dbname, login), opened, floor)
            at_once(bench, root, links)


def debtor(env, company, items, plans):
    """A debtor with so many open invoices and plans in force, over an invoice each."""
    partner = env["res.partner"].create({"name": f"Debtor of {items}", "is_company": True})
    account = env["account.account"].search([("account_type", "=", "income")], limit=1)
    due = date.today() - timedelta(days=40)
    line = {"name": "Goods", "price_unit": 100, "account_id": account.id, "tax_ids": []}
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": due - timedelta(days=30 + number % 60),
                "invoice_date_due": due - timedelta(days=number % 60),
                "invoice_line_ids": [new(line)],
            }
            for number in range(items)
        ]
    )
    moves._post()
    made = env["recovery.plan"].create(
        [
            {"partner_id": partner.id, "policy_id": False, "item_ids": [new({"move_line_id": item.id})]}
            for item in receivable(moves)[:plans]
        ]
    )
    if made:
        made.action_propose()
        made.action_accept()
        made.action_activate()
    env.cr.commit()
    return partner


def read(bench, env, partner, company):
    """Seconds that plain reads of what the page says take."""
    with bench.measure() as measure:
        for query in READS:
            env.cr.execute(query, {"debtor": partner.id, "company": company.id})
            env.cr.fetchall()
    return measure.seconds


def page(env, partner, company):
    """Gather what the first page of the account shows, and write its table of claims and of plans."""
    from odoo.addons.payment_plan_recovery.models.common.planner import one_by_one
    from odoo.addons.portal.controllers.portal import CustomerPortal, pager

    step = CustomerPortal._items_per_page
    with one_by_one(env.cr):
        content, opened = partner._portal_account(company, limit=step)
        lists = partner._portal_file(company, bool(content.credits))
        rows = partner._portal_rows(company, opened.page)
    values = {
        "content": content,
        "unplanned": opened.unplanned,
        **lists,
        "rows": rows,
        "claims_pager": pager("/r/CODE", opened.count, step=step),
        "visit": Link(),
    }
    for name in ("claims", "plans", "papers"):
        env["ir.qweb"]._render(f"payment_plan_recovery.portal_account_{name}", values)


class Link:
    """Stands for the way in, of which the tables only need addresses."""

    def url(self, path=""):
        return f"/r/CODE{path}"


def parts(env, partner, company):
    """Seconds of what our part is made of: {name: seconds}. The rest is writing."""
    work = {
        "late charges": lambda: partner._sum_charges(
            partner._recovery_content(company, date.today(), env["recovery.claim"])
        ),
        "eighty claims": lambda: partner._portal_rows(company, partner._portal_found(company, limit=80)),
        "plans and papers": lambda: partner._portal_file(company, is_money_open=False),
    }
    taken = {}
    for name, part in work.items():
        env.invalidate_all()
        start = perf_counter()
        part()
        taken[name] = perf_counter() - start
    return taken


def portal_user(env):
    """Make somebody with a login on the portal and nothing else; return the login, which is the password too."""
    login = "bench_portal_user"
    group = env.ref("base.group_portal").ids
    env["res.users"].create({"name": login, "login": login, "password": login, "group_ids": [(6, 0, group)]})
    return login


def logged_in(root, database, login):
    """Return a session of the portal's user."""
    visitor = requests.Session()
    asked = {"jsonrpc": "2.0", "params": {"db": database, "login": login, "password": login}}
    visitor.post(f"{root}/web/session/authenticate", json=asked, timeout=60).raise_for_status()
    return visitor


def whole_pages(bench, root, visitor, opened, floor):
    """What a whole answer takes: Odoo's own home page of the portal, and ours with few items and with many."""
    small, large = opened
    addresses = {"Odoo's own /my": "/my", "account of 100 items": small, f"account of {ITEMS:,}": large}
    found = {}
    for name, path in addresses.items():
        seconds = []
        for _time in range(4 + ROUNDS):  # each worker has started and read its views
            start = perf_counter()
            answer = visitor.get(root + path, timeout=120)
            seconds.append(perf_counter() - start)
            answer.raise_for_status()
            assert "/web/login" not in answer.url, answer.url
        found[name] = min(seconds[4:])
        bench.figure(f"portal: whole answer, {name}", found[name] * 1000, None, "ms")
    whole = found[f"account of {ITEMS:,}"]
    bench.figure("portal: whole answer / plain SQL reads", whole / floor, 3, "times")
    bench.figure("portal: whole answer / Odoo's own /my", whole / found["Odoo's own /my"], None, "times")


def at_once(bench, root, links):
    """Open the accounts of as many debtors at once, on two workers."""
    for link in links[:4]:  # each worker has started and read its views
        fetch(root + link)
    start = perf_counter()
    with ThreadPoolExecutor(len(links)) as pool:
        seconds = list(pool.map(lambda link: fetch(root + link), links))
    whole = perf_counter() - start
    bench.figure(f"portal: {len(links)} debtors at once, half of them within", median(seconds), None, "s")
    bench.figure(f"portal: {len(links)} debtors at once, the last of them", max(seconds), None, "s")
    bench.figure("portal: pages a second on two workers", len(links) / whole, None, "pages")


def fetch(url):
    """Seconds that a page takes."""
    start = perf_counter()
    answer = requests.get(url, timeout=120)
    assert 'id="claims"' in answer.text, url
    return perf_counter() - start


@contextmanager
def server(name):
    """Root address of an Odoo server with two workers on database ``name``."""
    port = free_port()
    words = ["--database", name, "--db-filter", f"^{name}$", "--http-port", str(port), "--workers", "2"]
    more = ["--gevent-port", str(free_port()), "--max-cron-threads", "0", "--log-level", "error"]
    # by its script: the worker for long connections starts itself from there
    command = [VENV_PYTHON, PREFIX / "usr" / "bin" / "odoo", "--config", ODOO_RC, *words, *more]
    process = subprocess.Popen(command, env=environ())
    root = f"http://127.0.0.1:{port}"
    try:
        end = monotonic() + 120
        while monotonic() < end:
            with suppress(OSError):
                requests.get(f"{root}/web/health", timeout=5)
                break
            sleep(0.5)
        yield root
    finally:
        process.terminate()
        process.wait()
