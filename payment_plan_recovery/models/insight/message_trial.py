"""Two messages of a level tried against each other: debtors are shared out, and a declared rule ends it."""

from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..common.company_words import words_of
from ..common.planner import set_by_set
from .lesson import ENOUGH, WORKED, verdict


class RecoveryMessageTrial(models.Model):
    """Which of two messages works better at a level.

    Debtors who would get the first are shared out by chance, each always to the same message. It ends when each
    message has its number of cases, or on a day; then it is judged, once. What follows a person decides.
    """

    _name = "recovery.message.trial"
    _description = "Trial of two Messages"
    _inherit = ["recovery.guarded.fields", "mail.thread"]
    _order = "state desc, date_from desc, id desc"

    name = fields.Char(required=True, help="What is tried.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
        help="The creditor whose notices are tried on.",
    )
    level_id = fields.Many2one("recovery.dunning.level", required=True, help="Level whose words are tried.")
    first_id = fields.Many2one(
        "recovery.message",
        string="Words as they are",
        required=True,
        domain="[('level_id', '=', level_id)]",
        help="The message that the debtors would get without the trial.",
    )
    second_id = fields.Many2one(
        "recovery.message",
        string="Other words",
        required=True,
        domain="[('level_id', '=', level_id), ('id', '!=', first_id)]",
        help="The message that half of them get meanwhile.",
    )
    date_from = fields.Date(
        string="From", readonly=True, copy=False, protected=True, help="Day on which the trial was begun."
    )
    date_until = fields.Date(
        string="At the latest until",
        required=True,
        help="Day after which it is judged, however many cases there are.",
    )
    cases_wanted = fields.Integer(
        string="Cases of each",
        default=100,
        required=True,
        help="It is judged as soon as each message has so many.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("ended", "Ended")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        protected=True,
    )
    first_cases = fields.Integer(string="Number of cases", readonly=True, copy=False, protected=True)
    first_worked = fields.Integer(
        string="Worked",
        readonly=True,
        copy=False,
        protected=True,
        help="Brought half of what they asked in 7 days.",
    )
    second_cases = fields.Integer(string="Cases of the other", readonly=True, copy=False, protected=True)
    second_worked = fields.Integer(
        string="Worked of the other",
        readonly=True,
        copy=False,
        protected=True,
        help="Brought half of what they asked within 7 days.",
    )
    verdict = fields.Selection(
        [
            ("few", "Too few cases"),
            ("same", "No difference shown"),
            ("better", "The other words are better"),
            ("worse", "The other words are worse"),
        ],
        string="Result",
        readonly=True,
        copy=False,
        tracking=True,
        protected=True,
        help="A difference is claimed only where the intervals of 95 % (Wilson) do not meet, from 30 cases each.",
    )

    _enough_wanted = models.Constraint(
        f"CHECK(cases_wanted >= {ENOUGH})",
        "Nothing is concluded from fewer than 30 cases: ask for 30 or more.",
    )
    _one_running = models.UniqueIndex(
        "(company_id, level_id) WHERE state = 'running'",
        "Another trial runs at this level already: end it first.",
    )

    @api.constrains("level_id", "first_id", "second_id")
    def _check_messages(self):
        for trial in self:
            if (
                trial.first_id == trial.second_id
                or (trial.first_id | trial.second_id).level_id != trial.level_id
            ):
                raise ValidationError(self.env._("Choose two different messages of the level."))

    # -- while it runs ---------------------------------------------------------------------------

    @api.model
    def _shared_out(self, chosen):
        """Return ``chosen`` ({debtor id: message}) with the other words for those whom a running trial gives them."""
        if not chosen:
            return chosen
        # sudo: which words are tried is decided for the debtor, whoever sends
        running = self.sudo().search(
            [("state", "=", "running"), ("company_id", "=", self.env.company.sudo().root_id.id)]
        )
        other = {trial.first_id.id: trial for trial in running}
        return {
            debtor: other[message.id]._words_of(debtor, message) if message.id in other else message
            for debtor, message in chosen.items()
        }

    def _words_of(self, debtor_id, message):
        """Return the message of a debtor: by chance, and always the same."""
        drawn = sha256(f"{self.id}:{debtor_id}".encode()).digest()[0] % 2
        return self.second_id.with_env(message.env) if drawn else message

    # -- what people do --------------------------------------------------------------------------

    def action_start(self):
        """Share the debtors out from now on."""
        self.check_access("write")
        for trial in self.filtered(lambda trial: trial.state == "draft"):
            today = trial.company_id._recovery_today()
            if trial.date_until <= today:
                raise UserError(
                    self.env._("The trial would be over before it begins: choose a later last day.")
                )
            trial._require_none_runs()
            trial._keep({"state": "running", "date_from": today})

    def _require_none_runs(self):
        """Refuse a second trial at a level, by name; of two begun at once the database refuses one."""
        mine = [("company_id", "=", self.company_id.id), ("level_id", "=", self.level_id.id)]
        running = self.search([*mine, ("state", "=", "running")], limit=1)
        if running:
            raise ValidationError(self.env._("%s runs at this level already: end it first.", running.name))

    def action_end(self):
        """End the trials now, and judge them."""
        self.check_access("write")
        for trial in self.filtered(lambda trial: trial.state == "running"):
            trial._judge(trial.company_id._recovery_today())

    def action_adopt(self):
        """Put the other words first at the level: a person decides it, whatever the result."""
        self.check_access("write")
        for trial in self.filtered(lambda trial: trial.state == "ended"):
            words = trial.first_id | trial.second_id
            words.check_access("write")
            trial.second_id.sequence = min(words.mapped("sequence")) - 1
            trial.message_post(body=words_of(trial.company_id)._("%s comes first now.", trial.second_id.name))

    # -- judging ---------------------------------------------------------------------------------

    @api.model
    def _judge_due(self, company, date):
        """Count the running trials of ``company``; end those that have their cases, or whose last day has passed."""
        for trial in self.search([("state", "=", "running"), ("company_id", "=", company.id)]):
            counts = trial._count(date)
            if min(cases for _worked, cases in counts) >= trial.cases_wanted or date > trial.date_until:
                trial._judge(date)
            else:
                trial._keep(trial._counted(counts))

    def _judge(self, date):
        first, second = counts = self._count(date)
        self._keep({**self._counted(counts), "state": "ended", "verdict": verdict(second, first)})

    def _counted(self, counts):
        names = ("first_worked", "first_cases", "second_worked", "second_cases")
        return dict(zip(names, (number for pair in counts for number in pair), strict=True))

    def _count(self, date):
        """Return ((worked, cases) of the first words, the same of the other) since the trial began."""
        kpi = self.env["recovery.kpi"].with_company(self.company_id)
        # A scope's period is that of the days of effect: it began with the notices of the trial's first day.
        scope = kpi._scope(self.date_from, date)
        self.env.flush_all()
        query = SQL(
            """
            SELECT words_id, COUNT(*) FILTER (WHERE received >= %s * asked), COUNT(*)
              FROM (%s) row
             WHERE asked > 0 AND date >= %s AND level_id = %s
             GROUP BY words_id
            """,
            WORKED,
            kpi._rows(scope, "reminder"),
            self.date_from,
            self.level_id.id,
        )
        with set_by_set(self.env.cr):
            rows = self.env.execute_query(query)
        found = {words: (worked, cases) for words, worked, cases in rows}
        return found.get(self.first_id.id, (0, 0)), found.get(self.second_id.id, (0, 0))

    def _keep(self, vals):
        self.sudo().write(
            vals
        )  # sudo: protected from clients; the actions checked the right, the job needs none
