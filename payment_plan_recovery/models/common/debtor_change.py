"""A partner comes to belong to another debtor, and what was kept about it goes along."""

from typing import Any, NamedTuple

from odoo import api, models

from .company_words import by_company
from .guarded_fields import as_action


class DebtorChange(NamedTuple):
    """``items`` (open journal items) that ``former`` owed and ``debtor`` owes now.

    ``whole``: the former debtor itself went, not only a contact of it. ``alone``: the debtor owes nothing else, or is
    the same person by another record, so that what was said of all that was owed may be said of it.
    """

    former: Any
    debtor: Any
    items: Any
    whole: bool
    alone: bool

    def told(self, env):
        """Return what happened, in the language of ``env``."""
        debtor = self.debtor.display_name
        if self.whole or not self.items:
            return env._(
                "%(former)s belongs to %(debtor)s now.", former=self.former.display_name, debtor=debtor
            )
        invoices = ", ".join(sorted(set(self.items.mapped("move_id.name"))))
        return env._("%(debtor)s owes %(invoices)s now.", debtor=debtor, invoices=invoices)

    def of_creditor(self, company):
        """Return the items of the creditor that ``company`` is, or is a branch of."""
        return self.items.filtered(lambda item: item.company_id.id in company._recovery_branch_ids())


class RecoveryFollowsDebtor(models.AbstractModel):
    """Models whose records, each with its ``partner_id``, go where their debtor goes."""

    _name = "recovery.follows.debtor"
    _description = "Goes along with its Debtor"

    #: Whether the records go along; what describes the former debtor alone stays with it.
    _goes_along = True

    @api.model
    def _followers(self):
        """Return the models whose records go along."""
        names = sorted(self.pool.descendants([self._name], "_inherit"))
        models_ = (self.env[name] for name in names)
        return [model for model in models_ if not model._abstract and model._goes_along]

    def _follow_debtor(self, change):
        """Give these records of ``change.former`` to the debtor, as far as they are about what it owes now."""
        self.filtered(lambda record: change.whole or record._is_all_of(change.items))._give_to(change)

    def _is_all_of(self, items):
        """Whether the record is about some of ``items`` and about nothing else."""
        about = self.move_line_ids if "move_line_ids" in self._fields else items.browse()
        return bool(about) and about <= items

    def _give_to(self, change, **vals):
        """Make the records the debtor's and say so in their history."""
        records = self.filtered(lambda record: vals or record.partner_id != change.debtor)
        records.write({"partner_id": change.debtor.id, **vals})
        records._tell_given(change)

    def _tell_given(self, change):
        """Write into the records' history, where they have one, from whom they came."""
        if not hasattr(self, "_message_log_batch"):
            return
        for _company, records in by_company(self):
            text = change.told(records.env)
            records._message_log_batch(bodies=dict.fromkeys(records.ids, text))


class RecoveryOnceOfDebtor(models.AbstractModel):
    """Models with a unique index on their ``partner_id``: of each of some things a debtor has one record.

    Where two debtors become one the records that would stand twice make room before: the database would refuse the
    whole change, and Odoo's merge gets past that by deleting everything of the debtor that goes.
    """

    _name = "recovery.once.of.debtor"
    _description = "Kept Once about a Debtor"

    #: Fields of which a debtor has one record for each set of values, and which records count.
    _once_for, _once_among = ("company_id",), ()

    @api.model
    def _make_room(self, leaving, staying):
        """Let step aside what of the ``leaving`` debtors would stand twice with ``staying``, whose own stands."""
        # sudo: whoever merges contacts need not read what is kept about them
        records = self.sudo().with_context(active_test=False)
        records = records.search([("partner_id", "in", (leaving | staying).ids), *self._once_among])
        aside, taken = self.browse(), set()
        for record in records.sorted(lambda record: (record.partner_id != staying, -record.id)):
            known = tuple(record[name] for name in self._once_for)
            aside |= record if known in taken else aside.browse()
            taken.add(known)
        if aside:
            aside.sudo()._step_aside(staying)  # sudo: as above

    def _step_aside(self, _staying):
        """Make room for the records of the debtor that stays, which say the same."""
        as_action(self).unlink()
