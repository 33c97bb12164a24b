from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..common.company_words import in_words_of_company

#: States in which the outcome is still being worked on.
OPEN_STATES = ("draft", "review", "to_approve")


class RecoverySolvencyScoring(models.AbstractModel):
    """How a check comes to its outcome: facts of many debtors at once, then a judgement of each."""

    _name = "recovery.solvency.scoring"
    _description = "Scoring of a Solvency Check"

    def _prepare(self):
        """Choose the card and lay out its criteria, so that questions can be answered before computing."""
        # sudo: the lines are laid out as the card says, for whom may write the check itself.
        self.check_access("write")
        for check in map(in_words_of_company, self.sudo()):
            criteria = check.scorecard_id.criterion_ids
            check.line_ids.filtered(lambda line, kept=criteria: line.criterion_id not in kept).unlink()
            check.env["recovery.solvency.check.line"].create(
                [
                    {"check_id": check.id, "criterion_id": criterion.id, **criterion._copied()}
                    for criterion in criteria - check.line_ids.criterion_id
                ]
            )

    def action_compute(self):
        """Read every value, score it and work out the limit: of all these checks at once.

        :raises UserError: nothing can be said of a debtor; names the card and the criterion
        """
        self._compute_outcomes()

    def _compute_outcomes(self, keep_going=False):
        """Compute the open checks; ``keep_going`` writes a refusal on its check instead of raising it."""
        decided = self.filtered(lambda check: check.state not in OPEN_STATES)
        if decided:
            raise UserError(self.env._("%s is decided already. Make a new check.", decided[0].display_name))
        self._prepare()
        for (company, date), checks in self.grouped(lambda check: (check.company_id, check.date)).items():
            checks.check_access("write")
            # sudo: reading and judging write the outcome, which is closed to any other path.
            judged = checks.sudo()
            facts = judged._facts(company, date)
            for check in judged:
                try:
                    check._judge(facts)
                except UserError as error:
                    if not keep_going:
                        raise
                    check.problem = str(error)

    def _facts(self, company, date):
        """Everything the criteria and the limit may ask for, by source, each read once for all debtors."""
        sources = self.env["recovery.scorecard.source"]
        asked = {"ledger", "statement", *self.scorecard_id.criterion_ids.mapped("source")}
        return {
            **{code: sources._of(code)._facts(self, company, date) for code in sorted(asked)},
            "insured": self.env["recovery.guarantee"]._insured_amounts(self.partner_id, company, date),
        }

    def _judge(self, facts):
        self.ensure_one()
        if not self.scorecard_id:
            raise UserError(
                self.env._(
                    "No scorecard judges debtors like %(debtor)s in %(company)s. Declare one under "
                    "Configuration > Recovery > Scorecards.",
                    debtor=self.partner_id.display_name,
                    company=self.company_id.display_name,
                )
            )
        values = {line.criterion_id.name: line._value(facts) for line in self.line_ids}
        result = self.scorecard_id._score(values)
        bound = self.scorecard_id.class_ids.filtered(
            lambda each: each.class_id.code == result.risk_class.code
        )
        limit = self.scorecard_id._limit(self._limit_figures(facts), bound)
        amount = self._from_card(float(limit.amount))
        by_criterion = {judged.criterion.code: judged for judged in result.lines}
        for line in self.line_ids:
            line._show(by_criterion[line.criterion_id.name])
        self._keep_limit(limit)
        self.write(
            {
                "state": "review",
                "problem": False,
                "score": float(result.score),
                "class_computed_id": bound.class_id.id,
                "class_id": bound.class_id.id,
                "limit_computed": amount,
                "limit_granted": amount,
                "approval_ceiling": self._from_card(self.scorecard_id.approval_ceiling),
                "reviewer_id": False,
                "author_ids": [Command.set(self.env.user.ids)],
            }
        )

    def _keep_limit(self, limit):
        """Write down what each part of the formula allowed."""
        self.limit_line_ids.unlink()
        self.env["recovery.solvency.check.limit"].create(
            [
                {
                    "check_id": self.id,
                    "kind": part.part.kind,
                    "factor": float(part.part.factor),
                    "figure": float(part.figure),
                    "amount": float(part.amount),
                }
                for part in limit.lines
            ]
        )

    def _limit_figures(self, facts):
        """Figures of the limit's parts in the card's currency; ``None`` for those that are not known."""
        card, debtor = self.scorecard_id, self.partner_id
        statements = facts["statement"].get(debtor.id)
        latest = statements and statements.filtered(self._is_recent)[:1]
        measures = facts["ledger"][debtor.id]
        months = min(max(measures["relation_months"] or 1, 1), 12)
        insured = facts["insured"].get(debtor.id)
        return {
            "equity_share": latest.currency_id._convert(
                latest.equity, card.currency_id, self.company_id, self.date
            )
            if latest
            else None,
            "purchase_months": self._to_card(max(measures["turnover"], 0) / months)
            if measures["turnover"]
            else None,
            "requested_need": self._to_card(self.limit_requested) if self.limit_requested else None,
            "insured_amount": None if insured is None else self._to_card(insured),
        }

    def _is_recent(self, statement):
        """Tell whether the card still uses the statement; the facts hold those of the most patient card."""
        months = self.scorecard_id.statement_max_age
        return not months or statement.date_end >= fields.Date.subtract(self.date, months=months)

    def _to_card(self, amount):
        return self.currency_id._convert(amount, self.scorecard_id.currency_id, self.company_id, self.date)

    def _from_card(self, amount):
        return self.scorecard_id.currency_id._convert(amount, self.currency_id, self.company_id, self.date)
