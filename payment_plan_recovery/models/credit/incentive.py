"""Incentives: what punctuality earns besides a discount, declared; proposed by a nightly job, granted by a person."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from ..claim.overdue import DISPUTED
from .incentive_gain import is_lawful_in_france
from .incentive_grant import OPEN

#: Days after its end within which a plan that was kept is thought of.
LOOK_BACK = 60
#: Months of dealing with each other that a year in time needs.
YEAR = 12


class RecoveryIncentive(models.Model):
    """What a debtor is offered for a plan kept to its end, or for a year in which it paid in time."""

    _name = "recovery.incentive"
    _description = "Reward of Punctuality"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="A debtor is proposed the first that it has earned.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty for every company.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", compute_sudo=True)
    event = fields.Selection(
        [("plan_kept", "A plan kept to its end"), ("year_in_time", "A year in time")],
        required=True,
        default="plan_kept",
        help="What earns it. A year in time: twelve months of dealing with each other, nothing overdue, and of what "
        "was paid within them the share below came by its due date.",
    )
    share_min = fields.Float(
        string="Share in time (%)",
        default=95,
        help="Least share of the money of twelve months that came by its due date, in percent.",
    )
    segment_ids = fields.Many2many(
        "recovery.segment",
        string="Segments",
        help="Debtors of these segments only; leave empty for every debtor.",
    )
    limit_percent = fields.Float(
        string="Raise the limit (%)",
        help="By how much the credit limit is raised, in percent; zero for not at all.",
    )
    limit_max = fields.Monetary(
        string="Never above", help="Credit limit that no incentive passes; zero for no such bound."
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment term",
        check_company=True,
        help="Given where it is longer than the debtor's own; leave empty to leave that alone.",
    )
    lifts_down_payment = fields.Boolean(
        string="Lift the down payment", help="Plans of the debtor need no down payment any more."
    )
    is_taken_back = fields.Boolean(
        string="Taken back on relapse",
        default=True,
        help="When the debtor breaks a plan, or is later than the days below, a person is asked to take it back.",
    )
    relapse_days = fields.Integer(
        string="Relapse after (days)",
        default=30,
        help="Days after which an unpaid claim is a relapse; who is that late is proposed nothing either.",
    )
    months_between = fields.Integer(
        string="Months between two",
        default=12,
        help="Months before the same incentive is proposed to a debtor again, however it was decided.",
    )

    _not_negative = models.Constraint(
        "CHECK(limit_percent >= 0 AND limit_max >= 0 AND relapse_days >= 0 AND months_between >= 1"
        " AND share_min >= 0 AND share_min <= 100)",
        "Percents, amounts, days and months are not negative, and a share is 100 at most.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for incentive in self:
            incentive.currency_id = (incentive.company_id or self.env.company).currency_id

    @api.constrains("name", "limit_percent", "payment_term_id", "lifts_down_payment")
    def _check_gives_something(self):
        for incentive in self:
            if not (incentive.limit_percent or incentive.payment_term_id or incentive.lifts_down_payment):
                raise ValidationError(self.env._("“%s” gives nothing: say what is earned.", incentive.name))

    @api.constrains("payment_term_id", "company_id")
    def _check_legal_term(self):
        """Refuse a term that the law does not allow between businesses where the creditor is.

        :raise ValidationError: longer than 60 days, or 45 to the end of a month, in France
        """
        for incentive in self:
            if (incentive.company_id or self.env.company).country_id._recovery_law().code != "FR":
                continue
            for line in incentive.payment_term_id.line_ids:
                if not is_lawful_in_france(line):
                    raise ValidationError(
                        self.env._(
                            "%(term)s is longer than the law allows between businesses: 60 days from the invoice, "
                            "or 45 to the end of the month (C. com. L. 441-10).",
                            term=incentive.payment_term_id.name,
                        )
                    )

    # -- who has earned it ---------------------------------------------------------------------

    @api.model
    def _cron_propose(self):
        """Nightly: propose what was earned, and ask about who relapsed; a creditor that fails stops no other."""
        creditors = self.env["res.company"].search([("parent_id", "=", False)])
        self.env["recovery.dispatch"]._dispatch_companies(self._name, "_propose_tonight", creditors)

    @api.model
    def _propose_tonight(self, creditor, date):
        self.env["recovery.incentive.grant"]._find_relapses(creditor, date)
        self._propose(creditor, date)

    @api.model
    def _propose(self, creditor, date):
        """Propose the incentives that debtors of ``creditor`` have earned by ``date``; return the proposals."""
        creditor = creditor._recovery_creditor()
        own = [("company_id", "in", (False, *creditor._recovery_branch_ids()))]
        grants = self.env["recovery.incentive.grant"].with_company(creditor)
        proposed = grants.browse()
        told = self.with_company(creditor).with_context(lang=creditor._recovery_lang())
        for incentive in told.search(own):
            earned = incentive._earned_by(creditor, date)
            debtors = self.env["res.partner"].with_company(creditor).browse(earned)
            proposed |= grants._propose(incentive, creditor, date, {one: earned[one.id] for one in debtors})
        return proposed

    def _earned_by(self, creditor, date):
        """Return {debtor id: how it was earned}, without those who had a proposal, are late or in another segment."""
        self.ensure_one()
        found = (
            self._kept_plans(creditor, date) if self.event == "plan_kept" else self._in_time(creditor, date)
        )
        if not found:
            return {}
        grants = self.env["recovery.incentive.grant"]
        had = grants.search(
            Domain("company_id", "=", creditor.id)
            & Domain("partner_id", "in", list(found))
            & (
                Domain("state", "in", OPEN)
                | Domain("incentive_id", "=", self.id)
                & Domain("date_proposed", ">", fields.Date.subtract(date, months=self.months_between))
            )
        ).partner_id
        debtors = self.env["res.partner"].with_company(creditor).browse(found) - had
        late = self.env["recovery.claim"]._overdue(debtors, creditor, date, DISPUTED)
        oldest = fields.Date.subtract(date, days=self.relapse_days)
        segments = self.segment_ids
        return {
            debtor.id: found[debtor.id]
            for debtor in debtors
            if late.get(debtor.id, (date,))[0] >= oldest
            and (not segments or debtor.recovery_segment_id in segments)
        }

    def _kept_plans(self, creditor, date):
        plans = self.env["recovery.plan"]
        ended = [
            ("company_id", "in", creditor._recovery_branch_ids()),
            ("date_closed", "<=", date),
            ("date_closed", ">", fields.Date.subtract(date, days=LOOK_BACK)),
        ]
        plans = plans.search([*ended, ("state", "=", "completed")]) - plans.union(
            *plans._ended_otherwise(ended)
        )
        return {
            plan.partner_id.id: self.env._(
                "%(plan)s was kept to its end on %(date)s.",
                plan=plan.name,
                date=format_date(self.env, plan.date_closed),
            )
            for plan in plans
        }

    def _in_time(self, creditor, date):
        """Debtors of a year in time, found by one query."""
        measures = self.env["recovery.solvency.measure"]
        measures._flush()
        rows = self.env.execute_query(
            SQL(
                "SELECT debtor_id, paid_on_time FROM (%s) told"
                " WHERE paid_on_time >= %s AND open_overdue = 0 AND relation_months >= %s ORDER BY debtor_id",
                measures._statement(creditor, date),
                self.share_min,
                YEAR,
            )
        )
        return {
            debtor: self.env._(
                "%(share)s %% of what it paid within twelve months came in time, and nothing is overdue.",
                share=formatLang(self.env, share, digits=0),
            )
            for debtor, share in rows
        }
