"""Odoo inside this process: one database's registry, ready to be worked with."""

import socket
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


@contextmanager
def web(opened):
    """Odoo's web server in a thread, where reports find their styles; yields its address."""
    import odoo.http
    from odoo.service import server
    from odoo.tools import config

    config["http_port"] = free_port()
    config["dbfilter"] = f"^{opened.db_name}$"
    server.load_server_wide_modules()
    threaded = server.server = server.ThreadedServer(odoo.http.root)
    threaded.http_spawn()
    try:
        yield f"http://127.0.0.1:{config['http_port']}"
    finally:
        threaded.httpd.shutdown()


def free_port():
    """A TCP port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
