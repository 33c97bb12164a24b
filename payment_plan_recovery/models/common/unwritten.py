"""Whether there is anything to be written out before a query of ours reads."""


def is_all_written(env):
    """Whether nothing at all waits to be computed or written out.

    A page that only shows asks dozens of times, and each time Odoo would go through every field of a model.
    """
    return not (env.transaction.tocompute or env.transaction.field_dirty)
