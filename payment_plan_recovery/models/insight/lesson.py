"""What reminders taught: which words, channel and hour brought money at which level, counted, never guessed."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.kpi import wilson
from ..common.planner import set_by_set

#: Cases under which nothing is concluded, and months that are looked back on.
ENOUGH, MONTHS = 30, 12
#: Share of what was asked from which on a reminder counts as having worked.
WORKED = 0.5
#: What is learnt about, and the column that tells it; hours lie three together.
ABOUT = {"words": "words_id", "channel": "channel", "hour": "hour"}


class RecoveryLesson(models.Model):
    """How often reminders of a level worked, with these words, over this channel or at this hour."""

    _name = "recovery.lesson"
    _description = "What Works"
    _order = "level_id, about, risk_class_id, share desc, id"
    _rec_name = "level_id"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True, ondelete="cascade"
    )
    about = fields.Selection(
        [("words", "Words"), ("channel", "Channel"), ("hour", "Hour")],
        required=True,
        readonly=True,
        help="What is compared at the level.",
    )
    level_id = fields.Many2one("recovery.dunning.level", readonly=True, ondelete="cascade")
    words_id = fields.Many2one("recovery.message", readonly=True, ondelete="cascade")
    channel = fields.Selection(lambda self: self.env["recovery.channel"]._selection(), readonly=True)
    hour = fields.Integer(
        string="From hour",
        readonly=True,
        aggregator=None,
        help="First of the three hours of the day within which it was sent.",
    )
    risk_class_id = fields.Many2one(
        "recovery.risk.class",
        readonly=True,
        ondelete="cascade",
        help="Of debtors of this class; empty: of all.",
    )
    cases = fields.Integer(readonly=True, help="Notices sent within twelve months whose seven days are over.")
    worked = fields.Integer(
        readonly=True, help="Of these, how many brought at least half of what they asked within seven days."
    )
    share = fields.Float(readonly=True, aggregator=None, help="Share that worked.")
    share_low = fields.Float(
        string="At least", readonly=True, aggregator=None, help="Lower end of the interval of 95 % (Wilson)."
    )
    share_high = fields.Float(
        string="At most", readonly=True, aggregator=None, help="Upper end of the interval of 95 % (Wilson)."
    )
    is_enough = fields.Boolean(string="Enough cases", readonly=True, help="30 cases or more.")
    verdict = fields.Selection(
        [("few", "Too few cases"), ("same", "No difference shown"), ("better", "Better"), ("worse", "Worse")],
        readonly=True,
        help="Against the others at the same level together: better or worse only where the two intervals of 95 % "
        "do not meet and both have 30 cases.",
    )

    @api.model
    def _learn(self, company, date):
        """Count what the reminders of ``company`` brought in the year before ``date``."""
        self.search([("company_id", "=", company.id)]).unlink()
        kpi = self.env["recovery.kpi"].with_company(company)
        scope = kpi._scope(fields.Date.subtract(date, months=MONTHS), date)
        with set_by_set(self.env.cr):
            counted = self.env.execute_query_dict(self._counted(kpi, scope))
        for about, column in ABOUT.items():
            for by_class in (False, True):
                self.create(list(self._lessons(company, about, _added_up(counted, column, by_class))))

    def _counted(self, kpi, scope) -> SQL:
        """Rows of what is learnt about, level and class, with their cases and how many worked.

        In one reading of the year, whatever it is looked at by.
        """
        self.env.flush_all()
        return SQL(
            """
            SELECT level_id, words_id, channel, hour, segment, COUNT(*) AS cases,
                   COUNT(*) FILTER (WHERE worked) AS worked
              FROM (
                   SELECT row.level_id, row.words_id, row.channel, row.hour / 3 * 3 AS hour, %(segment)s AS segment,
                          row.received >= %(enough)s * row.asked AS worked
                     FROM (%(rows)s) row
                     JOIN res_partner debtor ON debtor.id = row.debtor_id
                    WHERE row.asked > 0
                   ) counted
             GROUP BY level_id, words_id, channel, hour, segment
            """,
            segment=kpi._key_sql(scope, "segment"),
            enough=WORKED,
            rows=kpi._rows(scope, "reminder"),
        )

    def _lessons(self, company, about, counted):
        """The values of the lessons: each is held against the others of its level and class."""
        together = {}
        for level, _what, segment, cases, worked in counted:
            before = together.get((level, segment), (0, 0))
            together[level, segment] = (before[0] + cases, before[1] + worked)
        for level, what, segment, cases, worked in counted:
            all_cases, all_worked = together[level, segment]
            low, high = wilson(worked, cases)
            yield {
                "company_id": company.id,
                "about": about,
                "level_id": level,
                ABOUT[about]: what,
                "risk_class_id": segment,
                "cases": cases,
                "worked": worked,
                "share": worked / cases,
                "share_low": low,
                "share_high": high,
                "is_enough": cases >= ENOUGH,
                "verdict": verdict((worked, cases), (all_worked - worked, all_cases - cases)),
            }


def _added_up(counted, column, by_class):
    """Return rows (level, what stands in ``column``, class or None, cases, worked) of what was counted."""
    found = {}
    for row in counted:
        segment = row["segment"] if by_class else None
        if row[column] is not None and (segment is not None or not by_class):
            key = row["level_id"], row[column], segment
            cases, worked = found.get(key, (0, 0))
            found[key] = cases + row["cases"], worked + row["worked"]
    return [(*key, *counts) for key, counts in found.items()]


def verdict(one, others):
    """Whether ``one`` worked better than ``others``, both (worked, cases); nothing is claimed under 30 cases."""
    if min(one[1], others[1]) < ENOUGH:
        return "few"
    (low, high), (others_low, others_high) = wilson(*one), wilson(*others)
    if low > others_high:
        return "better"
    return "worse" if high < others_low else "same"
