"""What the worklist costs against the plain sum of what it is about, and what a page of each daily list costs.

The lists are read as the web client reads them, by a collector without other rights, a page of eighty rows of twice
the ledger.
"""

from time import perf_counter

import dunning_ledger
import ledgers
from odoo.tests import new_test_user
from size import shrunk

ITEMS = shrunk(100_000)
PAGE = 80
ROUNDS = 3
#: Seconds that a page may take.
LONGEST = 0.5
TODAY = dunning_ledger.TODAY
#: One debtor in seven broke a promise a week ago.
BROKEN = """
    INSERT INTO recovery_promise (
        partner_id, company_id, currency_id, amount, date_given, date_promised, tolerance_days, date_deadline,
        state, date_judged, create_date, write_date
    )
    SELECT debtor.id, %(company)s, %(currency)s, 100, %(today)s::date - 20, %(today)s::date - 10, 3,
           %(today)s::date - 7, 'broken', %(today)s::date - 7, NOW(), NOW()
      FROM res_partner debtor
     WHERE debtor.ref LIKE 'D%%' AND debtor.id %% 7 = 0
"""
#: All open items added up and put down by debtor, with nothing known of plans, open money and what waits. The worklist
#: reads the half of them that is overdue, and what the ledger does not say.
PLAIN = """
    CREATE TEMP TABLE plain_sum ON COMMIT DROP AS
    SELECT debtor.commercial_partner_id, item.company_id,
           SUM(item.amount_residual) FILTER (WHERE item.date_maturity < %(today)s) AS overdue,
           MIN(item.date_maturity) AS oldest
      FROM account_move_line item
      JOIN res_partner debtor ON debtor.id = item.partner_id
     WHERE item.display_type = 'payment_term' AND item.parent_state = 'posted' AND item.reconciled IS NOT TRUE
     GROUP BY debtor.commercial_partner_id, item.company_id
"""
#: Lists of a collector's day: their domain, and what they are grouped by.
LISTS = {
    "worklist": ("recovery.worklist", [("state", "=", "open")], None),
    "claims": ("recovery.claim", [("date_due", "<", TODAY)], None),
    "claims to be chased": ("recovery.claim", [("reason", "=", "selected")], None),
    "claims by age": ("recovery.claim", [("date_due", "<", TODAY)], "age"),
    "claims by responsible": ("recovery.claim", [("date_due", "<", TODAY)], "user_id"),
    "claims by reason": ("recovery.claim", [("date_due", "<", TODAY)], "reason"),
}


def run(bench):
    _cost(bench)
    _pages(bench)


def _company(bench, env):
    """Return the company of a ledger some of whose debtors broke promises."""
    company = bench.french_company(env)
    env.cr.execute(BROKEN, {"company": company.id, "currency": company.currency_id.id, "today": TODAY})
    env.cr.execute("ANALYZE recovery_promise")
    env.cr.commit()
    return company


def _cost(bench):
    with bench.environment(ledger=(ledgers.chased, ITEMS)) as env:
        company = _company(bench, env)
        worklist = env["recovery.worklist"]

        def plain():
            env.cr.execute(PLAIN, {"today": TODAY})
            env.cr.execute("DROP TABLE plain_sum")

        floor = _best(plain)

        def refresh():
            seconds = _timed(lambda: worklist._refresh(company, TODAY))
            # As every time it is opened: rows of an earlier transaction, whose foreign keys are known to be right.
            env.cr.commit()
            return seconds

        first = refresh()
        again = min(refresh() for _round in range(ROUNDS))
        label = f"{ITEMS:,} items of {ITEMS // 5:,} debtors"
        bench.figure(f"worklist: plain sum of {label}", floor, None, "s")
        bench.figure("worklist: debtors on it", worklist.search_count([]), None, "debtors")
        bench.figure("worklist: made the first time", first, None, "s")
        bench.figure("worklist: brought up to date, times plain sum", again / floor, 2, "x")


def _pages(bench):
    with bench.environment(ledger=(ledgers.chased, 2 * ITEMS)) as env:
        company = _company(bench, env)
        env["recovery.worklist"]._refresh(company, TODAY)
        groups = "payment_plan_recovery.group_recovery_user"
        user = new_test_user(
            env, "bench_collector", groups=groups, company_id=company.id, company_ids=[(6, 0, company.ids)]
        )
        env.cr.commit()
        theirs = env(user=user, context={"allowed_company_ids": company.ids, "lang": "en_US"})
        chased = "claims to be chased"
        model, domain, by = LISTS[chased]
        seconds, _queries = _page(theirs[model], domain, by)
        bench.figure(f"list: {chased}, of {2 * ITEMS:,} items, nothing kept", seconds, LONGEST, "s")
        seconds = _timed(lambda: env["recovery.judgement"]._keep(company, company._recovery_today()))
        bench.figure("list: the judgement of the day kept", seconds, None, "s")
        env.cr.commit()
        for name, (model, domain, by) in LISTS.items():
            seconds, queries = _page(theirs[model], domain, by)
            bench.figure(f"list: {name}, of {2 * ITEMS:,} items", seconds, LONGEST, "s")
            bench.figure(f"list: {name}, queries", queries, None, "queries")
        bench.figure(f"list: worklist, from its menu, of {2 * ITEMS:,} items", _landing(theirs), LONGEST, "s")


def _landing(env):
    """Return the seconds until a collector who comes in sees the list: brought up to date, and its page."""
    worklist = env["recovery.worklist"]

    def come_in():
        worklist.action_open_list()
        env.cr.commit()

    come_in()
    page, _queries = _page(worklist, LISTS["worklist"][1], None)
    return _best(come_in) + page


def _page(model, domain, by):
    """Return the seconds and queries of one page as the web client reads it, remembered rules and views apart."""
    spec = {}
    view = model.get_view(view_type="list")
    for name in view["models"][model._name]:
        if name in model._fields:
            spec[name] = {"fields": {"display_name": {}}} if model._fields[name].comodel_name else {}

    def read():
        model.env.invalidate_all()
        if by:
            return model.web_read_group(domain, [by], ["__count"], limit=PAGE)
        return model.web_search_read(domain, spec, limit=PAGE, count_limit=10_001)

    read()
    # Another click is another transaction.
    model.env.cr.commit()
    before = model.env.cr.sql_log_count
    seconds = _timed(read)
    return seconds, model.env.cr.sql_log_count - before


def _timed(work):
    start = perf_counter()
    work()
    return perf_counter() - start


def _best(work):
    return min(_timed(work) for _round in range(ROUNDS))
