"""What it costs to have the addon in a database that does not use it yet."""

from dev import template


def run(bench):
    with bench.database() as name:
        with bench.measure() as measure:
            template.odoo(name, "--update", template.ADDON)
        bench.figure("install: upgrade of the addon, Odoo's own start included", measure.seconds, 30, "s")
