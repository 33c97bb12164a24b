"""Every list of the addon, as the web client asks for it: its fields, its filters, its page."""

from contextlib import contextmanager

from lxml import etree
from odoo.exceptions import UserError

ADDON = "payment_plan_recovery."


class ManyCases:
    """Mixed into a test case that tries many things of one kind and tells of all that fail."""

    def setUp(self):
        super().setUp()
        self.failed, self.tried = [], 0
        self.addCleanup(lambda: self.assertFalse(self.failed, "\n".join(map(str, self.failed))))

    @contextmanager
    def case(self, *what):
        """One of many: when it fails, the others are tried all the same."""
        self.tried += 1
        try:
            yield
        except (AssertionError, ValueError, UserError) as error:
            self.failed.append((*what, str(error)[:300]))

    def is_ours(self, model, name):
        """Whether the field of the model (a name) is: what another addon's search holds, its own tests try."""
        return model.startswith("recovery.") or name.startswith("recovery_")


class ListViews:
    """Mixed into a test case: the lists that the addon's windows open, from what is installed."""

    @classmethod
    def listed_models(cls):
        """The models that the addon's windows list."""
        names = {action.res_model for action in cls.windows()}
        return [cls.env[name] for name in sorted(names) if not cls.env[name]._abstract]

    @classmethod
    def windows(cls):
        """The addon's window actions that open a list."""
        data = cls.env["ir.model.data"].search(
            [("module", "=", "payment_plan_recovery"), ("model", "=", "ir.actions.act_window")]
        )
        actions = cls.env["ir.actions.act_window"].browse(data.mapped("res_id"))
        return actions.filtered(lambda action: "list" in action.view_mode and action.target != "new")

    def lists(self, user):
        """Yield (name, model, specification of the fields) of each list, for ``user``."""
        env = self.env(user=user, context={"allowed_company_ids": self.company.ids, "lang": "en_US"})
        for action in self.windows():
            model = env[action.res_model]
            if not model.has_access("read"):
                continue
            view = action.view_ids.filtered(lambda view: view.view_mode == "list").view_id
            arch = etree.fromstring(model.get_view(view.id, "list")["arch"])
            yield f"{action.res_model} ({action.name})", model, self.specification(model, arch)

    def specification(self, model, arch):
        """What the client reads of the fields in a view."""
        nodes = arch.xpath("//field[not(ancestor::field)][not(ancestor::groupby)]")
        spec = {}
        for name in {node.get("name") for node in nodes}:
            comodel = model._fields[name].comodel_name
            spec[name] = {"fields": {"display_name": {}}} if comodel else {}
        return spec
