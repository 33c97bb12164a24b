"""Odoo's command line as a file: its server starts another process by its own name, and `-m odoo` has none."""

from odoo.cli.command import main

main()
