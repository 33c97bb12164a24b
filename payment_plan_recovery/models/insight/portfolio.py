"""Who works on which debtors, by declared rules."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecoveryPortfolio(models.Model):
    """The debtors of one collector: the first portfolio whose filter fits a debtor has it."""

    _name = "recovery.portfolio"
    _description = "Portfolio"
    _inherit = ["recovery.filter"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="Portfolios are tried in this order.")
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users", string="Collector", required=True, help="Who works on the debtors of the portfolio."
    )
    leader_id = fields.Many2one(
        "res.users",
        string="Team leader",
        help="Who leads the collector: a leader and the collectors of its portfolios find each other's debtors under "
        "“My team” on the worklist.",
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Leave empty for every company."
    )
    debtor_domain = fields.Char(
        string="Debtors",
        default="[]",
        required=True,
        filters="res.partner",
        help="Which debtors belong to the portfolio.",
    )

    @api.model
    def _of_creditor(self, company):
        # sudo: whose debtor it is does not depend on who asks
        return self.sudo().search([("company_id", "in", (False, *company._recovery_branch_ids()))])

    @api.model
    def _team(self):
        """Return the people who work with the current user: its leaders, all whom these lead, and itself."""
        # sudo: who works with whom is told by all portfolios, whichever the user may read
        portfolios = self.sudo()
        led = portfolios.search(["|", ("user_id", "=", self.env.uid), ("leader_id", "=", self.env.uid)])
        leaders = led.leader_id
        return portfolios.search([("leader_id", "in", leaders.ids)]).user_id | leaders | self.env.user

    @api.model
    def _of_debtor_sql(self, company, debtor: SQL) -> SQL:
        """Return an expression: the collector of the debtor in the column ``debtor``, or NULL.

        A portfolio whose filter no longer works has no debtors: they fall to the next that fits.
        """
        branches = []
        for portfolio in self._of_creditor(company):
            query = self._debtors(portfolio, company)
            branches.append(SQL("WHEN %s THEN %s", query(debtor), portfolio.user_id.id))
        return SQL("CASE %s END", SQL(" ").join(branches)) if branches else SQL("NULL::int")

    def _debtors(self, portfolio, company):
        try:
            found = self._filter_query("res.partner", portfolio.debtor_domain, company)
        except Exception:  # whatever a stale filter raises
            return lambda _debtor: SQL("FALSE")
        if found is None:
            return lambda _debtor: SQL("TRUE")
        return lambda debtor: SQL("%s IN %s", debtor, SQL("(%s)", found))
