"""The rows that a query looks at, step by step, as PostgreSQL counts them when it is carried out."""

from collections import Counter

from odoo.tools import SQL


def steps(plan):
    """The nodes of a plan, as PostgreSQL tells them."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from steps(part)


def rows_looked_at(step):
    seen = sum(
        step.get(key, 0) for key in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter")
    )
    return seen * step["Actual Loops"]


def looks(env, query):
    """Carry ``query`` out; return {kind of step: rows that such steps looked at}."""
    [[[told]]] = env.execute_query(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query))
    seen = Counter()
    for step in steps(told["Plan"]):
        seen[step["Node Type"]] += rows_looked_at(step)
    return seen


def looked_at(env, query):
    """Carry ``query`` out; return how many rows its steps looked at together."""
    return sum(looks(env, query).values())
