"""What happens to a debtor's file when a contact is moved to another company, or merged into another contact."""

from collections import defaultdict
from typing import Any, NamedTuple

from odoo import Command, api, models
from odoo.tools import SQL

from ..common.debtor_change import DebtorChange
from ..common.guarded_fields import as_action


class Known(NamedTuple):
    """What was known before: the debtor, its partners that may move, their items, the debtor's records."""

    former: Any
    partners: Any
    items: dict
    records: list


class RecoveryDebtorChange(models.AbstractModel):
    """Foresees and carries out the move of partners from one debtor to another."""

    _name = "recovery.debtor.change"
    _description = "Change of Debtor"

    @api.model
    def _foresee(self, partners):
        """Return what is known of the debtors of ``partners``, and of the contacts below them, before they move."""
        # sudo: whoever may move contacts need not read what is kept about debtors, and must not lose it
        partners = partners.sudo().with_context(active_test=False)
        below = partners.search([("id", "child_of", partners.ids)])
        items = self._open_items([("partner_id", "in", below.ids)]).grouped("partner_id")
        followers = self.env["recovery.follows.debtor"].sudo()._followers()
        return [
            Known(
                former,
                moved,
                {partner: items.get(partner, self.env["account.move.line"].sudo()) for partner in moved},
                [
                    model.with_context(active_test=False).search([("partner_id", "=", former.id)])
                    for model in followers
                ],
            )
            for former, moved in below.grouped("commercial_partner_id").items()
        ]

    def _open_items(self, domain):
        # sudo: see _foresee
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    *domain,
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                ]
            )
        )

    @api.model
    def _make_room(self, leaving, staying):
        """Let nothing of the ``leaving`` partners stand twice once they are merged into ``staying``."""
        for name in sorted(self.pool.descendants(["recovery.once.of.debtor"], "_inherit")):
            if not self.env[name]._abstract:
                self.env[name]._make_room(leaving, staying)

    @api.model
    def _carry_out(self, foreseen, survivor=None):
        """Let what was kept about former debtors follow the partners that belong to another one now.

        :param foreseen: of :meth:`_foresee`
        :param survivor: the partner that the others were merged into: the same debtor by another record
        """
        for known in foreseen:
            moved_to = defaultdict(self.env["res.partner"].sudo)
            for partner in known.partners:
                moved_to[(survivor or partner).sudo().commercial_partner_id] |= partner
            for debtor, partners in moved_to.items():
                if debtor == known.former:
                    continue
                # what the former debtor owes no more leaves nothing written about it
                self.env["recovery.judgement"]._drop()
                items = self.env["account.move.line"].sudo().union(*map(known.items.get, partners))
                self._take_along(
                    DebtorChange(
                        known.former,
                        debtor,
                        items,
                        whole=known.former in partners,
                        alone=survivor == debtor or not self._owed_besides(debtor, items),
                    ),
                    known.records,
                )

    def _owed_besides(self, debtor, items, companies=None):
        """Return what ``debtor`` owes besides ``items``; in ``companies`` (ids) or in all of them."""
        there = [] if companies is None else [("company_id", "in", companies)]
        return self._open_items(
            [("partner_id", "child_of", debtor.id), ("id", "not in", items.ids), ("balance", ">", 0), *there]
        )

    def _take_along(self, change, records):
        self._keep_policy(change)
        if change.whole:
            self._keep_terms(change)
        for of_model in records:
            of_model._follow_debtor(change)

    def _keep_policy(self, change):
        """Let invoices be chased as the former debtor was, where it had a policy of its own."""
        for company, items in change.items.grouped("company_id").items():
            policy = change.former.with_company(company).recovery_policy_id
            if policy and policy != change.debtor.with_company(company).recovery_policy_id:
                invoices = items.move_id.filtered(lambda move: not move.recovery_policy_id)
                as_action(invoices).recovery_policy_id = policy

    def _keep_terms(self, change):
        """Give the debtor what it has no word of its own for: limit, class, and the policy if it owes nothing else."""
        partners = self.env["res.partner"]
        names = [
            name
            for name, field in partners._fields.items()
            if field.company_dependent and (name == "credit_limit" or name.startswith("recovery_"))
        ]
        if not change.alone:
            names.remove("recovery_policy_id")
        partners.flush_model(names)
        for name in names:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE res_partner debtor
                       SET %(name)s = former.%(name)s || COALESCE(jsonb_strip_nulls(debtor.%(name)s), '{}')
                      FROM res_partner former
                     WHERE debtor.id = %(debtor)s AND former.id = %(former)s AND former.%(name)s IS NOT NULL
                    """,
                    name=SQL.identifier(name),
                    debtor=change.debtor.id,
                    former=change.former.id,
                )
            )
        change.debtor.invalidate_recordset(names)


def follow_with_holds(holds, change):
    """Give holds to the debtor; one on everything is narrowed to what went when the debtor owes other things too.

    A promise's hold goes with its promise. One on everything of who owed nothing holds nothing of another debtor.
    """
    for hold in holds:
        goes_on = not hold.date_until or hold.date_until >= hold.company_id._recovery_today()
        held = (
            hold.move_line_ids & change.items if hold.move_line_ids else change.of_creditor(hold.company_id)
        )
        if change.whole:
            narrowed = goes_on and not (hold.move_line_ids or change.alone)
            if narrowed and not held:
                hold._end_today()
            hold._give_to(change, **_only(held if narrowed and held else None))
        elif hold.move_line_ids and hold.move_line_ids <= held:
            hold._give_to(change)
        elif held and goes_on and hold.kind != "promise":
            hold.move_line_ids -= held
            part = as_action(hold).copy(
                {
                    "partner_id": change.debtor.id,
                    "date_from": hold.date_from,
                    "part_of_id": (hold.part_of_id or hold).id,
                    **_only(held),
                }
            )
            part._tell_given(change)


def follow_with_promises(promises, change):
    """Give promises to the debtor; one for whatever was owed is narrowed when the debtor owes other things too.

    One for whatever was owed of who owed nothing is withdrawn.
    """
    for promise in promises:
        items, own = promise.move_line_ids, change.of_creditor(promise.company_id)
        narrowed = change.whole and promise.state == "open" and not (items or change.alone)
        if narrowed and not own:
            promise.action_cancel()
        if change.whole or (items and items <= change.items):
            if promise.state == "open" and promise.partner_id != change.debtor:
                _leave_room(promise, change)
            promise._give_to(change, **_only(own if narrowed and own else None))


def _leave_room(promise, change):
    """Narrow what the debtor itself had promised, for whatever it owed, to what it owed before.

    Money is counted for one promise at a time, and whoever moves a contact need not read promises.
    """
    companies = promise.company_id._recovery_branch_ids()
    for wide in promise.search(
        [
            ("partner_id", "=", change.debtor.id),
            ("company_id", "in", companies),
            ("state", "=", "open"),
            ("move_line_ids", "=", False),
            ("id", "!=", promise.id),
        ]
    ):
        if items := promise.env["recovery.debtor.change"]._owed_besides(
            change.debtor, change.items, companies
        ):
            wide.write(_only(items))
        else:
            wide.action_cancel()


def _only(items):
    return {} if items is None else {"move_line_ids": [Command.set(items.ids)]}
