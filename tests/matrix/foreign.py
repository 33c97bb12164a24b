"""No record of ours, and no field of ours on Odoo's records, may point to a record of another company.

Odoo tells everybody the display name of what a many2one points to, by sudo: whoever could have a record of his own
point to a foreign one would read its name, and what is declared for one company would be done in another.
"""

from client import QUIET
from odoo.tools import mute_logger
from samples import COMPANY, ELSEWHERE

ADDON = "payment_plan_recovery"

#: Odoo's models with fields of ours.
ODOO_S = ("account.move", "account.move.line", "res.company", "res.partner", "payment.transaction")
#: Records of everybody's, or that a user has only when they are of a company of his.
SHARED = {"res.company", "res.currency", "res.users", "res.partner", "res.country", "res.lang"}


class Foreign:
    """Mixed into a test case with two companies: see ``World``."""

    def fields(self, model):
        """Stored fields of ours on ``model`` that point to what may belong to a company."""
        found = self.env[model]._fields.values()
        if not model.startswith("recovery."):
            found = [field for field in found if any(one.startswith(ADDON) for one in field._modules)]
        return [
            field
            for field in found
            if field.type == "many2one"
            and (field.store or field.company_dependent or field.inverse)
            and not (field.related and field.readonly)
            and field.comodel_name not in SHARED
            and self.is_of_company(field.comodel_name)
        ]

    def is_of_company(self, model):
        return model in COMPANY or {"company_id", "company_ids"} & self.env[model]._fields.keys()

    def theirs(self, field):
        """A record of the sister's that ``field`` could name."""
        if field.comodel_name == "account.move.line":
            return self.sample("account.move", self.sister).line_ids[:1]
        if "company_ids" in self.env[field.comodel_name]._fields:
            return self.env[field.comodel_name].sudo().search([("company_ids", "=", self.sister.id)], limit=1)
        found = self.sample(field.comodel_name, self.sister)
        records = self.env[field.comodel_name].sudo()
        if not found and records._auto and not records._transient:
            try:  # what the world has none of in the sister, where a name is enough
                with self.env.cr.savepoint(), mute_logger(*QUIET):
                    found = records.create({"name": "Theirs", "company_id": self.sister.id})
            except Exception:
                self.env.invalidate_all()
        return found

    def models(self):
        for name, model in sorted(self.env.registry.items()):
            if name in ODOO_S or (name.startswith("recovery.") and not model._abstract and model._auto):
                yield name

    def test_nobody_has_a_record_point_to_another_company_s(self):
        tried = set()
        for model in self.models():
            mine = None if self.env[model]._transient else self.sample(model, self.company)
            for field in self.fields(model):
                theirs = self.theirs(field)
                if not theirs or theirs._name in ELSEWHERE:
                    continue
                tried.add((model, field.name))
                for role in ("accountant", "collector", "manager"):
                    with self.case(role, model, field.name):
                        self.assert_not_named(role, model, mine, field, theirs)
        self.assertGreater(len(tried), 40)

    def assert_not_named(self, role, model, mine, field, theirs):
        spec = {field.name: {"fields": {"display_name": {}}}}
        if mine:
            outcome, _changed = self.ask(
                role, model, "web_save", mine.ids, {field.name: theirs.id}, specification=spec
            )
        elif self.env[model]._transient:
            outcome, _changed = self.ask(
                role, model, "web_save", [], {field.name: theirs.id}, specification=spec
            )
        else:
            return
        if outcome == "done":
            self.assertNotEqual(
                (self.result[0][field.name] or {}).get("id"), theirs.id, str(self.result)[:200]
            )
