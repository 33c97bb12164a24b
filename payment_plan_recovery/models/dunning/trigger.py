"""What the delay of a level counts from: one class per trigger, found by the code its level keeps."""

from odoo import models
from odoo.tools import SQL


class RecoveryTrigger(models.AbstractModel):
    """Kind of the triggers. By itself it stands for one whose addon is no longer installed."""

    _name = "recovery.trigger"
    _inherit = "recovery.kind"
    _description = "Trigger of a Dunning Level"

    #: A level of this trigger waits for a notice that was sent: it is never the first, and never jumped to.
    _waits_for_notice = False
    #: Codes of other triggers whose day never comes before the one of this trigger.
    _never_after = ()

    def _of_level(self, level):
        """Return the trigger of ``level``, the kind itself when no installed addon has it."""
        return self._things().get(level.trigger, self)

    def _day_sql(self) -> SQL:
        """Return the day the delay counts from, over the columns of ``known``; NULL while there is none."""
        raise NotImplementedError(self._name)

    def _day_reached_sql(self) -> SQL:
        """Return the day on which a claim (``known``) reaches ``level``, once its delay has passed.

        It stays within the calendar that is read here: one due date of 9999-12-31 would stop a whole list.
        """
        return SQL(
            "%(day)s + GREATEST(LEAST(level.delay_days, DATE '9999-12-31' - %(day)s), DATE '0001-01-01' - %(day)s)",
            day=self._day_sql(),
        )

    def _is_preventive(self, _delay) -> bool:
        """Return whether a level with ``_delay`` days only reminds of a due date to come."""
        return False

    def _is_before(self, delay, other, other_delay) -> bool:
        """Return whether ``delay`` days are always over before ``other_delay`` days after trigger ``other``."""
        comparable = self._code == other._code or other._code in self._never_after
        return comparable and not self._waits_for_notice and delay < other_delay


class RecoveryTriggerDueDate(models.AbstractModel):
    _name = "recovery.trigger.due_date"
    _inherit = "recovery.trigger"
    _description = "Trigger: Due Date"

    _code = "due_date"
    _sequence = 10
    # The end of a month does not come before a day in it.
    _never_after = ("month_end",)

    def _label(self):
        return self.env._("Due date")

    def _day_sql(self):
        return SQL("known.date_due")

    def _is_preventive(self, delay):
        return delay < 0


class RecoveryTriggerMonthEnd(models.AbstractModel):
    _name = "recovery.trigger.month_end"
    _inherit = "recovery.trigger"
    _description = "Trigger: End of the Month"

    _code = "month_end"
    _sequence = 20

    def _label(self):
        return self.env._("End of the month of due date")

    def _day_sql(self):
        return SQL("(date_trunc('month', known.date_due) + interval '1 month' - interval '1 day')::date")


class RecoveryTriggerPreviousNotice(models.AbstractModel):
    _name = "recovery.trigger.previous_notice"
    _inherit = "recovery.trigger"
    _description = "Trigger: Previous Notice"

    _code = "previous_notice"
    _sequence = 30
    _waits_for_notice = True

    def _label(self):
        return self.env._("Previous notice sent")

    def _day_sql(self):
        return SQL("known.sent_on")
