"""A scheduled job works through a list, and one bad record never stops the others."""

import logging

import psycopg2
from odoo import api, models

_logger = logging.getLogger(__name__)


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _recovery_each(self, records, work):
        """Do ``work(record)`` for each of ``records``, committing after each; return those that failed.

        A record that fails is rolled back alone, named in the log, and asked about: an activity on it when it
        has some, for whoever is responsible for it. Stops early when the job's time is over; what is left is
        found by the next job. A conflict with another transaction is raised: the whole is tried again.
        """
        failed = records.browse()
        self._commit_progress(remaining=len(records))
        for record in records:
            if not self._recovery_try(record, work):
                failed |= record
            if not self._commit_progress(1):
                break
        return failed

    @api.model
    def _recovery_try(self, record, work):
        """Do ``work(record)`` and tell whether it went well; what failed is rolled back, named and asked about."""
        try:
            with self.env.cr.savepoint():
                work(record)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            _logger.exception("%s failed on %s", getattr(work, "__name__", "A scheduled job"), record)
            self._recovery_ask_about(record, error)
            return False
        return True

    def _recovery_ask_about(self, record, error):
        """Ask the person responsible for ``record`` to look at what a scheduled job could not do."""
        record.invalidate_recordset()
        if "activity_ids" not in record._fields:
            return
        responsible = record["user_id"] if "user_id" in record._fields else self.env.user
        record.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The scheduled job could not deal with this"),
            note=str(error),
            user_id=(responsible or self.env.user).id,
        )
