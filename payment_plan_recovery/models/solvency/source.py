"""Where the value of a criterion comes from: each source one class."""

from odoo import api, models
from odoo.tools.misc import formatLang

from .measure import AMOUNTS


class RecoveryScorecardSource(models.AbstractModel):
    """Base of the sources. Values are read for all checks of a company and day at once, then one by one."""

    _name = "recovery.scorecard.source"
    _description = "Scorecard Source"
    _inherit = "recovery.kind"

    #: Field of the criterion that the source cannot do without.
    _needs = None
    #: Whether values are figures, judged by bands, or words, judged by answers.
    _is_figure = True

    @api.model
    def _facts(self, checks, company, date):
        """Return what :meth:`_value` looks values up in, read once for all ``checks``."""
        raise NotImplementedError(self._name)

    @api.model
    def _value(self, line, facts):
        """Return the value of a check's ``line``, out of :meth:`_facts`; None when it is not known."""
        raise NotImplementedError(self._name)

    @api.model
    def _shown(self, value, _criterion):
        """Return the value of a criterion as the check shows it."""
        if not self._is_figure:
            return str(value)
        return formatLang(self.env, float(value), digits=0 if value == int(value) else 2)

    @api.model
    def _of(self, code):
        """Return the source of ``code``; of one whose addon is gone, a source that knows nothing."""
        return self._things().get(code, self.env["recovery.scorecard.source.missing"])


class RecoveryScorecardSourceMissing(models.AbstractModel):
    """Stands for a source whose addon is not installed any more: its values are not known."""

    _name = "recovery.scorecard.source.missing"
    _description = "Scorecard Source: not Installed"
    _inherit = "recovery.scorecard.source"

    def _facts(self, _checks, _company, _date):
        return {}

    def _value(self, _line, _facts):
        return None


class RecoveryScorecardSourceLedger(models.AbstractModel):
    """Figures of the ledger on the day of the check."""

    _name = "recovery.scorecard.source.ledger"
    _description = "Scorecard Source: Ledger"
    _inherit = "recovery.scorecard.source"
    _code, _sequence, _needs = "ledger", 10, "measure"

    def _label(self):
        return self.env._("Ledger")

    def _facts(self, checks, company, date):
        return self.env["recovery.solvency.measure"]._measures(company, date, checks.partner_id)

    def _value(self, line, facts):
        measure = line.criterion_id.measure
        value = facts[line.check_id.partner_id.id][measure]
        if value is None:
            return None
        value = line.check_id._to_card(value) if measure in AMOUNTS else value
        # What is shown is what is judged.
        return round(float(value), 2)


class RecoveryScorecardSourceStatement(models.AbstractModel):
    """Ratios of the debtor's annual accounts, of one year or the average of several."""

    _name = "recovery.scorecard.source.statement"
    _description = "Scorecard Source: Annual Accounts"
    _inherit = "recovery.scorecard.source"
    _code, _sequence, _needs = "statement", 20, "ratio"

    def _label(self):
        return self.env._("Annual accounts")

    def _facts(self, checks, company, date):
        ages = checks.scorecard_id.mapped("statement_max_age")
        oldest = 0 if 0 in ages else max(ages, default=0)
        return self.env["recovery.financial.statement"]._usable(checks.partner_id, company, date, oldest)

    def _shown(self, value, criterion):
        return self.env["recovery.financial.statement"]._ratio_told(criterion.ratio, float(value))

    def _value(self, line, facts):
        check, criterion = line.check_id, line.criterion_id
        accounts = facts.get(check.partner_id.id, self.env["recovery.financial.statement"])
        return accounts.filtered(check._is_recent)._average(criterion.ratio, criterion.statement_years)


class RecoveryScorecardSourceRating(models.AbstractModel):
    """The latest rating of an agency."""

    _name = "recovery.scorecard.source.rating"
    _description = "Scorecard Source: Rating"
    _inherit = "recovery.scorecard.source"
    _code, _sequence, _needs, _is_figure = "rating", 30, "provider_id", False

    def _label(self):
        return self.env._("External rating")

    def _facts(self, checks, company, date):
        return {
            provider: provider._latest_ratings(checks.partner_id, company, date)
            for provider in checks.scorecard_id.criterion_ids.provider_id
        }

    def _value(self, line, facts):
        rating = facts[line.criterion_id.provider_id].get(line.check_id.partner_id.id)
        return rating.rating if rating else None


class RecoveryScorecardSourceQuestion(models.AbstractModel):
    """A question that a person answers on the check."""

    _name = "recovery.scorecard.source.question"
    _description = "Scorecard Source: Question"
    _inherit = "recovery.scorecard.source"
    _code, _sequence, _is_figure = "question", 40, False

    def _label(self):
        return self.env._("Yes or no question")

    def _facts(self, _checks, _company, _date):
        return {}

    def _value(self, line, _facts):
        return line.answer or None

    def _shown(self, value, _criterion):
        answers = self.env["recovery.solvency.check.line"]._fields["answer"]._description_selection(self.env)
        return dict(answers).get(value, value)
