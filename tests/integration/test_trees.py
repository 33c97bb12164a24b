"""What the suite remembers of fields that depend on each other is what Odoo finds out each time."""

import random

from odoo.orm.registry import Registry
from odoo.tests import TransactionCase, tagged

from dev import trees


@tagged("post_install", "-at_install")
class TestTrees(TransactionCase):
    def told(self, tree):
        """A tree as lists, whose order counts."""
        return list(tree.root), [(label, self.told(branch)) for label, branch in tree.items()]

    def test_merged_trees_are_odoo_s(self):
        """Of drawn fields, whichever are left out, asked for the first time and again."""
        self.assertIs(Registry.get_trigger_tree, trees.merged_once)
        draw, compared = random.Random(20), 0
        every = [field for model in self.env.registry.values() for field in model._fields.values()]
        kept = [{field for field in every if draw.random() < share} for share in (1, 0.7, 0.1, 0)]
        for name, model in sorted(self.env.registry.items()):
            if not name.startswith(("recovery.", "account.move", "res.")) or model._abstract:
                continue
            fields = list(model._fields.values())
            draw.shuffle(fields)
            for some in (fields, fields[:1], fields[: draw.randrange(len(fields))]):
                for left in kept:
                    own = trees.merged_by_odoo(self.registry, some, left.__contains__)
                    ours = self.registry.get_trigger_tree(some, left.__contains__)
                    self.assertEqual(self.told(ours), self.told(own), f"{name}: {some}")
                    compared += bool(own)
        self.assertGreater(compared, 100)
