"""Contact budget and quiet hours, enforced when a notice is about to go."""

from collections import defaultdict
from datetime import timedelta

import pytz
from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date, format_datetime

from ...tools.contact_time import first_day_in_budget
from ...tools.zones import first_zone, midnight
from ..common.channel import Obstacle


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _in_budget(self, channel):
        """Return the notices that may go over ``channel`` now; the others wait, with the reason.

        Every notice that goes is a contact for those that follow it in the batch.
        """
        going, withheld = self.browse(), []
        for company, notices in self.grouped("company_id").items():
            zone = pytz.timezone(company._recovery_timezone())
            today = company._recovery_today()
            contacts = notices._contacts(company, zone, today)
            for notice in notices:
                made = contacts[notice.partner_id.id]
                day = first_day_in_budget(today, channel, made, company._contact_budget())
                if day > today:
                    obstacle = notice._wait_for_budget(day, zone)
                    withheld.append((notice, channel, obstacle))
                    continue
                made.add((today, channel))
                going += notice
        self._log_withheld(withheld)
        return going

    def _wait_for_budget(self, day, zone):
        """Leave the notice in the outbox until ``day`` begins in the zone; what keeps it."""
        reason = self.env._("Contact budget: the next contact is allowed on %s", format_date(self.env, day))
        self._wait_until(midnight(zone, day), reason)
        return Obstacle("budget", reason)

    @api.model
    def _first_day_for(self, debtor, company, channel):
        """Return the first day, today or later, on which one more contact with ``debtor`` keeps within the budget."""
        zone = pytz.timezone(company._recovery_timezone())
        today = company._recovery_today()
        made = self._contacts(company, zone, today, debtor)[debtor.id]
        return first_day_in_budget(today, channel, made, company._contact_budget())

    def _contacts(self, company, zone, today, debtors=None):
        """Return the contacts that the budget looks at, of ``debtors`` or the notices': {debtor id: {(day, channel)}}.

        What is prepared and has not left counts too: a mail and a text go today, a call is of the day it was
        asked for, a letter of the day it was printed. The notices looked at are not prepared, and so not among them.
        """
        debtors = self.partner_id if debtors is None else debtors
        longest = max(company.recovery_contact_window_days, company.recovery_contact_gap_days)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, (date_sent AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date, channel
                  FROM recovery_notice
                 WHERE state = 'sent' AND date_sent >= %(since)s
                   AND company_id = ANY(%(companies)s) AND partner_id IN %(debtors)s
                 UNION
                SELECT partner_id, CASE WHEN channel = 'phone' THEN date ELSE %(today)s END, channel
                  FROM recovery_notice
                 WHERE state = 'queued' AND (mail_id IS NOT NULL OR next_attempt IS NULL)
                   AND company_id = ANY(%(companies)s) AND partner_id IN %(debtors)s
                 UNION
                SELECT partner_id, date, channel FROM recovery_notice
                 WHERE state = 'to_post' AND date >= %(since)s
                   AND company_id = ANY(%(companies)s) AND partner_id IN %(debtors)s
                 UNION
                SELECT partner_id, date, channel FROM (%(made)s) made WHERE date >= %(since)s
                """,
                made=self.env["recovery.contact"]._made_sql(company, debtors.ids),
                zone=zone.zone,
                since=today - timedelta(days=longest + 1),  # in UTC: the company's day may begin before
                today=today,
                companies=list(company._recovery_branch_ids()),
                debtors=tuple(debtors.ids),
            )
        )
        contacts = defaultdict(set)
        for partner_id, day, channel in rows:
            contacts[partner_id].add((day, channel))
        return contacts

    def _in_hours(self, channel):
        """Return the notices whose debtors may be disturbed now; the others wait for the hours."""
        going, withheld = self.browse(), []
        for company, notices in self.grouped("company_id").items():
            if not company._recovery_is_quiet(channel):
                going += notices
                continue
            closed = company._recovery_closed_days(company._recovery_today())
            for notice in notices:
                at = company._recovery_opens_at(notice._time_zone(), closed)
                if not at:
                    going += notice
                    continue
                reason = self.env._(
                    "Quiet hours: it goes from %s on", format_datetime(self.env, at, dt_format="short")
                )
                notice._wait_until(at, reason)
                withheld.append((notice, channel, Obstacle("quiet", reason)))
        self._log_withheld(withheld)
        return going

    def _time_zone(self):
        """Return the debtor's time zone, the company calendar's when it is not known."""
        known = (self.contact_id.tz, self.partner_id.tz, self.company_id.resource_calendar_id.tz)
        return pytz.timezone(first_zone(*known) or "UTC")

    def _wait_until(self, moment, reason):
        """Leave a notice in the outbox until ``moment`` (UTC), and say why in its history."""
        self._bulk_write({"next_attempt": moment, "failure_reason": reason})
        self._message_log_batch(bodies=dict.fromkeys(self.ids, reason))
        self._trigger_sending(moment)
