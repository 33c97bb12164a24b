"""What has to be found out anew when fields changed is the same whether it is put together once or each time."""

from random import Random
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from dev import triggers

SEED = 30


@tagged("post_install", "-at_install")
class TestTriggers(TransactionCase):
    def told(self, tree):
        """The same as plain lists, in their order."""
        return list(tree.root), [(field, self.told(below)) for field, below in tree.items()]

    def test_it_is_what_odoo_puts_together(self):
        draw = Random(SEED)
        for model in ("account.move", "account.move.line", "res.partner", "recovery.plan"):
            every = list(self.env[model]._fields.values())
            for count in (1, 7, len(every)):
                fields = draw.sample(every, count)
                for select in (bool, lambda field: field.store, lambda field: field.recursive):
                    with self.subTest(model, count=count):
                        by_odoo = triggers._put_together(self.registry, fields, select)
                        for _time in range(2):
                            self.assertEqual(
                                self.told(triggers._once(self.registry, fields, select)), self.told(by_odoo)
                            )

    def test_it_is_forgotten_when_models_change(self):
        fields = (self.env["res.partner"]._fields["name"],)
        with patch.dict(self.registry._field_trigger_trees):
            triggers._once(self.registry, fields)
            self.assertIn(fields, self.registry._field_trigger_trees)
            self.registry._discard_fields([])
            self.assertNotIn(fields, self.registry._field_trigger_trees)
