"""The adapter between the ORM and the kernel."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ...models.common import kernel
from ...tools import limitation, litigation, money, rates, scoring, table
from ...tools.errors import KernelError


def raised_codes():
    """Return every code that a ``KernelError`` is raised with in ``tools/``."""
    codes = set()
    for path in (Path(__file__).parents[2] / "tools").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            raises = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "KernelError"
            if raises and isinstance(node.args[0], ast.Constant):
                codes.add(node.args[0].value)
    return codes


@tagged("post_install", "-at_install")
class TestPlanKernel(TransactionCase):
    def test_every_code_has_its_message(self):
        declared = {
            **limitation.CODES,
            **litigation.CODES,
            **money.CODES,
            **rates.CODES,
            **scoring.CODES,
            **table.CODES,
        }
        self.assertGreater(len(raised_codes()), 40)
        self.assertLessEqual(raised_codes() | set(declared), set(kernel.MESSAGES))
        figures = {
            "counts": [3, 4],
            "weights": [Decimal(1), Decimal(-1)],
            "pauses": [1, 2],
            "date": date(2026, 1, 31),
            "previous": date(2026, 1, 30),
            "first": date(2026, 1, 1),
            "amount": Decimal("10.50"),
        }
        for code, names in declared.items():
            error = KernelError(code, **{name: figures.get(name, f"<{name}>") for name in names})
            message = kernel.kernel_message(self.env, error)
            for name in names:
                shown = figures.get(name, f"<{name}>")
                if isinstance(shown, str) and f"%({name})s" in kernel.MESSAGES[code]._source:
                    self.assertIn(shown, message)
            self.assertNotIn("%(", message, code)

    def test_a_refusal_is_told_in_the_user_s_words(self):
        with (
            self.assertRaisesRegex(UserError, "down payment of 10.50 leaves nothing"),
            kernel.kernel_errors(self.env),
        ):
            raise KernelError("down_payment_too_large", amount=Decimal("10.50"), total=Decimal("10.50"))
        with (
            self.assertRaisesRegex(UserError, "01/31/2026 lies in a paused month"),
            kernel.kernel_errors(self.env),
        ):
            raise KernelError("date_in_pause", date=date(2026, 1, 31))

    def test_floats_become_the_amounts_they_stand_for(self):
        euro = self.env.ref("base.EUR")
        self.assertEqual(kernel.exact(0.1 + 0.2, euro), Decimal("0.30"))
        self.assertEqual(kernel.exact(123456789012.34, euro), Decimal("123456789012.34"))
        self.assertEqual(kernel.exact(100 - 33.33 - 33.33, euro), Decimal("33.34"))
