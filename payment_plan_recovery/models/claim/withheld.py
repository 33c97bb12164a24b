"""Why a debtor was not contacted: each contact that was withheld, with its day, channel and reason."""

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What is said where no channel in particular was not used.
NO_CHANNEL = _lt("None in particular")
#: Days for which a debtor whom no channel reached asks for a person, unless another run finds the same.
UNREACHED_DAYS = 45


class RecoveryWithheld(models.Model):
    """A contact that was not made, or not over the channel that was wanted."""

    _name = "recovery.withheld"
    _description = "Contact Withheld"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="Who was not contacted.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    date = fields.Date(required=True, readonly=True, help="Day on which the contact was withheld.")
    channel = fields.Selection(
        lambda self: self.env["recovery.channel"]._selection(),
        readonly=True,
        falsy_value_label=NO_CHANNEL,
        help="Channel that was not used; empty when it is none in particular.",
    )
    kind = fields.Selection(
        [
            ("budget", "Contact budget"),
            ("quiet", "Quiet hours"),
            ("hold", "On hold"),
            ("opt_out", "Opted out"),
            ("blacklisted", "Blacklisted"),
            ("bounced", "Bounced"),
            ("no_address", "No address"),
            ("not_installed", "Channel not installed"),
            ("not_offered", "Channel taken off the level"),
            ("archived", "Debtor archived"),
        ],
        string="Why",
        required=True,
        readonly=True,
        help="What kept the debtor from being contacted.",
    )
    reason = fields.Text(
        string="Details", readonly=True, help="The same in words, where there is more to say."
    )
    notice_id = fields.Many2one(
        "recovery.notice", readonly=True, index="btree_not_null", ondelete="set null", help="What waited."
    )
    run_id = fields.Many2one(
        "recovery.dunning.run",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Run that left the debtor out; it counts once the run is confirmed.",
    )

    # What is told once a day is enough.
    _once_a_day = models.UniqueIndex("(notice_id, date, kind, channel) WHERE notice_id IS NOT NULL")

    @api.model
    def _log_today(self, rows):
        """Write down withheld contacts, as :meth:`_log` does, on the day it is where their companies are."""
        by_company = {}
        for row in rows:
            by_company.setdefault(row[0].company_id, []).append(row)
        for company, of_company in by_company.items():
            self._log(of_company, company._recovery_today())

    @api.model
    def _log(self, rows, date):
        """Write down withheld contacts of ``date``: (record, channel, obstacle) each, a notice's once a day.

        A record is what was to be said: a notice, or anything else with a debtor and a company.
        """
        wanted = {(record, channel, obstacle.kind): obstacle.reason for record, channel, obstacle in rows}
        if not wanted:
            return
        rows = [
            (record.partner_id.id, record.company_id.id, channel, kind, reason, _notice_id(record))
            for (record, channel, kind), reason in wanted.items()
        ]
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recovery_withheld (
                    partner_id, company_id, date, channel, kind, reason, notice_id, create_uid, create_date,
                    write_uid, write_date
                )
                SELECT told.partner_id, told.company_id, %(date)s::date, told.channel, told.kind, told.reason,
                       told.notice_id, %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
                  FROM unnest(%(rows)s) AS told(partner_id, company_id, channel, kind, reason, notice_id)
                    ON CONFLICT DO NOTHING
                """,
                date=date,
                user=self.env.uid,
                rows=SQL(
                    "%s::int[], %s::int[], %s::text[], %s::text[], %s::text[], %s::int[]",
                    *([row[column] for row in rows] for column in range(6)),
                ),
            )
        )
        self.invalidate_model()

    @api.model
    def _of_run(self, run, judged: SQL, kind_of_reason) -> SQL:
        """Insert whom a run does not contact, once for each reason.

        :param judged: table of the claims the run judged, with ``partner_id`` and ``reason``
        :param kind_of_reason: {reason that keeps a debtor from being contacted: kind of withheld contact}
        """
        kinds = SQL(" ").join(SQL("WHEN %s THEN %s", *pair) for pair in kind_of_reason.items())
        return SQL(
            """
            INSERT INTO recovery_withheld (
                partner_id, company_id, date, kind, run_id, create_uid, create_date, write_uid, write_date
            )
            SELECT DISTINCT partner_id, %(company)s, %(date)s::date, CASE reason %(kinds)s END,
                   %(run)s, %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
              FROM %(judged)s
             WHERE reason IN %(reasons)s
            """,
            company=run.company_id.id,
            date=run.date,
            kinds=kinds,
            run=run.id,
            user=self.env.uid,
            judged=judged,
            reasons=tuple(kind_of_reason),
        )

    @api.model
    def _unreached_sql(self, companies, date) -> SQL:
        """Return a query of (partner_id, company_id, date, id): whom runs left out because no channel reaches them.

        Of runs that were confirmed within :data:`UNREACHED_DAYS` before ``date``, the last one of each debtor.
        """
        told = self.sudo()._search(  # sudo: the list of work has its own rules
            [
                ("company_id", "in", companies.ids),
                ("kind", "=", "no_address"),
                ("run_id.state", "=", "confirmed"),
                ("date", ">", fields.Date.subtract(date, days=UNREACHED_DAYS)),
            ]
        )
        return SQL(
            """
            SELECT DISTINCT ON (partner_id, company_id) partner_id, company_id, date, id
              FROM recovery_withheld
             WHERE id IN %s
             ORDER BY partner_id, company_id, date DESC, id DESC
            """,
            told.subselect(),
        )


def _notice_id(record):
    return record.id if record._name == "recovery.notice" else None
