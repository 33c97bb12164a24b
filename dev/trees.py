"""A pytest plugin: what depends on fields that are written together is found out once.

Whenever records are made or written, Odoo merges a tree for each of the fields into one, which is a tenth of the time
that an invoice takes. The merged tree is the same each time, but for the fields left out of it at the moment.

It is kept where Odoo keeps the trees of single fields, and forgotten with them. Odoo's own runner does without.
"""

import odoo.init  # noqa: F401 - before anything else of Odoo
from odoo.orm.registry import Registry, TriggerTree

merged_by_odoo = Registry.get_trigger_tree


def merged_once(registry, fields, select=bool):
    """As Odoo's method of a registry tells it."""
    known, key = registry._field_trigger_trees, ("merged", *fields)
    if key not in known:
        known[key] = merged_by_odoo(registry, fields, lambda _field: True)
    return pruned(known[key], select)


def pruned(tree, select):
    """``tree`` with the fields alone for which ``select`` is true, without the branches that have none."""
    result = TriggerTree([field for field in tree.root if select(field)])
    for label, branch in tree.items():
        left = pruned(branch, select)
        if left:
            result[label] = left
    return result


Registry.get_trigger_tree = merged_once
