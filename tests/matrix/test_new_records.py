"""What a form says of a new record is of the kind of its field: no record where words or days belong."""

import warnings

from lxml import etree
from odoo.tests import TransactionCase, new_test_user, tagged

GROUPS = "base.group_user,payment_plan_recovery.group_recovery_manager"


@tagged("post_install", "-at_install")
class TestNewRecords(TransactionCase):
    def models(self):
        """Our models of which a manager opens a form to fill in: dialogs are opened on something."""
        manager = new_test_user(self.env, "manager_of_new", groups=GROUPS)
        drawn = self.env["ir.ui.view"].search([("type", "=", "form"), ("model", "=like", "recovery.%")])
        for name in sorted(set(drawn.mapped("model"))):
            model = self.env[name].with_user(manager)
            if not model._transient and model.has_access("create"):
                form = etree.fromstring(model.get_view(view_type="form")["arch"])
                if form.get("create") not in ("0", "false", "False"):
                    yield model

    def test_no_field_gets_a_record_of_another_kind(self):
        tried, found = 0, set()
        for model in self.models():
            record = model.new(model.default_get(list(model._fields)))
            computed = [name for name, field in model._fields.items() if field.compute]
            for name in computed:
                if not model._has_field_access(model._fields[name], "read"):
                    continue
                with warnings.catch_warnings(record=True) as told:
                    warnings.simplefilter("always")
                    record.invalidate_recordset([name])
                    record[name]
                tried += 1
                if any("unsupported operand" in str(one.message) for one in told):
                    found.add(f"{model._name}.{name}")
        self.assertGreater(tried, 100)
        self.assertFalse(found)
