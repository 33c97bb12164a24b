"""Published rates that interest follows, as dated records."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.rates import RateTable, legal_minimum_warning, semester_end, semester_start
from .errors import refused_by_name

#: Digits of a rate or margin, in percent.
RATE_DIGITS = (9, 4)


class RecoveryInterestReference(models.Model):
    """A rate that a bank or a ministry publishes, e.g. the ECB's for main refinancing, with its values."""

    _name = "recovery.interest.reference"
    _description = "Reference Rate"
    _inherit = ["recovery.declared", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    source = fields.Char(
        required=True, translate=True, help="Who publishes the rate, and where it can be checked."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Who is asked for the rate of a new semester.",
    )
    rate_ids = fields.One2many("recovery.interest.rate", "reference_id", string="Rates", copy=True)
    rule_ids = fields.One2many("recovery.interest.rule", "reference_id", string="Rules", readonly=True)
    last_rate = fields.Float(
        string="Latest rate (%)",
        compute="_compute_last_rate",
        digits=RATE_DIGITS,
        help="The rate that started last, in percent per year.",
    )
    known_until = fields.Date(
        compute="_compute_last_rate",
        help="Last day the table vouches for. Later days use the latest rate, and documents say so.",
    )

    @api.depends("rate_ids.date_from", "rate_ids.date_to", "rate_ids.rate")
    def _compute_last_rate(self):
        for reference in self:
            table = reference._kernel() if reference.rate_ids else None
            reference.known_until = table and table.known_until
            reference.last_rate = float(table.rates[-1][1]) if table else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        # The rates of one form are judged together, not one by one as they are written.
        together = self.with_context(rates_judged_together=True)
        return super(RecoveryInterestReference, together).create(vals_list).with_env(self.env)

    def write(self, vals):
        return super(RecoveryInterestReference, self.with_context(rates_judged_together=True)).write(vals)

    @api.constrains("rate_ids")
    def _check_rates(self):
        for reference in self:
            if reference.rate_ids:
                reference._kernel()
        self._settle_requests()

    def _kernel(self, rates=None):
        """Return the kernel's table of the rates. Raises ValidationError, by name, on a gap or an overlap."""
        self.ensure_one()
        rates = self.rate_ids if rates is None else rates
        with refused_by_name(self):
            return RateTable.from_periods([(rate.date_from, rate.date_to, rate.rate) for rate in rates])

    @api.model
    def _publish(self, reference_id, rows, checked_on):
        """Add the rates that the table lacks: rows of (first day, rate), and a mark if yet to be verified.

        What users entered or corrected stays.
        """
        reference = self.browse(reference_id)
        known = set(reference.rate_ids.mapped("date_from"))
        self.env["recovery.interest.rate"].create(
            [
                {
                    "reference_id": reference.id,
                    "date_from": day,
                    "rate": rate,
                    "to_verify": bool(mark),
                    "checked_on": False if mark else checked_on,
                }
                for day, rate, *mark in rows
                if fields.Date.to_date(day) not in known
            ]
        )

    @api.model
    def _ask_for_new_rates(self, date):
        """Ask the responsible for the rate of the semester of ``date``, once, for the tables in use.

        The activity closes by itself when the rate is entered.
        """
        # sudo: a shared table is asked about whoever renews charges, and may not write it
        followed = self.sudo().search([("rule_ids", "any", self._rules_in_use()), ("rate_ids", "!=", False)])
        missing = followed.filtered(lambda reference: reference.known_until < semester_start(date))
        asked = missing.activity_search(["payment_plan_recovery.activity_reference_rate"])
        unasked = missing.filtered(lambda reference: reference.id not in asked.mapped("res_id"))
        for reference in unasked:
            self.env["ir.cron"]._recovery_split(reference, type(self)._ask_for_rate, date)

    def _rules_in_use(self):
        """Return the domain of rules of a company's own country or of any, and of those that priced a charge.

        Nobody is asked about the rate of a country without a debtor who pays late.
        """
        companies = self.env["res.company"].sudo()  # every company's country, whoever renews
        countries = companies.search_fetch([], ["country_id"]).country_id._recovery_laws()
        charges = self.env["recovery.charge"].sudo()  # which rules, not what they priced
        priced = [rule.id for (rule,) in charges._read_group([("rule_id", "!=", False)], ["rule_id"])]
        ours = [("country_ids", "=", False), ("country_ids", "in", countries.ids), ("id", "in", priced)]
        return Domain("active", "=", True) & Domain.OR([one] for one in ours)

    def _ask_for_rate(self, date):
        """Ask whoever looks after the table for the rate of the semester of ``date``, in that person's language."""
        person = self.env["ir.cron"]._recovery_person(self)
        words = self.with_context(lang=person.lang).env
        self.activity_schedule(
            "payment_plan_recovery.activity_reference_rate",
            date_deadline=date,
            summary=words._("Enter the rate from %s", format_date(words, semester_start(date))),
            note=words._(
                "The latest rate known ended on %(day)s. Until the new one is entered, charges use it and "
                "say so. Source: %(publisher)s",
                day=format_date(words, self.known_until),
                publisher=self.source,
            ),
            user_id=person.id,
        )

    def _settle_requests(self):
        """Close the requests for rates that are known now."""
        requests = self.activity_search(["payment_plan_recovery.activity_reference_rate"])
        for request in requests:
            if request.date_deadline <= self.browse(request.res_id).known_until:
                request.action_done()

    def _is_below(self, rate, multiple, date):
        """Tell whether a contract's ``rate`` is below ``multiple`` times this one; None if unknown."""
        self.ensure_one()
        table = self._kernel() if self.rate_ids else None
        if not table or date < table.rates[0][0]:
            return None
        return legal_minimum_warning(rate, table.on(semester_start(date)), multiple)


class RecoveryInterestRate(models.Model):
    """A reference rate's value over a period, by default the semester it starts in."""

    _name = "recovery.interest.rate"
    _description = "Dated Reference Rate"
    _inherit = ["recovery.declared"]
    _order = "reference_id, date_from desc, id"
    _rec_names_search = ["reference_id.name"]

    reference_id = fields.Many2one(
        "recovery.interest.reference", string="Reference rate", required=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date(string="From", required=True, help="First day of the rate.")
    date_to = fields.Date(
        string="Until",
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
        help="Last day of the rate: the end of the semester unless you say otherwise.",
    )
    rate = fields.Float(
        string="Rate (%)", required=True, digits=RATE_DIGITS, help="Percent per year; may be negative."
    )
    source = fields.Char(
        compute="_compute_source",
        store=True,
        readonly=False,
        precompute=True,
        help="Publication the rate was taken from.",
    )
    checked_on = fields.Date(help="Day the rate was last compared with its source.")
    to_verify = fields.Boolean(
        string="To be verified",
        help="Not yet confirmed by an official source: check it before relying on it.",
    )

    _one_rate_per_day = models.UniqueIndex(
        "(reference_id, date_from)", "This reference rate already has a rate from that day."
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for rate in self:
            if rate.date_from:
                rate.date_to = semester_end(rate.date_from)

    @api.depends("reference_id")
    def _compute_source(self):
        for rate in self:
            rate.source = rate.source or rate.reference_id.source

    @api.depends("reference_id.name", "date_from")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate.reference_id.name} {format_date(self.env, rate.date_from)}"

    @api.constrains("reference_id", "date_from", "date_to", "rate")
    def _check_periods(self):
        if not self.env.context.get("rates_judged_together"):
            self.reference_id._check_rates()

    @api.ondelete(at_uninstall=False)
    def _unlink_leaving_no_gap(self):
        for reference, rates in self.grouped("reference_id").items():
            rules = reference.with_context(active_test=False).rule_ids
            if rules:
                raise UserError(
                    self.env._(
                        "%(rate)s: interest is priced by it (%(rules)s). Correct the rate instead of deleting it.",
                        rate=rates[0].display_name,
                        rules=", ".join(rules.mapped("name")),
                    )
                )
            kept = reference.rate_ids - rates
            if kept and not self.env.context.get("rates_judged_together"):
                reference._kernel(kept)
