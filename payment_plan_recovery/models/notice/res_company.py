"""When and how often a company contacts its debtors, and how much a mail carries."""

import pytz
from odoo import fields, models

from ...tools.contact_time import Budget, first_open_moment


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_quiet_channels = fields.Selection(
        [
            ("none", "None"),
            ("spoken", "Calls and text messages"),
            ("electronic", "Calls, text messages and e-mails"),
        ],
        string="Quiet hours for",
        default="spoken",
        required=True,
        help="What does not reach a debtor outside the hours below, or on a day the calendar is closed.",
        of_creditor=True,
    )
    recovery_contact_from = fields.Float(
        string="Contacts from",
        default=8.0,
        help="Hour from which debtors are contacted, in their time zone.",
        of_creditor=True,
    )
    recovery_contact_until = fields.Float(
        string="Contacts until",
        default=20.0,
        help="Hour until which debtors are contacted, in their zone.",
        of_creditor=True,
    )

    recovery_attachment_max = fields.Integer(
        string="Attached invoices (MB)",
        default=5,
        help="When a mail's invoices are larger together, it carries links to them on the portal instead.",
        of_creditor=True,
    )

    def _contact_budget(self):
        return Budget(
            self.recovery_contact_max, self.recovery_contact_window_days, self.recovery_contact_gap_days
        )

    def _recovery_is_quiet(self, channel):
        """Tell whether ``channel`` reaches no debtor outside the hours of contact."""
        return self.recovery_quiet_channels in self.env["recovery.channel"]._thing(channel)._quiet

    def _recovery_opens_at(self, zone, closed):
        """Return the moment (UTC) from which a debtor in ``zone`` may be disturbed, None for now.

        :param closed: (holidays, weekdays) on which nobody is
        """
        holidays, weekend = closed
        local = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).replace(tzinfo=None)
        moment = first_open_moment(
            local,
            self.recovery_contact_from,
            self.recovery_contact_until,
            lambda day: day in holidays or day.weekday() in weekend,
        )
        return zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None) if moment > local else None

    _contact_hours = models.Constraint(
        "CHECK(recovery_contact_from >= 0 AND recovery_contact_until <= 24"
        " AND recovery_contact_from < recovery_contact_until)",
        "The hours of contact go from an earlier to a later hour of one day.",
    )
