"""What only actions write is shown, and not offered to be written."""

from lxml import etree
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestProtectedShown(TransactionCase):
    def test_forms_offer_nothing_that_would_be_refused(self):
        """Who approved a write-off, by which entry it is booked: a hand that writes it is told no by every model."""
        offered, seen = [], set()
        for name, model in sorted(self.env.registry.items()):
            if not name.startswith("recovery.") or model._abstract or not hasattr(model, "_fields_that_are"):
                continue
            records = self.env[name]
            protected = records._fields_that_are("protected")
            for kind in ("form", "list"):
                arch = etree.fromstring(records.get_view(view_type=kind)["arch"])
                for node in arch.xpath("//field[not(ancestor::field)]"):
                    if node.get("name") in protected:
                        seen.add((name, node.get("name")))
                        if not node.get("readonly") and not records._fields[node.get("name")].readonly:
                            offered.append((name, kind, node.get("name")))
        self.assertIn(("recovery.write.off", "approved_by_id"), seen)
        self.assertFalse(offered)
