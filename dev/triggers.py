"""A pytest plugin: what has to be found out anew when fields changed is put together once for the same fields.

Odoo puts it together each time, from what depends on each of them: for an invoice some hundred trees, a sixth of what
it takes to make one. What it then leaves out depends on the records, and is left out each time.
"""

import odoo.init  # noqa: F401 - before anything else of Odoo
from odoo.orm.registry import Registry, TriggerTree

_put_together = Registry.get_trigger_tree


def _once(registry, fields, select=bool):
    fields = tuple(fields)
    known = registry._field_trigger_trees  # Odoo forgets these when models change
    if fields not in known:
        known[fields] = _put_together(registry, fields)
    return TriggerTree.merge([known[fields]], select)


Registry.get_trigger_tree = _once
