"""What one evaluation of the dunning engine works with: declared records, checked and compiled."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import accumulate

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.planner import one_by_one

#: Debtors (commercial entities) that are companies of this database, closed ones too.
OURS = SQL(
    "SELECT owner.commercial_partner_id FROM res_company ours JOIN res_partner owner ON owner.id = ours.partner_id"
)
#: Policies of which no run, but another room, makes notices: what these asked for counts, offered still or not.
APART = Domain("claim_kind", "not in", ("item", "instalment"))


@dataclass
class DunningScope:
    """Declared facts of one evaluation, plain values next to the records they come from."""

    company: models.Model
    date: object
    timezone: str
    #: Those that are offered, and archived ones by which nobody is chased, or of which notices are made apart.
    policies: models.Model
    #: Levels of the policies in escalation order, without archived ones.
    levels: models.Model
    #: {level: rank in its policy, from 1}; an archived one has the rank of the level before it, or 0.
    ranks: dict[models.Model, int]
    #: {policy or level record: SQL query of the ids its filter keeps}; a record without filter is absent.
    debtor_filters: dict = field(default_factory=dict)
    item_filters: dict = field(default_factory=dict)
    #: {policy or level record: why it cannot be applied}
    problems: dict = field(default_factory=dict)
    #: Policies and levels with a filter that does not compile.
    broken_filters: list = field(default_factory=list)
    #: Debtors (commercial entities) looked at; None for all.
    partner_ids: list[int] | None = None
    #: Query of the debtors whose claims are judged, where they are too many to be looked up one by one; None for all.
    among: SQL | None = None
    #: Whether there is money that is matched with nothing: without, none is laid.
    is_money_open: bool = True
    #: Items of which nothing more is asked: small residues, discounts earned.
    let_go: list[int] = field(default_factory=list)
    #: Items in plans of which a discount that was earned is all that is left.
    earned: list[int] = field(default_factory=list)
    #: What is disputed of instalments, by the parts that are disputed of what their plans cover: {id: amount}.
    spared: dict = field(default_factory=dict)
    #: Policies whose claims are judged; None for all.
    policy_ids: list[int] | None = None
    #: Notices taken for not made: those that are looked at again before they go.
    without_notices: list[int] = field(default_factory=list)

    @property
    def levels_apart(self) -> list[int]:
        """Levels that no run raises a claim to, archived ones among them."""
        apart = self.policies.filtered_domain(APART)
        return [level.id for level in self.ranks if level.policy_id in apart]

    def choosable(self, kind) -> list[int]:
        """Policies that a person may set on an invoice, a debtor or a company for claims of ``kind``."""
        return self.policies.filtered(lambda policy: policy.claim_kind == kind or policy.do_not_chase).ids


class RecoveryDunningScope(models.AbstractModel):
    """Reads the declared policies of a company and compiles their filters through the ORM."""

    _name = "recovery.dunning.scope"
    _description = "Dunning Scope"

    @api.model
    def _read(self, company, date, partners=None, policies=None, among=None) -> DunningScope:
        """Gather what an evaluation of ``company``'s claims at ``date`` needs.

        A company and its branches are one creditor: it is looked at as a whole, whichever of them is asked.

        :param partners: debtors (commercial entities) to look at, all when None
        :param policies: judge only claims under these policies, all when None
        :param among: query of the debtors whose claims are judged, of all there are when None
        """
        company = company._recovery_creditor().sudo()  # settings, whoever asks
        # The outcome may not depend on who asks: filters and policies are read as the company declared them.
        declared = (
            self.env["recovery.dunning.policy"].sudo().with_company(company).with_context(active_test=True)
        )
        theirs = Domain("company_id", "in", [False, *company._recovery_lineage_ids()])
        # whom a person said not to chase stays so when that policy is offered no more
        offered = Domain("active", "=", True) | Domain("do_not_chase", "=", True) | APART
        available = declared.with_context(active_test=False).search(theirs & offered).with_env(declared.env)
        levels = available.with_context(active_test=False).level_ids.with_context(active_test=True)
        levels = levels.sorted(lambda level: (level.policy_id.id, level.sequence, level.id))
        asked = None if partners is None else partners.ids
        scope = DunningScope(
            company=company,
            date=date,
            timezone=company._recovery_timezone(),
            policies=available,
            levels=levels.filtered("active"),
            ranks=self._ranks(levels),
            partner_ids=asked,
            among=among,
            policy_ids=policies.ids if policies else None,
            **self._left_out(company, date, asked),
        )
        self._compile_filters(scope)
        self._check_declared(scope)
        return scope

    def _left_out(self, company, date, debtors):
        """Return the fields of a scope that say what of claims is covered, let go or disputed."""
        is_money_open, is_discounted, is_spared = self._is_any(company, date, debtors)
        plans = self.env["recovery.plan"]
        earned = plans._earned_items(company, date, debtors) if is_discounted else []
        return {
            "is_money_open": is_money_open or bool(earned),
            "earned": earned,
            "let_go": self.env["recovery.residue"]._let_go(company, date, debtors, is_money_open),
            "spared": plans._spared(company, date, debtors) if is_spared else {},
        }

    def _is_any(self, company, date, debtors):
        """Return whether there is money to lay, and what plans cover has a discount, or is disputed: mostly nothing."""
        money, plans = self.env["recovery.open.money"], self.env["recovery.plan"]
        money._flush()
        query = SQL(
            "SELECT %s, %s, EXISTS (%s)",
            money._is_any_sql(company, date, debtors),
            plans._is_any_discount_sql(company, debtors),
            plans._disputed_in_part_sql(company, date, debtors),
        )
        with one_by_one(self.env.cr) if debtors is None else nullcontext():
            return self.env.execute_query(query)[0]

    def _ranks(self, levels):
        """Return {level: rank in its policy}, of sorted levels; an archived one has the rank before its own, or 0."""
        ranks = {}
        for siblings in levels.grouped("policy_id").values():
            ranks |= zip(siblings, accumulate(map(int, siblings.mapped("active"))), strict=True)
        return ranks

    def _compile_filters(self, scope):
        """Turn filters into subqueries; one that no longer compiles becomes a problem of its record."""
        for record in [*scope.policies.filtered("active"), *scope.levels]:
            self._compile(scope, scope.debtor_filters, record, "res.partner", record.debtor_domain)
        for level in scope.levels:
            self._compile(scope, scope.item_filters, level, "account.move.line", level.item_domain)

    def _compile(self, scope, filters, record, model, text):
        try:
            query = self.env["recovery.filter"]._filter_query(model, text, scope.company)
        except Exception as error:  # whatever a stale filter raises, the run goes on without it
            scope.problems[record] = self.env._(
                "The filter %(filter)s no longer works: %(error)s", filter=text, error=error
            )
            scope.broken_filters.append(record)
        else:
            if query is not None:
                filters[record] = query

    def _check_declared(self, scope):
        """Note what makes a policy or a level impossible to apply."""
        for policy in scope.policies:
            if not policy.level_ids and not policy.do_not_chase:
                scope.problems.setdefault(policy, self.env._("The policy has no level."))
        for level in scope.levels:
            if all(level.channel_ids.mapped("is_by_hand")):
                scope.problems.setdefault(level, self.env._("The level has no channel."))
            if not level._trigger()._code:
                scope.problems.setdefault(
                    level,
                    self.env._(
                        "Its delay counts from “%s”, which no installed addon knows. Choose another trigger.",
                        level.trigger,
                    ),
                )
