"""Who reads and searches the addon's fields on Odoo's own records."""

from functools import cache

from odoo import api, models
from odoo.fields import Domain

from .guarded_fields import ADDON

#: Operators whose value is a domain.
ANY = ("any", "not any", "any!", "not any!")


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
