"""Filters declared on records: which debtors, or which journal items, a policy, a text or a portfolio is for.

debtor_domain = fields.Char(…, filters="res.partner")
"""

import ast

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

#: Filters that keep every record.
EVERYTHING = ([], ())


class RecoveryFilter(models.AbstractModel):
    """Models with fields that hold a filter over the model they name (``filters=``): checked when saved.

    What no longer works later (a field went with its addon) is left out alone, and somebody is asked to mend it.
    """

    _name = "recovery.filter"
    _description = "Declared Filters"

    def _valid_field_parameter(self, field, name):
        return name == "filters" or super()._valid_field_parameter(field, name)

    @api.model
    @ormcache()
    def _filter_fields(self):
        """Return {field that holds a filter: name of the model that it is over}."""
        found = ((name, getattr(field, "filters", None)) for name, field in self._fields.items())
        return {name: model for name, model in found if model}

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._require_readable(self._filter_fields().keys())
        return records

    def write(self, vals):
        done = super().write(vals)
        self._require_readable(self._filter_fields().keys() & vals.keys())
        return done

    def _require_readable(self, names):
        """Refuse filters that ask for more than their author may read: whom they keep, judged by sudo, would tell it.

        :raise AccessError: a filter in one of the fields ``names`` does
        """
        if self.env.su:
            return
        for record in self:
            for name in names:
                model = self.env[self._filter_fields()[name]]
                model._search(Domain(self._filter_literal(record[name])))

    @api.constrains(lambda self: list(self._filter_fields()))
    def _check_filters(self):
        """Refuse a filter that cannot be used.

        :raise ValidationError: it names a field that is not there, or computes anything (``uid``, today's date)
        """
        for record in self:
            for name, model in self._filter_fields().items():
                try:
                    self._filter_query(model, record[name], self.env.company)
                except Exception as error:  # whatever is wrong with it, the user is told
                    raise ValidationError(
                        self.env._(
                            "The filter %(filter)s cannot be used: %(error)s",
                            filter=record[name],
                            error=error,
                        )
                    ) from error

    @api.model
    def _filter_query(self, model, text, company) -> SQL | None:
        """Return SQL of a query of the ids that the filter ``text`` keeps, or None when it keeps every record.

        The text is read as a literal and compiled by the ORM's own search; none of it becomes SQL.
        Raises ValueError or whatever the ORM says of a domain it does not understand.
        """
        domain = self._filter_literal(text)
        if domain in EVERYTHING:
            return None
        # sudo: whom a filter keeps does not depend on who asks
        searched = self.env[model].sudo().with_company(company).with_context(active_test=False)
        return searched._search(Domain(domain)).select()

    @api.model
    def _filter_literal(self, text):
        """Return the filter as a list. Raises ValueError when it is none, or computes anything."""
        try:
            return ast.literal_eval(text or "[]")
        except (ValueError, SyntaxError) as error:
            raise ValueError(
                self.env._("it has to be a list of conditions on fixed values, without “uid” or today's date")
            ) from error

    def _filter_keeps(self, name, records):
        """Return those of ``records`` that the filter in field ``name`` keeps.

        None when it no longer works: then it is left out, and whoever is responsible is asked to mend it.
        """
        self.ensure_one()
        try:
            # sudo: whom a filter keeps does not depend on who asks
            kept = records.sudo().filtered_domain(Domain(self._filter_literal(self[name])))
        except Exception as error:  # whatever a stale filter raises
            self._ask_to_mend(self[name], error)
            return records.browse()
        return records.browse(kept.ids)

    def _stale_filters(self):
        """Return (record, filter, what it raises) of the records' filters that no longer work."""
        stale = []
        for record in self:
            for name, model in self._filter_fields().items():
                try:
                    self._filter_query(model, record[name], self.env.company)
                except Exception as error:  # whatever a stale filter raises
                    stale.append((record, record[name], error))
        return stale

    def _ask_to_mend_stale(self):
        """Ask to mend those filters of the records that no longer work."""
        for record, text, error in self._stale_filters():
            record._ask_to_mend(text, error)

    def _ask_to_mend(self, text, error):
        """Ask whoever is responsible to mend a filter of this record that no longer works."""
        self.env["ir.cron"]._recovery_ask_about(
            self,
            self.env._("The filter %(filter)s no longer works: %(error)s", filter=text, error=error),
            self.env._("Mend the filter: it is left out meanwhile"),
        )
