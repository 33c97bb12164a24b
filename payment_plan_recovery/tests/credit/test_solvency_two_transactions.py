from odoo.tests import tagged

from . import solvency_gate


@tagged("post_install", "-at_install")
class TestInvoiceGate(solvency_gate.CreditGate):
    """Two clerks post invoices at the same time."""
