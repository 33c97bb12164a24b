"""Until when a notice asks for payment, and from which day what follows it is counted."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.deadline import deadline


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    date_deadline = fields.Date(
        string="Pay by",
        readonly=True,
        copy=False,
        help="Last day to pay, a working day: counted from the day the notice went, of a letter from its posting "
        "or, where its level says so, from its delivery. Empty while that day is not known.",
    )
    counts_from_delivery = fields.Boolean(
        readonly=True,
        copy=False,
        help="What follows this registered letter is counted from its delivery, as its level said when it was "
        "printed; else from its posting.",
    )

    def _deadlines(self):
        """Return the last day to pay of each notice: {notice: day, None while a delivery is waited for}."""
        found = {}
        for company, notices in self.grouped("company_id").items():
            closed = company._recovery_closed_days(min(notices.mapped("date")))
            found.update((notice, notice._deadline(closed)) for notice in notices)
        return found

    def _deadline(self, closed):
        if self._waits_for_delivery():
            return None
        gone = self.state in ("to_post", "sent")
        return (gone and self.date_deadline) or self._deadline_from(self.date, closed)

    def _deadline_from(self, day, closed):
        """Return the last day to pay when the days count from ``day``; never one on which nobody works.

        :param closed: (holidays, weekdays) on which the creditor is closed
        """
        return deadline(day, self._days_to_pay(), closed=closed)

    def _days_to_pay(self):
        days = self._cure_days()
        return self.level_id.payment_days if days is None else days

    def _waits_for_delivery(self):
        """Whether the days to pay count from a delivery that is not known."""
        printed = self.state in ("to_post", "sent")
        counts = self.counts_from_delivery if printed else self._will_count_from_delivery()
        return counts and not (printed and self.date_delivered)

    def _will_count_from_delivery(self):
        """Whether days would count from the delivery, were the notice printed now."""
        return self.channel == "registered" and self.level_id.registered_counts_from == "delivery"

    def _give_deadlines(self):
        """Keep the last day to pay of notices that are going, counted from their date."""
        for company, notices in self.grouped("company_id").items():
            closed = company._recovery_closed_days(min(notices.mapped("date")))
            by_day = notices.grouped(
                lambda notice, closed=closed: (
                    not notice._will_count_from_delivery() and notice._deadline_from(notice.date, closed)
                )
            )
            for day, of_day in by_day.items():
                of_day._bulk_write({"date_deadline": day})

    @api.model
    def _counted_sql(self) -> SQL:
        """Return the instant from which what follows a sent ``notice`` is counted; NULL while it is not known."""
        return SQL(
            "CASE WHEN notice.counts_from_delivery THEN notice.date_delivered ELSE notice.date_sent END"
        )
