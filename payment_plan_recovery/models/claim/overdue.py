"""What debtors owe past its day."""

from odoo import api, models
from odoo.tools import SQL

from ..common.claim_key import claim_key, claim_key_sql, instalment_key_sql, item_of_key_sql
from ..common.unwritten import is_all_written

#: Kinds of holds whose claims make nobody late: whoever is right about them, what is disputed is no delay yet.
DISPUTED = ("dispute",)
#: Of a step ``let_go``, see ``recovery.residue._let_go_sql``: the items whose discount for early payment was earned.
EARNED = SQL("SELECT id FROM let_go WHERE is_earned")


class RecoveryClaimOverdue(models.AbstractModel):
    """Claims past their day, added up by debtor: what no open money lies over, and somebody asks for."""

    _name = "recovery.claim.overdue"
    _description = "Claim, Overdue"

    @api.model
    def _by_debtor_sql(self, companies, date, debtors=None, set_aside=()) -> SQL:
        """Return a query of (partner_id, company_id, amount_overdue, date_oldest): what debtors owe past its day.

        Only what no open money lies over and somebody asks for, in each company's currency; the day itself is not late
        yet. The ``companies`` belong to one creditor.

        :param debtors: ids of commercial entities, None for all of them
        :param set_aside: kinds of holds; what one of them is on counts as far as it names a part only
        """
        uncovered = self._uncovered_sql(companies, date, debtors, due_before=date, earned=EARNED)
        spared = self._spared_sql(companies[:1], date, debtors, set_aside)
        return SQL(
            """
            WITH let_go AS MATERIALIZED (%s)
            SELECT partner_id, company_id, SUM(amount) AS amount_overdue, MIN(date_due) AS date_oldest
              FROM (%s) uncovered
             GROUP BY partner_id, company_id
            """,
            self.env["recovery.residue"]._let_go_sql(companies[:1], date, debtors),
            self._not_set_aside_sql(self._not_spared_sql(uncovered, spared), companies, date, set_aside),
        )

    def _whole_by_debtor_sql(self, companies, date, debtors, set_aside) -> SQL:
        """Return the same, though somebody may not ask for all of it, with whether that may be (may_be_spared).

        Nothing is spared of an item of which nothing came in: mostly that is known without asking what is spared,
        which takes longer to plan than all the rest.
        """
        uncovered = self._uncovered_sql(companies, date, debtors, due_before=date)
        return SQL(
            """
            SELECT claim.partner_id, claim.company_id, SUM(claim.amount) AS amount_overdue,
                   MIN(claim.date_due) AS date_oldest,
                   BOOL_OR(COALESCE(
                       item.amount_residual_currency < item.amount_currency OR claim.amount < item.amount_residual, TRUE
                   )) AS may_be_spared
              FROM (%s) claim
              LEFT JOIN LATERAL (SELECT * FROM account_move_line WHERE id = %s OFFSET 0) item ON TRUE
             GROUP BY claim.partner_id, claim.company_id
            """,
            self._not_set_aside_sql(uncovered, companies, date, set_aside),
            item_of_key_sql(SQL("claim.id")),
        )

    def _spared(self, company, date, set_aside):
        """Return {claim id: what nobody asks for of it, in its currency; None: all of it} of claims of a creditor.

        The parameters are those of :meth:`_spared_sql`, which reads the same from the same.
        """
        debtors = self.partner_id.ids
        let_go = self.env["recovery.residue"]._let_go(company, date, debtors)
        spared = dict.fromkeys(claim_key(item_id=item_id) for item_id in let_go)
        if self.instalment_id:
            of_plans = self._spared_instalments(company, date, debtors, set_aside)
            spared |= {claim_key(instalment_id=row_id): part for row_id, part in of_plans.items()}
        return {claim.id: spared[claim.id] for claim in self if claim.id in spared}

    @api.model
    def _spared_instalments(self, company, date, debtors, set_aside):
        """Return {instalment id: what nobody asks for of it, in its plan's currency; None: all of it}.

        What holds of the kinds ``set_aside`` are on of what its plan covers, since they name no instalment; and small
        residues.
        """
        plans = self.env["recovery.plan"]
        held = plans._set_aside(company, date, debtors, set_aside) if set_aside else {}
        return held | dict.fromkeys(plans._residues(company, date, debtors))

    def _let_go(self, date):
        """Return what nobody asks for of claims on ``date`` besides what money lies over: {id: amount above 0}."""
        let_go = {}
        for creditor, claims in self.grouped(lambda claim: claim.company_id._recovery_creditor()).items():
            let_go |= self._let_go_by_key(creditor, date, claims.partner_id)
        return let_go

    def _wholly_let_go(self, date):
        """Return the claims that are open on ``date`` and of which nobody asks for anything, by :meth:`_let_go`."""
        let_go = self._let_go(date)
        if not let_go:
            return self.browse()
        covered = self._covered(date, by_money=True)
        return self.filtered(
            lambda claim: (
                claim.id in let_go
                and claim.currency_id.compare_amounts(
                    claim.amount_residual, covered.get(claim.id, 0.0) + let_go[claim.id]
                )
                <= 0
            )
        )

    @api.model
    def _let_go_by_key(self, company, date, debtors):
        """Return the same of all claims of ``debtors`` (commercial entities) with a creditor, in the claims' currency.

        Small residues, and discounts that were earned: those of plans over the instalments that they would pay.
        """
        residues, plans = self.env["recovery.residue"], self.env["recovery.plan"]
        if not is_all_written(self.env):
            self.env.flush_all()
        if not residues._is_any(company, debtors.ids):
            return {}
        rows = self.env.execute_query(
            SQL("SELECT id, left_over FROM (%s) item", residues._let_go_sql(company, date, debtors.ids))
        )
        let_go = {claim_key(item_id=item_id): left for item_id, left in rows}
        small = plans.instalment_ids.browse(plans._residues(company, date, debtors.ids))
        of_plans = plans._earned_over(company, date, debtors.ids)
        for row, amount in small._uncovered(small._covered(date)).items():
            of_plans[row] = of_plans.get(row, 0) + amount
        let_go |= {claim_key(instalment_id=row.id): amount for row, amount in of_plans.items()}
        return {claim_id: float(amount) for claim_id, amount in let_go.items() if amount > 0}

    def _spared_sql(self, company, date, debtors, set_aside) -> SQL:
        """Return a query of (id, amount): what nobody asks for of claims, in the company's currency; NULL: all of it.

        What is let go of items is read from a step ``let_go`` of the reader's own query. Discounts that were earned lie
        over instalments, see :data:`EARNED`.
        """
        let_go = SQL("SELECT %s AS id, NULL::numeric AS amount FROM let_go", claim_key_sql(SQL("id")))
        of_plans = self._spared_instalments(company, date, debtors, set_aside)
        if not of_plans:
            return let_go
        return SQL(
            "%s UNION ALL SELECT %s, amount FROM (%s) spared (instalment_id, amount)",
            let_go,
            instalment_key_sql(SQL("instalment_id")),
            self.env["recovery.plan"]._set_aside_sql(of_plans, company),
        )

    def _not_spared_sql(self, claims: SQL, spared: SQL) -> SQL:
        """Return the query of the ``claims``, those of :meth:`_uncovered_sql`, less what is ``spared``."""
        return SQL("SELECT * FROM (%s) claim WHERE amount > 0", self._less_spared_sql(claims, spared))

    @api.model
    def _less_spared_sql(self, claims: SQL, spared: SQL) -> SQL:
        """Return the same with the claims of which nothing is left, at 0 or below.

        Put one below the other and grouped, whatever the database believes of how many there are.
        """
        return SQL(
            """
            SELECT id, MAX(partner_id) AS partner_id, MAX(company_id) AS company_id, MAX(date_due) AS date_due,
                   CASE WHEN NOT BOOL_OR(whole) THEN SUM(amount) ELSE 0 END AS amount
              FROM (
                SELECT id, partner_id, company_id, date_due, amount, FALSE AS whole FROM (%s) claim
                 UNION ALL
                SELECT id, NULL, NULL, NULL, -COALESCE(amount, 0), amount IS NULL FROM (%s) spared
              ) claim
             GROUP BY id
            -- what is spared of claims that are not asked about
            HAVING COUNT(partner_id) > 0
            """,
            claims,
            spared,
        )

    def _not_set_aside_sql(self, claims: SQL, companies, date, kinds) -> SQL:
        """Return the query of the ``claims``, those of :meth:`_uncovered_sql`, less what holds of ``kinds`` are on."""
        if not kinds:
            return claims
        return SQL(
            """
            SELECT claim.id, claim.partner_id, claim.company_id, claim.date_due, claim.amount - held.amount AS amount
              FROM (%(claims)s) claim
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN BOOL_OR(COALESCE(hold.amount, 0) = 0) THEN claim.amount
                               ELSE COALESCE(ROUND(
                                   SUM(hold.amount) * MAX(item.amount_residual / item.amount_residual_currency)
                                   / %(unit)s::numeric) * %(unit)s::numeric, 0)
                          END AS amount
                     FROM recovery_hold hold
                     LEFT JOIN account_move_line item
                       ON item.id = %(item)s AND item.amount_residual_currency <> 0
                    WHERE hold.kind = ANY(%(kinds)s) AND %(stands)s AND %(touches)s
             ) held
             WHERE claim.amount > held.amount
            """,
            claims=claims,
            # sudo: the branches of a creditor have one currency, a user may be in one of them
            unit=str(companies[:1].sudo().currency_id.rounding),
            item=item_of_key_sql(SQL("claim.id")),
            kinds=list(kinds),
            stands=self.env["recovery.hold"]._stands_sql(date),
            touches=self.env["recovery.hold"]._touches_sql(
                SQL("claim.company_id"),
                SQL("claim.partner_id"),
                item_of_key_sql(SQL("claim.id")),
                date,
            ),
        )

    @api.model
    def _overdue(self, debtors, company, date, set_aside=()):
        """Return what ``debtors`` owe a creditor past its day, by what no open money lies over.

        :param company: the creditor, with all the branches it belongs to
        :param set_aside: kinds of holds; see :meth:`_by_debtor_sql`
        :return: {debtor id: (oldest due date, amount in the company's currency)}, without who owes nothing so
        """
        return self._overdue_in(company.browse(company._recovery_branch_ids()), debtors, date, set_aside)

    @api.model
    def _overdue_in(self, companies, debtors, date, set_aside=()):
        """Return the same of some ``companies`` of one creditor."""
        self.env["recovery.plan.instalment"]._flush_covered()
        if not set_aside:
            return self._added_up(self._by_debtor_sql(companies, date, debtors.ids))
        self.env["recovery.hold"].flush_model()
        # What is on hold is asked in questions of their own: only of whom it changes anything.
        whole = self._whole_by_debtor_sql(companies, date, debtors.ids, set_aside)
        overdue = self._added_up(whole, SQL("BOOL_OR(may_be_spared)"))
        unsure = {debtor_id for debtor_id, (*_found, may_be_spared) in overdue.items() if may_be_spared}
        sure = {debtor_id: found[:2] for debtor_id, found in overdue.items() if debtor_id not in unsure}
        return sure | (
            self._added_up(self._by_debtor_sql(companies, date, unsure, set_aside)) if unsure else {}
        )

    def _added_up(self, overdue: SQL, *more):
        """Return {debtor id: (oldest due date, amount, what ``more`` adds up)} of rows by debtor and company."""
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM (%s) overdue GROUP BY partner_id",
                SQL(", ").join([SQL("partner_id, MIN(date_oldest), SUM(amount_overdue)::float"), *more]),
                overdue,
            )
        )
        return {debtor_id: tuple(found) for debtor_id, *found in rows}
