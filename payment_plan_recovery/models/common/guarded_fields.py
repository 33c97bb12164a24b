"""What only actions write: protected fields, records the product makes, terms that were agreed.

state = fields.Selection(…, protected=True)
date_start = fields.Date(…, terms=True)

One guard serves every model. It stands in ``create``, ``write`` and ``unlink``, where an import, a copy, a command
through another model's lines and the web client all come by; defaults come from the fields alone. The
histories and files of guarded records are kept by ``mail_message.py`` and ``ir_attachment.py``.
What we add to Odoo's own records is kept by ``recovery.guarded.additions``.
"""

from odoo import SUPERUSER_ID, api, models
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import ormcache

ADDON = "payment_plan_recovery"
#: Marks an environment as an action's. An object has no form in a request: no client can send it.
_ACTING = object()
#: Marks it as that of the retention of personal data, which empties the words of what was agreed, too.
_FORGETTING = object()
_MARK = "recovery_acting"


def as_action(records):
    """Return ``records`` as an action writes them: with the rights of its user, past the guard."""
    return records.with_context(**{_MARK: _ACTING})


def is_action(env):
    """Tell whether the product's own code is at work, by :func:`as_action`."""
    return env.context.get(_MARK) in (_ACTING, _FORGETTING)


def as_forgotten(records):
    """Return ``records`` as they are made to say nothing of people any more: past what was agreed, when it is over."""
    return records.with_context(**{_MARK: _FORGETTING})


def is_uninstalling(env):
    """Tell whether a module is being uninstalled: anybody may send the flag, but nobody logs in as the system."""
    return env.uid == SUPERUSER_ID and bool(env.context.get(MODULE_UNINSTALL_FLAG))


class RecoveryGuardedFields(models.AbstractModel):
    """Models whose fields may be ``protected`` (a client gets them written by buttons only) or ``terms``
    (part of what was agreed, which the model opens under its own conditions).

    What is computed, stored and not to be edited is protected without saying so. Of a model whose records
    only actions make (``_by_actions``) every field is, unless it says ``protected=False``.
    """

    _name = "recovery.guarded.fields"
    _description = "Protected Fields and Terms"

    #: Its records are made and deleted by actions only.
    _by_actions = False
    #: Nobody deletes a record by hand that a protected field of another one names: it follows from that one.
    _kept_while_named = False
    #: Field that leads to the record that one was part of: it follows from what that one follows from.
    _part_of = None

    @api.model_create_multi
    def create(self, vals_list):
        if self._by_actions:
            self._check_acting()
        for vals in vals_list:
            self._check_protected(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_protected(vals)
        is_forgotten = self.env.context.get(_MARK) is _FORGETTING
        if not is_forgotten and self._fields_that_are("terms") & vals.keys():
            self._open_terms(self.env._("change the terms"))
        # What the system writes, it writes into the files behind the fields too.
        return super(
            RecoveryGuardedFields, as_action(self) if self.env.su and not is_forgotten else self
        ).write(vals)

    def unlink(self):
        if self._by_actions and not is_uninstalling(self.env):
            self._check_acting()
        if self._kept_while_named and not self.env.su and not is_action(self.env):
            self._require_not_named()
        records = as_action(self)  # the history and the files of a record that may go, go along
        if not is_uninstalling(self.env):
            records = records.with_context(**{MODULE_UNINSTALL_FLAG: False})
        return super(RecoveryGuardedFields, records).unlink()

    def _require_not_named(self):
        """Refuse to delete what follows from another record.

        :raise UserError: a protected field of one names it
        """
        named = self | self.sudo()[self._part_of] if self._part_of else self
        for holder in map(self.env.get, sorted(self.pool)):
            if not isinstance(holder, self.pool["recovery.guarded.fields"]) or holder._abstract:
                continue
            naming = [
                name
                for name in holder._fields_that_are("protected")
                if holder._fields[name].comodel_name == self._name
                and holder._fields[name].store
                and (name != self._part_of or holder._name != self._name)
            ]
            # sudo: what it follows from does not depend on who asks; only its name is told
            domain = Domain.OR(Domain(name, "in", named.ids) for name in naming)
            if naming and (found := holder.sudo().search(domain, limit=1)):
                raise UserError(
                    self.env._(
                        "This follows from “%s” and stays on file. End it instead.", found.display_name
                    )
                )

    @api.model
    def default_get(self, fields):
        """Protected fields begin as they are declared, whatever the context or a user's own defaults say."""
        protected = self._fields_that_are("protected")
        asked = [name for name in fields if name not in protected]
        declared = {
            name: self._fields[name].default(self)
            for name in fields
            if name in protected and self._fields[name].default
        }
        for name, value in declared.items():
            cached = self._fields[name].convert_to_cache(value, self, validate=False)
            declared[name] = self._fields[name].convert_to_write(cached, self)
        return super().default_get(asked) | declared

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """What only actions write is not offered to be written by hand, which would be refused."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("form", "list"):
            protected = self._fields_that_are("protected")
            for node in arch.xpath(".//field[not(ancestor::field)]"):
                if node.get("name") in protected and not node.get("readonly"):
                    node.set("readonly", "1")
        return arch, view

    def _valid_field_parameter(self, field, name):
        return name in ("protected", "terms") or super()._valid_field_parameter(field, name)

    @api.model
    @ormcache("attribute")
    def _fields_that_are(self, attribute):
        """Return the names of the fields that say ``attribute`` of themselves, or are so without saying it."""
        implied = self._is_protected if attribute == "protected" else lambda field: False
        return frozenset(
            name
            for name, field in self._fields.items()
            if (implied(field) if (said := getattr(field, attribute, None)) is None else said)
        )

    @api.model
    def _is_protected(self, field):
        """Tell whether a field that says nothing of itself is protected."""
        if self._by_actions and any(module.startswith(ADDON) for module in field._modules):
            return True
        return bool(field.store and field.compute and field.readonly)

    def _open_terms(self, action):
        """Make sure that the terms may change; ``action`` (an infinitive) says what is done. Refuses nothing here."""

    @api.model
    def _check_acting(self):
        """Refuse to a client what only actions make or delete.

        :raise AccessError: neither an action nor the system is at work
        """
        if not self.env.su and not is_action(self.env):
            raise AccessError(
                self.env._(
                    "%s: nobody makes or deletes these by hand. Use the buttons: they follow from what is done.",
                    self.env["ir.model"]._get(self._name).name,
                )
            )

    @api.model
    def _check_protected(self, vals):
        """Refuse to a client what only actions write.

        :raise AccessError: ``vals`` holds a protected field and neither an action nor the system is at work
        """
        written = self._fields_that_are("protected") & vals.keys()
        if written and not self.env.su and not is_action(self.env):
            labels = [self._fields[name].get_description(self.env)["string"] for name in sorted(written)]
            raise AccessError(
                self.env._("Use the buttons: these fields follow from them (%s).", ", ".join(labels))
            )


class RecoveryGuardedAdditions(models.AbstractModel):
    """Models of Odoo's to which we add fields: one that is read-only and not computed is protected without saying so.

    Whoever may write the record writes all the others as ever.
    """

    _name = "recovery.guarded.additions"
    _description = "Protected Fields of Odoo's Records"

    def _valid_field_parameter(self, field, name):
        return name == "protected" or super()._valid_field_parameter(field, name)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_additions(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_additions(vals)
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """What is protected begins empty, whatever the context or a user's own defaults say."""
        return super().default_get([name for name in fields if name not in self._protected_additions()])

    @api.model
    @ormcache()
    def _protected_additions(self):
        """Return the names of our fields that only actions write."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if any(module.startswith(ADDON) for module in field._modules)
            and getattr(field, "protected", field.store and field.readonly and not field.compute)
        )

    @api.model
    def _check_additions(self, vals):
        """Refuse to a client what only actions write.

        :raise AccessError: ``vals`` holds such a field and neither an action nor the system is at work
        """
        if not self.env.su and self._protected_additions() & vals.keys() and not is_action(self.env):
            raise AccessError(
                self.env._(
                    "What recovery notes on a %s follows from what is done. Use the buttons.",
                    self.env["ir.model"]._get(self._name).name,
                )
            )
