"""Odoo inside this process: one database's registry, ready to be worked with."""

from contextlib import contextmanager

from dev.paths import ODOO_RC


@contextmanager
def registry(name, *options):
    """The registry of database ``name``; ``options`` are those of Odoo's command line."""
    import odoo.init  # noqa: F401 - patches the standard library before anything else of Odoo
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_db
    from odoo.tools import config

    config.parse_config(
        ["--config", str(ODOO_RC), "--database", name, "--log-level=warn", *options], setup_logging=True
    )
    try:
        yield Registry(name)
    finally:
        Registry.delete(name)
        close_db(name)


@contextmanager
def environment(opened, user_id=None, **context):
    """An Environment of the superuser (else of ``user_id``), committed when its block ends well."""
    from odoo.api import SUPERUSER_ID, Environment

    with opened.cursor() as cursor:
        yield Environment(cursor, user_id or SUPERUSER_ID, context)
