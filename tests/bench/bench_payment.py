"""What it takes from a debtor's click to an invoice that is settled: over HTTP, with Odoo's simulated provider."""

from statistics import median
from time import perf_counter

import requests
from bench_portal import debtor, server
from size import shrunk

PAYERS = max(shrunk(20), 5)


def run(bench):
    with bench.environment(payment=True) as env:
        company = bench.french_company(env)
        provider = opened_provider(env, company)
        payers = [debtor(env, company, 2, 0) for _number in range(PAYERS)]
        links = [one._recovery_portal_link(company)._path() for one in payers]
        owed = [sum(one.invoice_ids.mapped("amount_residual")) for one in payers]
        env.cr.commit()
        with server(env.cr.dbname) as root:
            pay(root, links.pop(), owed.pop(), provider)  # the worker has started and read its views
            seconds = [pay(root, link, amount, provider) for link, amount in zip(links, owed, strict=True)]
        env.cr.rollback()
        env.invalidate_all()
        left = [
            move.name for move in (one.invoice_ids for one in payers) if any(move.mapped("amount_residual"))
        ]
        assert not left, left
        bench.figure("payment: from the click to settled invoices, half within", median(seconds), None, "s")
        bench.figure("payment: from the click to settled invoices, the slowest", max(seconds), None, "s")


def opened_provider(env, company):
    """Open the simulated provider for ``company``; return its id and its method's."""
    env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", True)
    provider = env.ref("payment.payment_provider_demo")
    journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
    provider.write(
        {"state": "test", "is_published": True, "company_id": company.id, "journal_id": journal.id}
    )
    return provider.id, env.ref("payment_demo.payment_method_demo").id


def pay(root, link, amount, provider):
    """Seconds in which a debtor pays all that is overdue, until the page that waits says so."""
    visitor = requests.Session()
    assert visitor.get(root + link, timeout=60).ok
    start = perf_counter()
    begun = call(
        visitor,
        f"{root}{link}/pay/overdue/transaction",
        provider_id=provider[0],
        payment_method_id=provider[1],
        token_id=None,
        amount=amount,
        flow="direct",
        tokenization_requested=False,
        landing_route="/",
    )
    call(
        visitor,
        f"{root}/payment/demo/simulate_payment",
        reference=begun["reference"],
        payment_details="4242",
        simulated_state="done",
    )
    told = call(visitor, f"{root}/payment/status/poll", csrf_token=None)
    seconds = perf_counter() - start
    assert told["state"] == "done", told
    return seconds


def call(visitor, url, **words):
    answer = visitor.post(url, json={"jsonrpc": "2.0", "method": "call", "params": words}, timeout=60).json()
    assert "error" not in answer, answer
    return answer.get("result")  # a route may answer nothing
