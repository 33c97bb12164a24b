"""Every list and form of the addon over large ledgers, as a collector without other rights opens it.

The lists are those of the menus, with their own conditions, a page of eighty rows; the forms that of the first row.
What they cost once views and rights are known; that the queries do not grow with the rows shown.
"""

from time import perf_counter

import dunning_ledger
import ledgers
from lxml import etree
from odoo.tests import new_test_user
from odoo.tools.safe_eval import safe_eval
from size import QUICK

from dev.paths import say

SIZES = (20_000,) if QUICK else (200_000, 1_000_000)
PAGE, FEW = 80, 8
LONGEST = 0.5
#: Rows of a list within a form that are read with it.
WITHIN = 40
TODAY = dunning_ledger.TODAY


def run(bench):
    for items in SIZES:
        with bench.environment(ledger=(ledgers.worked, items)) as env:
            company = bench.french_company(env)
            at_work(env, company)
            groups = "payment_plan_recovery.group_recovery_user"
            user = new_test_user(
                env, "bench_lists", groups=groups, company_id=company.id, company_ids=company.ids
            )
            env.cr.commit()
            context = {"allowed_company_ids": company.ids, "lang": "en_US"}
            measured(bench, env(user=user, context=context), f"lists at {items:,}")


def at_work(env, company):
    """What a day leaves behind beside its run: the worklist, the judgement that lists read."""
    env["recovery.worklist"]._refresh(company, TODAY)
    env["recovery.judgement"]._keep(company, company._recovery_today())
    env.cr.commit()
    connection = env.cr._cnx
    connection.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    connection.autocommit = False


def measured(bench, env, label):
    lists, forms, growths = {}, {}, {}
    for name, (model, domain) in sorted(shown(env).items()):
        spec = list_spec(model)
        lists[name], queries = cost(model, lambda m=model, d=domain, s=spec: page(m, d, s, PAGE))
        _seconds, fewer = cost(model, lambda m=model, d=domain, s=spec: page(m, d, s, FEW))
        growths[name] = queries - fewer
        first = model.search(domain, limit=1)
        if first and "form" in dict(views(model)):
            spec = form_spec(model)
            forms[name], _queries = cost(model, lambda f=first, s=spec: f.web_read(s))
    for kind, seconds in (("list", lists), ("form", forms)):
        slow = [f"{name} {taken:.2f} s" for name, taken in seconds.items() if taken > LONGEST]
        bench.figure(f"{label}: the slowest of {len(seconds)} {kind}s", max(seconds.values()), LONGEST, "s")
        bench.figure(f"{label}: {kind}s above half a second", len(slow), 0, f"{kind}s")
        for line in slow:
            say(f"  {kind} {line}")
    grown = [f"{name} {more}" for name, more in growths.items() if more > 0]
    bench.figure(f"{label}: queries that 80 rows ask more than 8", max(growths.values()), 5, "queries")
    for line in grown:
        say(f"  queries more: {line}")


def shown(env):
    """Return the lists of the addon's menus that the user may open: {name: (model, domain)}."""
    menus = env["ir.ui.menu"].search([("action", "like", "ir.actions.act_window")])
    found = {}
    for action in menus.sudo().mapped("action"):  # sudo: as the web client loads what a menu opens
        name = action.res_model
        if not name.startswith("recovery.") or "list" not in action.view_mode:
            continue
        model = env[name]
        if model._transient or not model.has_access("read"):
            continue
        known = {"uid": env.uid, "context_today": lambda: TODAY, "allowed_company_ids": env.companies.ids}
        domain = safe_eval(action.domain or "[]", known)
        found[f"{name} ({action.name})"] = (model, domain)
    return found


def views(model):
    """Yield the kinds of views that the model has of its own."""
    # sudo: which views there are
    kinds = model.env["ir.ui.view"].sudo().search([("model", "=", model._name)]).mapped("type")
    return [(kind, True) for kind in kinds]


def cost(model, read):
    """Seconds and queries of what the web client asks for, remembered rules and views apart."""
    read()
    model.env.invalidate_all()
    before, start = model.env.cr.sql_log_count, perf_counter()
    read()
    return perf_counter() - start, model.env.cr.sql_log_count - before


def page(model, domain, spec, limit):
    model.env.invalidate_all()
    return model.web_search_read(domain, spec, limit=limit, count_limit=10_001)


def list_spec(model):
    arch = etree.fromstring(model.get_view(view_type="list")["arch"])
    return fields_of(model, arch)


def form_spec(model):
    arch = etree.fromstring(model.get_view(view_type="form")["arch"])
    return fields_of(model, arch)


def fields_of(model, arch):
    """Return what the web client asks for to show ``arch``: names, and the rows of lists within it."""
    spec = {}
    for node in arch.xpath(".//field[not(ancestor::field)]"):
        field = model._fields.get(node.get("name"))
        if field is None:
            continue
        inner = spec.setdefault(field.name, {})
        if not field.comodel_name:
            continue
        comodel = model.env[field.comodel_name]
        lists = node.xpath("./list") if field.type in ("one2many", "many2many") else []
        inner["fields"] = fields_of(comodel, lists[0]) if lists else {"display_name": {}}
        if lists:
            inner["limit"] = WITHIN
    return spec
