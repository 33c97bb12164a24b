"""What can be done with a case: each procedure with its cost against its benefit, or why it does not fit."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ...tools.litigation import break_even, weigh
from ..common.company_words import in_words_of_company
from ..common.counted import counted
from ..common.kernel import exact
from ..common.labelled import told_apart
from ..common.number_told import number_told
from .procedure import STAGE_OF, CaseFacts

#: The greatest sum looked at for the one from which a procedure pays.
CEILING = Decimal(1000000)
PERCENT = (5, 1)


class RecoveryCaseOption(models.Model):
    """One procedure weighed for one case. What is expected comes from the procedure and can be changed here."""

    _name = "recovery.case.option"
    _description = "Procedure weighed for a Case"
    _order = "case_id, fits desc, net desc, id"

    case_id = fields.Many2one("recovery.case", required=True, index=True, ondelete="cascade")
    procedure_id = fields.Many2one("recovery.procedure", required=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(related="procedure_id.kind")
    to_verify = fields.Boolean(related="procedure_id.to_verify")
    currency_id = fields.Many2one(related="procedure_id.currency_id")
    fits = fields.Boolean(readonly=True, help="The procedure is open for this case.")
    why_not = fields.Char(readonly=True, help="Why the procedure does not fit.")
    principal = fields.Monetary(readonly=True, help="Open of the claims, in the procedure's currency.")
    interest = fields.Monetary(readonly=True, help="Interest and fixed sums owed and not booked.")
    chance = fields.Float(string="Chance (%)", digits=PERCENT, help="That the money comes, in percent.")
    outcome_count = fields.Integer(
        string="Cases behind it", readonly=True, help="Closed cases the chance comes from; 0 when declared."
    )
    opposition = fields.Float(
        string="Opposition (%)", digits=PERCENT, help="That the debtor defends, in percent."
    )
    lawyer_cost = fields.Monetary(help="What a lawyer costs when the debtor defends.")
    months = fields.Float(string="Months to money", digits=PERCENT, help="Until the money comes.")
    waiting_rate = fields.Float(
        string="Cost of waiting (%)", digits=PERCENT, help="What money costs us, in percent a year."
    )
    recovered = fields.Monetary(
        compute="_compute_weighing", store=True, help="Chance times sum and interest."
    )
    given_back = fields.Monetary(
        string="Fees given back", compute="_compute_weighing", store=True, help="Chance times those fees."
    )
    fees = fields.Monetary(compute="_compute_weighing", store=True, help="Fees of courts and officers.")
    lawyer = fields.Monetary(
        string="Lawyer, expected",
        compute="_compute_weighing",
        store=True,
        help="Chance of opposition times the lawyer's cost.",
    )
    waiting = fields.Monetary(
        compute="_compute_weighing", store=True, help="What waiting for the money costs."
    )
    net = fields.Monetary(
        string="Expected gain",
        compute="_compute_weighing",
        store=True,
        help="What is expected back less what it costs; below zero a write-off is cheaper.",
    )
    pays_from = fields.Monetary(
        string="Pays from",
        compute="_compute_weighing",
        store=True,
        help="Sum from which on it brings more than it costs, at these chances; 0 when it never does.",
    )
    words = fields.Text(compute="_compute_words", help="The weighing in words.")

    _once = models.Constraint("UNIQUE(case_id, procedure_id)", "A procedure is weighed once for a case.")

    def _prospect(self):
        return self.procedure_id._prospect(
            chance=self.chance,
            opposition=self.opposition,
            lawyer=self.lawyer_cost,
            months=self.months,
            waiting_rate=self.waiting_rate,
        )

    @api.depends(
        *("principal", "interest", "chance", "opposition", "lawyer_cost", "months", "waiting_rate"),
        "procedure_id.fee_ids",
    )
    def _compute_weighing(self):
        for option in self:
            currency, prospect = option.currency_id, option._prospect()
            weighing = weigh(prospect, exact(option.principal, currency), exact(option.interest, currency))
            for term in weighing.terms:
                option[term.code] = float(term.amount)
            option.net = float(weighing.net)
            option.pays_from = float(break_even(prospect, CEILING) or 0)

    @api.depends_context("lang")
    @api.depends("net", "fits", "why_not")
    def _compute_words(self):
        for option in self:
            option.words = option._in_words() if option.fits else option.why_not

    def _in_words(self):
        money = self._money
        basis = (
            self.env._("as told by %s", counted(self.env, "closed_case", self.outcome_count))
            if self.outcome_count
            else self.env._("a declared estimate")
        )
        terms = [
            self.env._(
                "%(chance)s %% (%(basis)s) of %(sum)s and %(interest)s of interest: %(recovered)s.",
                chance=number_told(self.env, self.chance),
                basis=basis,
                sum=money(self.principal),
                interest=money(self.interest),
                recovered=money(self.recovered),
            ),
            self.env._(
                "Fees %(fees)s, given back %(back)s.", fees=money(-self.fees), back=money(self.given_back)
            ),
            self.env._(
                "Opposition in %(chance)s %% at %(lawyer)s for a lawyer: %(cost)s.",
                chance=number_told(self.env, self.opposition),
                lawyer=money(self.lawyer_cost),
                cost=money(-self.lawyer),
            ),
            self.env._(
                "Money in %(months)s, waiting costs %(cost)s.",
                months=counted(self.env, "month", self.months),
                cost=money(-self.waiting),
            ),
            self.env._("Expected gain %s.", money(self.net)),
            self.env._("It pays from %s on.", money(self.pays_from))
            if self.pays_from
            else self.env._("It never pays at these chances: a write-off is cheaper."),
        ]
        return " ".join(terms)

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    @api.model
    def _facts(self, case, date):
        """Return the :class:`~.procedure.CaseFacts` of ``case`` at ``date``."""
        items = case.line_ids.move_line_id
        charges = items._recovery_charges(date).values()
        country, home = case.partner_id.country_id, case.company_id._recovery_country()
        oldest = min(filter(None, items.mapped("date_maturity")), default=date)
        return CaseFacts(
            company=case.company_id,
            date=date,
            country=country or home,
            is_abroad=bool(country and home and country._recovery_law() != home._recovery_law()),
            is_company=case.partner_id.is_company,
            currency=case.currency_id,
            principal=case.amount_residual,
            interest=case.currency_id.round(float(sum(charge.open_total for charge in charges))),
            days_late=max((date - oldest).days, 0),
            has_contract=case.has_contract,
            has_title=bool(case.date_title),
            is_insolvent=bool(case.date_published),
        )

    def _renew(self, case):
        """Weigh every procedure for ``case`` anew; what was changed by hand stays."""
        case = in_words_of_company(case)  # why one does not fit is kept in words
        date = case.company_id._recovery_today()
        facts = self._facts(case, date)
        procedures = case.env["recovery.procedure"].search(
            [("company_id", "in", [False, *case.company_id._recovery_lineage_ids()])]
        )
        chances, known = procedures._chances(), self.grouped("procedure_id")
        for procedure in procedures:
            reasons = procedure._why_not(facts)
            found = {
                "fits": not reasons,
                "why_not": told_apart(self.env, reasons),
                "principal": facts.currency._convert(
                    facts.principal, procedure.currency_id, case.company_id, date
                ),
                "interest": facts.currency._convert(
                    facts.interest, procedure.currency_id, case.company_id, date
                ),
            }
            if procedure in known:
                known[procedure].write(found)
                continue
            chance, count = chances[procedure.id]
            self.create(
                {
                    "case_id": case.id,
                    "procedure_id": procedure.id,
                    "chance": chance,
                    "outcome_count": count,
                    "opposition": procedure.opposition,
                    "lawyer_cost": procedure.lawyer_cost,
                    "months": procedure.months,
                    "waiting_rate": case.company_id.recovery_waiting_rate,
                    **found,
                }
            )

    def action_begin(self):
        """Begin the procedure: its steps and deadlines become the case's, and what it was chosen in is closed.

        :raise UserError: it does not fit, with the reasons
        """
        self.ensure_one()
        case, procedure = self.case_id, self.procedure_id
        case._require_running()
        case.option_ids._renew(case)
        if not self.fits:
            raise UserError(
                self.env._("%(procedure)s does not fit: %(why)s.", procedure=procedure.name, why=self.why_not)
            )
        stage, way = STAGE_OF[procedure.kind]
        published = procedure.kind == "insolvency" and case.date_published
        case.step_ids.filtered(lambda step: step.procedure_step_id and not step.date_done).unlink()
        self.env["recovery.limitation.event"]._ask_for_ends(case)
        # sudo: which procedure is under way is written by this button only; the right to write was checked
        case.sudo().write(
            {
                "procedure_id": procedure.id,
                "date_begun": published or case.company_id._recovery_today(),
                "stage": stage,
                "way": way,
            }
        )
        self._lay_steps()
        return {"type": "ir.actions.act_window_close"}

    def _lay_steps(self):
        """Lay the steps of the procedure in the case, in the company's language."""
        case, procedure = self.case_id, self.procedure_id
        told = procedure.with_context(lang=case.company_id._recovery_lang())
        case.step_ids.create(
            [
                {
                    "case_id": case.id,
                    "procedure_step_id": step.id,
                    "sequence": step.sequence,
                    "name": step.name,
                    "actor": step.actor,
                    "bound": step.bound,
                    "note": step.note,
                }
                for step in told.step_ids
            ]
        )
