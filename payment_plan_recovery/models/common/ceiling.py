"""Ceilings above which somebody else decides: whoever loosens one does not profit from it alone.

recovery_waiver_ceiling = fields.Monetary(…, ceiling="most")

Each change that lets one person do more is kept and shown to another manager. Until that one agrees, and for a year at
the longest, the former value goes on for whoever made the change; for everybody else the new one holds at once. Where
there is no other manager nobody could agree, and the change is only kept.
"""

from math import inf

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import ormcache
from odoo.tools.misc import formatLang

from .company_words import words_of
from .guarded_fields import as_action
from .labelled import labelled

MANAGER = "payment_plan_recovery.group_recovery_manager"
TODO = "mail.mail_activity_data_todo"
#: How strict a value is (lower is stricter) by what the field says: a sum, one of which 0 means none, a least, a box
#: that bounds while it is ticked.
STRICTNESS = {
    "most": lambda value: value,
    "most_or_none": lambda value: value or inf,
    "least": lambda value: -value,
    "bounds": lambda value: 0 if value else inf,
}


class RecoveryCeilingChange(models.Model):
    """One change that lets a single person decide more than before, and who agreed to it."""

    _name = "recovery.ceiling.change"
    _description = "Change of a Ceiling"
    _inherit = ["recovery.guarded.fields", "mail.thread", "mail.activity.mixin"]
    _order = "changed_at desc, id desc"
    _by_actions = True

    name = fields.Char(required=True, readonly=True, help="What may be decided by one person from then on.")
    company_id = fields.Many2one(
        "res.company", readonly=True, ondelete="restrict", help="Empty: of every company."
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True, index=True)
    field_name = fields.Char(readonly=True, help="Empty where the whole record is new.")
    amount_before = fields.Float(string="Before", readonly=True)
    amount_after = fields.Float(string="After", readonly=True)
    user_id = fields.Many2one("res.users", string="Changed by", required=True, readonly=True)
    changed_at = fields.Datetime(required=True, readonly=True)
    agreed_by_id = fields.Many2one(
        "res.users",
        string="Agreed by",
        readonly=True,
        help="Another manager, who lets the change hold for its author too.",
    )

    def action_open_changed(self):
        """Open what was changed: the settings of the company, or the record."""
        self.ensure_one()
        self.check_access("read")
        if self.res_model == "res.company":
            return self.env["ir.actions.actions"]._for_xml_id("payment_plan_recovery.action_settings")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_agree(self):
        """Agree to changes of somebody else: from now on they hold for who made them too.

        :raise AccessError: no Recovery manager
        :raise UserError: the user made one of them
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Ask a Recovery manager to agree to the change."))
        if self.user_id & self.env.user._recovery_person():
            raise UserError(self.env._("You made this change: somebody else agrees to it, or takes it back."))
        waiting = self.filtered(lambda change: not change.agreed_by_id)
        # sudo: only actions write changes; the right to agree was checked
        as_action(waiting.sudo()).agreed_by_id = self.env.user
        waiting.sudo().activity_feedback([TODO])

    @api.model
    def _other_managers(self, user, company):
        """Return the managers of ``company`` (of any, where it is empty) who are other persons than ``user``."""
        # sudo: only whom to ask
        managers = self.env.ref(MANAGER).sudo().all_user_ids - user._recovery_person()
        return managers.filtered(
            lambda one: (
                one.active
                and not one.share
                and one.id != SUPERUSER_ID
                and (not company or company in one.company_ids)
            )
        ).sorted("id")

    def _show(self):
        """Ask another manager to look at each change."""
        for change in self:
            other = self._other_managers(change.user_id, change.company_id)[:1]
            words = words_of(change.company_id or self.env.company)
            if other:
                change.activity_schedule(
                    TODO,
                    summary=words._("One person may decide more than before: agree, or take it back"),
                    note=change.name,
                    user_id=other.id,
                )


class RecoveryCeilings(models.AbstractModel):
    """Models with fields that bound what one person decides (``ceiling``: a key of :data:`STRICTNESS`)."""

    _name = "recovery.ceilings"
    _description = "Ceilings"

    #: Whether a new record lets one person decide, too: somebody may choose it.
    _chosen = True

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if self._chosen and self.env.uid != SUPERUSER_ID:
            records._note_loosened([(record, False, 0, 0) for record in records])
        return records

    def write(self, vals):
        names = self._ceiling_fields().keys() & vals.keys() if self.env.uid != SUPERUSER_ID else ()
        before = [(record, name, record[name]) for record in self._with_ceilings() for name in names]
        result = super().write(vals)
        self._note_loosened(
            [
                (record, name, value, record[name])
                for record, name, value in before
                if self._strictness(name, record[name]) > self._strictness(name, value)
            ]
        )
        return result

    def _valid_field_parameter(self, field, name):
        return name == "ceiling" or super()._valid_field_parameter(field, name)

    @api.model
    @ormcache()
    def _ceiling_fields(self):
        """Return {field that is a ceiling: which kind of it}."""
        return {
            name: field.ceiling for name, field in self._fields.items() if getattr(field, "ceiling", None)
        }

    def _with_ceilings(self):
        """Return those of the records that have ceilings of their own."""
        return self

    def _ceiling_company(self):
        """Return whose ceiling it is; no company for what is shared."""
        return self.company_id

    def _ceiling_owner(self):
        """Return what a person calls the ceiling by."""
        return self.display_name

    @api.model
    def _strictness(self, name, value):
        return STRICTNESS[self._ceiling_fields()[name]](value)

    def _note_loosened(self, changes):
        """Keep ``changes``, (record, field, before, after) each, and show them to another manager."""
        # sudo: only actions write changes; whoever could change the ceiling had the right to
        kept = self.env["recovery.ceiling.change"].sudo()
        values = []
        for record, name, before, after in changes:
            company = record._ceiling_company()
            worded = record.with_context(lang=(company or self.env.company)._recovery_lang())
            values.append(
                {
                    "name": worded._loosened_told(name, before, after),
                    "company_id": company.id,
                    "res_model": record._name,
                    "res_id": record.id,
                    "field_name": name,
                    "amount_before": before,
                    "amount_after": after,
                    "user_id": self.env.uid,
                    "changed_at": fields.Datetime.now(),
                }
            )
        if values:
            kept.create(values)._show()

    def _loosened_told(self, name, before, after):
        """Return in words which ceiling of which record changed, from what to what; that the record is new."""
        about = self._ceiling_owner()
        if not name:
            return labelled(self.env, about, self.env._("New"))
        label = self._fields[name].get_description(self.env)["string"]
        told = " → ".join(self._ceiling_told(name, value) for value in (before, after))
        return labelled(self.env, f"{about} · {label}" if about else label, told)

    def _ceiling_told(self, name, value):
        if self._strictness(name, value) == inf:
            return self.env._("no limit")
        if isinstance(value, bool):
            return self._fields[name].get_description(self.env)["string"]
        return formatLang(self.env, value, digits=0 if float(value).is_integer() else 2)

    def _loosened_by(self, users, company):
        """Return the changes of the record by ``users`` that nobody else agreed to, within a year.

        None where ``company`` has no other manager, who could.
        """
        changes = self.env["recovery.ceiling.change"].sudo()  # sudo: they bind whether or not one reads them
        found = changes.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("user_id", "in", users._recovery_person().ids),
                ("agreed_by_id", "=", False),
                ("changed_at", ">", fields.Datetime.subtract(fields.Datetime.now(), years=1)),
            ]
        )
        return found if found and changes._other_managers(found.user_id, company) else changes

    def _ceiling(self, name, company):
        """Return up to which amount the user decides alone by the ceiling ``name``: infinite for no bound."""
        return min(self._strictness(name, self[name]), self._former_ceiling(name, company))

    def _former_ceiling(self, name, company):
        """Return the ceiling that goes on for the user who loosened it, infinite where nobody has to agree."""
        self.ensure_one()
        changes = self._loosened_by(self.env.user, company)
        if changes.filtered(lambda change: not change.field_name):
            return 0.0
        former = changes.filtered(lambda change: change.field_name == name).mapped("amount_before")
        return min((self._strictness(name, value) for value in former), default=inf)

    def _is_loosened_by(self, users, company):
        """Whether what ``users`` changed of the ceilings lets them decide more than before, and nobody agreed."""
        return any(
            not change.field_name
            or self._strictness(change.field_name, self[change.field_name])
            > self._strictness(change.field_name, change.amount_before)
            for change in self._loosened_by(users, company)
        )
