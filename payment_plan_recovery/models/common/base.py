"""Who reads and searches the addon's fields on Odoo's own records."""

from functools import cache

from odoo import api, models
from odoo.fields import Command, Domain

from .guarded_fields import ADDON

#: Operators whose value is a domain.
ANY = ("any", "not any", "any!", "not any!")
#: Odoo's own models of which our forms name records.
LEDGER = ("account.move", "account.move.line")
#: Class of our own lists, forms and cards, for what style sheets do to none of Odoo's.
CLASS = "o_recovery_view"


def _is_ours(field):
    return _are_ours(field._modules)


@cache  # asked of every field that is read, of few combinations of modules
def _are_ours(modules):
    return any(module.startswith(ADDON) for module in modules)


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _has_field_access(self, field, operation):
        """Our fields are for the staff: a debtor who logs in reads none of them, on whatever record of Odoo's."""
        if self.env.su:
            return True  # asked thousands of times where money is reconciled, and never refused
        allowed = super()._has_field_access(field, operation)
        if not allowed or self._name.startswith("recovery.") or not _is_ours(field):
            return allowed  # our own models are for those whom an access right says
        return self.env.user._is_internal()

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Whoever may not read one of our fields finds nothing out by searching for it.

        Odoo looks at the groups of a column; a field that is searched by a method gets past it.
        """
        if not self.env.su:
            self._recovery_check_searched(Domain(domain))
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _add_missing_default_values(self, values):
        """What nobody says of a record of ours is as in its company: today, above all, is by that one's clock.

        It is made for one company by who has another one on the screen.
        """
        company_id = self._name.startswith("recovery.") and values.get("company_id")
        if company_id and (self.env.su or company_id in self.env.user._get_company_ids()):
            self = self.with_company(company_id)  # noqa: PLW0642 the same model, elsewhere
        return super()._add_missing_default_values(values)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Our lists, forms and cards are known by a class, for what style sheets do to them (``lists.scss``)."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if self._name.startswith("recovery.") and view_type in ("list", "form", "kanban"):
            arch.set("class", f"{arch.get('class', '')} {CLASS}".strip())
        return arch, view

    def onchange(self, values, field_names, fields_spec):
        """A form names what its user may read: what is worked out from anything else, by sudo, would tell of it."""
        if self._name.startswith("recovery.") and not self.env.su:
            self._recovery_check_named(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _recovery_check_named(self, values):
        """Refuse values of a form that name records of ours, or of the ledger, which the user may not read.

        :raise AccessError: one of them does
        """
        for name, value in values.items():
            field = self._fields.get(name)
            comodel = (field is not None and field.comodel_name) or ""
            if not value or not (comodel.startswith("recovery.") or comodel in LEDGER):
                continue
            records, named = self.env[comodel], set()
            for command in [value] if isinstance(value, int) else value:
                match command:
                    case int():
                        named.add(command)
                    case (Command.LINK, record_id, *_rest):
                        named.add(record_id)
                    case (Command.SET, _zero, record_ids):
                        named.update(record_ids)
                    case (Command.CREATE | Command.UPDATE, _number, dict() as of_line):
                        records._recovery_check_named(of_line)
            records.browse(one for one in named if isinstance(one, int)).check_access("read")

    @api.model
    def _recovery_check_searched(self, domain):
        """Refuse a domain over a field of ours that the user may not read, at whatever depth.

        :raise AccessError: one is among them
        """
        for condition in domain.iter_conditions():
            model = self
            for name in condition.field_expr.split("."):
                field = model._fields.get(name)
                if field is None:
                    break  # part of a date, or nothing: Odoo says so
                if _is_ours(field):
                    model._check_field_access(field, "read")
                if not field.relational:
                    break
                model = self.env[field.comodel_name]
            else:
                if isinstance(condition.value, (Domain, list)) and condition.operator in ANY:
                    model._recovery_check_searched(Domain(condition.value))
