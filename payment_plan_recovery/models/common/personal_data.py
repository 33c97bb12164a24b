"""What is kept about people: each kind of it one class, in the room it comes from.

A kind says when its records have done their work, and what in them is words about somebody. Sums, dates and the
hashes of what was sent stay: they are the company's accounts and its proof.
"""

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .guarded_fields import as_action, as_forgotten
from .planner import set_by_set

#: What stands in a required text that was emptied.
EMPTIED = "—"
#: How far a record may be from its contact: a piece of a dossier of a case.
DEPTH = 2


class RecoveryPersonalData(models.AbstractModel):
    """Base of the kinds of personal data. A thing sets ``_about`` and ``_ended_on``, and ``_done`` where need be."""

    _name = "recovery.personal.data"
    _description = "Kind of Personal Data"
    _inherit = "recovery.kind"

    #: Model of its records.
    _about = None
    #: The day or instant on which a record had done its work, and what else must hold of it by then (a domain).
    _ended_on, _done = None, ()
    #: Where a record leads to its debtor and to its company.
    _debtor, _company = "partner_id", "company_id"
    #: Fields that hold words about people, or their addresses.
    _words = ()
    #: Whether its records may be erased whole; evidence is anonymised only.
    _erasable = True

    @api.model
    def _ended(self, company, date) -> Domain:
        """Return which records had done their work on ``date``, a day of ``company``."""
        done = Domain(list(self._done))
        field = self.env[self._about]._fields.get(self._ended_on)  # none of a path: those lead to days
        if field and field.type == "datetime":
            return done & Domain(self._ended_on, "<", company._recovery_midnight(date + timedelta(days=1)))
        return done & Domain(self._ended_on, "<=", date)

    @api.model
    def _due(self, company, date, erased, among=None):
        """Return the records of ``company`` that had done their work on ``date`` and are still there in words.

        Without those of debtors about whom something is still going on.

        :param among: only some of these
        """
        # sudo: what is to go is everybody's, whoever looks after it
        records = self.env[self._about].sudo().with_context(active_test=False)
        domain = Domain(self._company, "=", company.id) & self._ended(company, date)
        if among is not None:
            domain &= Domain("id", "in", among.ids)
        if not erased:
            domain &= self._still_there()
        found = records.search(domain)
        kept = self.env["recovery.retention.hold"]._all_held(company, found.mapped(self._debtor))
        return found.filtered(lambda record: record.mapped(self._debtor) not in kept) if kept else found

    @api.model
    def _still_there(self) -> Domain:
        """Return which records have not lost their words, histories and files yet."""
        words = [
            Domain(name, "not in", (False, EMPTIED) if self._is_text(name) else (False,))
            for name in self._words
        ]
        traces = [
            Domain("id", "in", records._search(domain).subselect("res_id"))
            for records, domain in self._traces_of(self.env[self._about])
        ]
        return Domain.OR([*words, *traces])

    @api.model
    def _traces_of(self, model):
        """Return (model, domain) of what says something of the records of ``model`` beside them.

        All of it, also what Odoo shows to some readers only or keeps behind a field.
        """
        # sudo: it belongs to the records
        env = self.sudo().with_context(active_test=False).env
        # a domain without it would leave out the files behind fields
        any_field = Domain("res_field", "=", False) | Domain("res_field", "!=", False)
        traces = [(env["ir.attachment"], Domain("res_model", "=", model._name) & any_field)]
        if "message_ids" in model._fields:
            traces.append((env["mail.message"], Domain("model", "=", model._name)))
        if "activity_ids" in model._fields:
            traces.append((env["mail.activity"], Domain("res_model", "=", model._name)))
        return traces

    @api.model
    def _is_text(self, name):
        return self.env[self._about]._fields[name].type in ("char", "text")

    @api.model
    def _forget(self, records):
        """Empty the words, histories, activities and files of ``records``; sums, days and hashes stay."""
        records = as_forgotten(records.sudo())
        emptied = {
            name: EMPTIED if records._fields[name].required else False
            for name in self._words
            if records._fields[name].store
        }
        records.with_context(tracking_disable=True, mail_notrack=True).write(emptied)
        for traces, domain in reversed(self._traces_of(records)):
            as_action(traces.search(domain & Domain("res_id", "in", records.ids))).unlink()

    @api.model
    def _erase(self, records):
        """Delete ``records``, with their histories and files."""
        as_action(records.sudo()).unlink()

    @api.model
    def _files(self, records):
        files, domain = self._traces_of(records)[0]
        return files.search(domain & Domain("res_id", "in", records.ids))

    # -- everything about somebody -----------------------------------------------------------------

    @api.model
    def _paths(self) -> dict:
        """Return {model: paths by which its records lead to a contact}, of every table the addon keeps.

        From the fields: a contact itself, or the record that this one is a part of.
        """
        models_kept = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("recovery.") and model._auto and not model._abstract and not model._transient
        ]
        paths = {name: self._contacts_in(name) for name in models_kept}
        for _depth in range(DEPTH):
            for name in models_kept:
                for field in self._parents_in(name):
                    above = paths.get(field.comodel_name, ())
                    found = [f"{field.name}.{path}" for path in above if path.count(".") < DEPTH]
                    paths[name] += [path for path in found if path not in paths[name]]
        return {name: found for name, found in paths.items() if found}

    def _contacts_in(self, name):
        fields = self.env[name]._fields.values()
        return [
            field.name
            for field in fields
            if field.type == "many2one" and field.store and field.comodel_name == "res.partner"
        ]

    def _parents_in(self, name):
        """Fields of what a record is part of: it would not be there without."""
        fields = self.env[name]._fields.values()
        return [
            field
            for field in fields
            if field.type == "many2one"
            and field.store
            and field.required
            and field.comodel_name.startswith("recovery.")
        ]

    @api.model
    def _of(self, partners) -> dict:
        """Return {model: its records about ``partners``}, of every table the addon keeps; with all rights."""
        found = {}
        for name, paths in self._paths().items():
            # sudo: what is kept about somebody does not depend on who looks it up; callers check that they may
            records = self.env[name].sudo().with_context(active_test=False)
            found[name] = records.search(Domain.OR([Domain(path, "in", partners.ids) for path in paths]))
        return {name: records for name, records in found.items() if records}


class RecoveryRetentionHold(models.AbstractModel):
    """Why nothing is forgotten about a debtor yet: each reason one class, in the room it comes from."""

    _name = "recovery.retention.hold"
    _description = "Reason to Keep Personal Data"
    _inherit = "recovery.kind"

    #: Model of the records about which something is going on, and which of them (a domain).
    _about, _going_on = None, ()

    @api.model
    def _held(self, company, debtors):
        """Return those of ``debtors`` (commercial entities) whose data ``company`` needs still."""
        records = self.env[self._about].sudo()  # whether something is going on does not depend on who looks
        branches = Domain("company_id", "in", company._recovery_branch_ids())
        return records.search(
            branches & Domain("partner_id", "in", debtors.ids) & Domain(list(self._going_on))
        ).partner_id

    @api.model
    def _all_held(self, company, partners):
        """Return those of ``partners`` about whom something is still going on, whichever reason."""
        debtors = partners.commercial_partner_id
        with set_by_set(self.env.cr):
            held = debtors.browse().union(
                *(thing._held(company, debtors) for thing in self._things().values())
            )
        return partners.filtered(lambda partner: partner.commercial_partner_id in held)
