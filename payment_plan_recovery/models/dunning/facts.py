"""The next steps of the dunning statement: what is owed, and by whom."""

from odoo import models
from odoo.tools import SQL

from ..common.claim_key import claim_key_sql
from ..common.planner import are_few
from .scope import OURS


class RecoveryDunningFacts(models.AbstractModel):
    """Steps of the dunning statement that gather what the ledger knows of each claim and debtor."""

    _name = "recovery.dunning.facts"
    _inherit = ["recovery.dunning.declared", "recovery.dunning.held"]
    _description = "Dunning Facts"

    def _in_scope(self, scope, column: SQL) -> SQL:
        """Keep the debtors asked for."""
        if scope.among is not None:
            return SQL("%s IN (%s)", column, scope.among)
        ids = scope.partner_ids
        return SQL("TRUE") if ids is None else SQL("%s = ANY(%s::int[])", column, ids)

    # ---------------------------------------------------------------------
    # Claims
    # ---------------------------------------------------------------------

    def _step_claim(self, scope) -> SQL:
        """Open claims, and the items of live plans: these get the reason ``in_plan``."""
        return SQL(
            """
            SELECT claim.id, claim.move_line_id, claim.instalment_id, claim.partner_id, claim.account_id,
                   claim.currency_id, claim.date_due, claim.amount_residual, claim.amount_company,
                   claim.no_followup, claim.chosen_policy_id, claim.chosen_level_id, FALSE AS in_plan,
                   claim.company_id
              FROM (%(claims)s) claim
             WHERE %(among)s
             UNION ALL
            SELECT %(key)s, item.id, NULL, debtor.commercial_partner_id, item.account_id,
                   item.currency_id, COALESCE(item.date_maturity, item.date), item.amount_residual_currency,
                   item.amount_residual, FALSE, move.recovery_policy_id, item.recovery_level_id, TRUE,
                   item.company_id
              FROM %(items)s
              LEFT JOIN account_move move ON move.id = item.move_id AND move.recovery_policy_id IS NOT NULL
             WHERE item.company_id = ANY(%(companies)s) AND item.amount_residual_currency > 0
            """,
            key=claim_key_sql(SQL("item.id")),
            claims=self.env["recovery.claim"]._open_sql(scope.company, scope.partner_ids),
            items=self._items_in_plans(scope),
            companies=list(scope.company._recovery_branch_ids()),
            among=SQL("TRUE") if scope.among is None else self._in_scope(scope, SQL("claim.partner_id")),
        )

    def _items_in_plans(self, scope) -> SQL:
        """The items of live plans (``item``) with their ``debtor``, each looked up from what there is less of.

        LATERAL and OFFSET: the planner, who may think there are ten items, would read all there are.
        """
        theirs = self._in_scope(scope, SQL("debtor.commercial_partner_id"))
        if are_few(scope.partner_ids):
            items = """
                (SELECT id, commercial_partner_id FROM res_partner debtor WHERE %(theirs)s OFFSET 0) debtor
                JOIN LATERAL (
                    SELECT * FROM account_move_line
                     WHERE partner_id = debtor.id AND amount_residual_currency > 0 OFFSET 0
                ) item ON %(covered)s
                """
        else:
            items = """
                (%(live)s) covered
                JOIN LATERAL (SELECT * FROM account_move_line WHERE id = covered.move_line_id OFFSET 0) item ON TRUE
                JOIN res_partner debtor ON debtor.id = item.partner_id AND %(theirs)s
                """
        covered = self.env["recovery.plan.item"]
        return SQL(
            items, live=covered._live_sql(), covered=covered._covers_sql(SQL("item.id")), theirs=theirs
        )

    def _step_laid(self, scope) -> SQL:
        """What unmatched money covers of each claim: where there is none, the query that lays it is not planned."""
        if not scope.is_money_open:
            return SQL("SELECT 0 AS id, 0.0 AS covered WHERE FALSE")
        return self.env["recovery.claim"]._covered_sql(
            scope.company, scope.date, scope.partner_ids, earned=scope.earned
        )

    def _step_uncovered(self) -> SQL:
        """Claims with what no money lies over."""
        return SQL(
            """
            SELECT claim.*, claim.amount_residual - COALESCE(laid.covered, 0) AS uncovered
              FROM claim
              LEFT JOIN laid ON laid.id = claim.id
            """
        )

    def _step_fact(self, scope) -> SQL:
        """Claims with their policy and the amounts left once covered and disputed parts are taken off."""
        return SQL(
            """
            SELECT claim.id, claim.move_line_id, claim.instalment_id, claim.partner_id, claim.currency_id,
                   claim.date_due, claim.in_plan, claim.chosen_level_id, claim.uncovered,
                   %(chased)s AS amount_residual,
                   %(chased_company)s AS amount_company,
                   %(uncovered_company)s AS amount_open,
                   claim.no_followup OR claim.instalment_id IS NULL AND %(account_left_out)s AS no_followup,
                   debtor.held OR %(held)s AS held,
                   CASE WHEN claim.chosen_policy_id = ANY(%(item_policies)s::int[])
                        THEN claim.chosen_policy_id
                        %(branch_policies)s
                        WHEN claim.instalment_id IS NULL THEN debtor.item_policy_id
                        ELSE debtor.instalment_policy_id
                   END AS policy_id,
                   %(let_go)s AS is_let_go,
                   debtor.is_ours,
                   %(unfit_levels)s AS unfit_levels
              FROM uncovered claim
              JOIN debtor ON debtor.id = claim.partner_id
              LEFT JOIN item_hold hold ON hold.move_line_id = claim.move_line_id
              %(spared)s
              %(filters)s
            """,
            chased=self._chased(scope),
            chased_company=self._in_company_currency(scope, self._chased(scope)),
            held=self._held(scope),
            spared=self._spared_join(scope),
            uncovered_company=self._in_company_currency(scope, SQL("claim.uncovered")),
            account_left_out=self._account_left_out(scope),
            let_go=self._let_go(scope),
            item_policies=scope.choosable("item"),
            branch_policies=self._policies_of_branches(scope),
            unfit_levels=self._unfit_levels_of_claim(scope),
            filters=self._filter_joins(scope.item_filters, SQL("claim.move_line_id")),
        )

    def _in_company_currency(self, scope, part: SQL) -> SQL:
        """A ``part`` of what is owed of a ``claim``, at the rate the ledger has all of it."""
        return SQL(
            """
            CASE WHEN %(part)s = claim.amount_residual THEN claim.amount_company
                 ELSE ROUND(claim.amount_company * (%(part)s) / claim.amount_residual / %(unit)s::numeric)
                      * %(unit)s::numeric
            END
            """,
            part=part,
            unit=str(scope.company.currency_id.rounding),
        )

    def _account_left_out(self, scope) -> SQL:
        """Whether an item (``claim``) lies on an account that the company does not chase."""
        accounts = scope.company.sudo().recovery_account_ids  # as the company set it, whoever asks
        return SQL("claim.account_id <> ALL(%s::int[])", accounts.ids) if accounts else SQL("FALSE")

    # ---------------------------------------------------------------------
    # Debtors
    # ---------------------------------------------------------------------

    def _step_debtor(self, scope) -> SQL:
        """Debtors with their policy for each kind of claim, their hold and the levels not meant for them."""
        return SQL(
            """
            SELECT debtor.id,
                   %(item_policy)s AS item_policy_id,
                   %(instalment_policy)s AS instalment_policy_id,
                   debtor.recovery_policy_id AS own_policies,
                   hold.partner_id IS NOT NULL AS held,
                   debtor.id IN (%(ours)s) AS is_ours,
                   %(unfit_levels)s AS unfit_levels
              FROM res_partner debtor
              LEFT JOIN (%(held)s) hold ON hold.partner_id = debtor.id
              %(filters)s
             WHERE %(scope)s
            """,
            item_policy=self._policy_of_debtor(scope, "item"),
            instalment_policy=self._policy_of_debtor(scope, "instalment"),
            ours=OURS,
            unfit_levels=self._unfit_levels(scope.debtor_filters),
            held=self.env["recovery.hold"]._debtors_held_sql(scope.company, scope.date, scope.partner_ids),
            filters=self._filter_joins(scope.debtor_filters, SQL("debtor.id")),
            scope=self._in_scope(scope, SQL("debtor.id")),
        )

    def _policy_of_debtor(self, scope, kind) -> SQL:
        """The debtor's own policy, else, but for a company of ours, the first whose filter fits, else the company's.

        A filter that cannot be read is taken to fit: who may fall under its policy is not chased as somebody
        else until it is corrected.
        """
        own = self._own_policy(scope)
        branches = [
            SQL("WHEN %s = ANY(%s::int[]) THEN %s", own, scope.choosable(kind), own),
            SQL("WHEN debtor.id IN (%s) THEN NULL", OURS),
        ]
        for policy in scope.policies.filtered(lambda policy: policy.active and policy.claim_kind == kind):
            if policy in scope.debtor_filters:
                branches.append(SQL("WHEN %s.id IS NOT NULL THEN %s", self._filter_alias(policy), policy.id))
            else:
                branches.append(SQL("WHEN TRUE THEN %s", policy.id))
        default = scope.company.recovery_dunning_policy_id.id
        return SQL(
            "CASE %s ELSE %s::int END",
            SQL(" ").join(branches),
            default if default in scope.choosable(kind) else None,
        )

    def _own_policy(self, scope) -> SQL:
        """The policy set on the debtor in the company, or the company's default value of that field."""
        # sudo: a default value, whoever asks; a user of a branch may not be in its creditor
        debtors = self.env["res.partner"].sudo().with_company(scope.company)
        fallback = debtors._fields["recovery_policy_id"].get_company_dependent_fallback(debtors)
        return SQL(
            "(COALESCE(debtor.recovery_policy_id -> %s, to_jsonb(%s::int)) ->> 0)::int",
            str(scope.company.id),
            fallback.id or None,
        )

    def _policies_of_branches(self, scope) -> SQL:
        """Further policies of a ``claim``: what a branch set on its debtor goes before what the creditor did.

        A branch without one takes its nearest ancestor's.
        """
        return SQL(" ").join(
            SQL(
                "WHEN claim.company_id = %(branch)s AND %(own)s = ANY(CASE WHEN claim.instalment_id IS NULL"
                " THEN %(item)s::int[] ELSE %(instalment)s::int[] END) THEN %(own)s",
                branch=branch.id,
                own=SQL(
                    "COALESCE(%s)",
                    SQL(", ").join(
                        SQL("(debtor.own_policies ->> %s)::int", str(company.id))
                        for company in branch._recovery_lineage() - scope.company
                    ),
                ),
                item=scope.choosable("item"),
                instalment=scope.choosable("instalment"),
            )
            for branch in scope.company.browse(scope.company._recovery_branch_ids()) - scope.company
        )

    def _filter_alias(self, record) -> SQL:
        return SQL.identifier(f"fit_{record._table}_{record.id}")

    def _filter_joins(self, filters, column: SQL) -> SQL:
        """Outer joins that find out which filters keep the record in ``column``."""
        return SQL(" ").join(
            SQL(
                "LEFT JOIN (%(query)s) AS %(alias)s ON %(alias)s.id = %(column)s",
                query=query,
                column=column,
                alias=alias,
            )
            for alias, query in ((self._filter_alias(record), query) for record, query in filters.items())
        )

    def _unfit_levels(self, filters) -> SQL:
        """Array of the levels whose filter leaves the row out."""
        levels = [record for record in filters if record._name == "recovery.dunning.level"]
        if not levels:
            return SQL("'{}'::int[]")
        unfit = (
            SQL("CASE WHEN %s.id IS NULL THEN %s END", self._filter_alias(level), level.id)
            for level in levels
        )
        return SQL("array_remove(ARRAY[%s]::int[], NULL)", SQL(", ").join(unfit))

    def _unfit_levels_of_claim(self, scope) -> SQL:
        """Levels not meant for the debtor or for the item; an item filter says nothing of an instalment."""
        if not scope.item_filters:
            return SQL("debtor.unfit_levels")
        return SQL(
            "debtor.unfit_levels || CASE WHEN claim.instalment_id IS NULL THEN %s ELSE '{}'::int[] END",
            self._unfit_levels(scope.item_filters),
        )
