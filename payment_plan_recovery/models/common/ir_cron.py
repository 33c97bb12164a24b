"""A scheduled job works through a list, and one bad record never stops the others."""

import logging

import psycopg2
from odoo import api, models
from odoo.tools import SQL, plaintext2html
from psycopg2.errors import LockNotAvailable

from .labelled import labelled

_logger = logging.getLogger(__name__)

#: Times a piece of work is tried when another transaction was in its way each time.
TRIES = 3
#: Milliseconds for which a try waits for what another transaction keeps: a job's own time is short.
PATIENCE = 10_000


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _recovery_each(self, records, work):
        """Do ``work(record)`` for each of ``records``, committing after each; return how many failed.

        A record that fails is rolled back alone, named in the log, and asked about. For lists that are gone through
        from their start each time: the job goes on to the end, so that the last ones get their turn as well.
        """
        return self._recovery_batches([(record,) for record in records], work, to_end=True)

    @api.model
    def _recovery_batches(self, batches, work, to_end=False):
        """Do ``work(records, …)`` for each of ``batches``, committing after each; return how many records failed.

        A batch that fails as a whole is done one record at a time. Stops early when the job's time is over: for
        lists in which what was done is not found again. What failed is: the next call would begin with it, wait for
        it as long, and never come to the rest. So each call goes on until something is done.

        :param batches: tuples of records and what else ``work`` is given
        :param to_end: go on when the time is over
        """
        failed = done = 0
        left = self._recovery_left()
        self._commit_progress(remaining=left + sum(len(records) for records, *_rest in batches))
        for records, *rest in batches:
            failed += len(self._recovery_split(records, work, *rest))
            done += len(records)
            if not self._commit_progress(len(records)) and not to_end and done > failed:
                break
        self._recovery_count(failed, done, work)
        return failed

    @api.model
    def _recovery_left(self):
        """Return how many records an earlier list left in the same call of the job: they are still to be done."""
        # sudo: what the job told of itself
        progress = self.env["ir.cron.progress"].sudo()
        return progress.browse(self.env.context.get("ir_cron_progress_id") or ()).remaining

    @api.model
    def _recovery_split(self, records, work, *rest):
        """Do ``work(records, …)``; when that fails, one record at a time. Return the records that failed."""
        error = self._recovery_error(records, work, *rest)
        if error is None:
            return records.browse()
        if len(records) > 1:
            failed = records.browse()
            for record in records:
                failed |= self._recovery_split(record, work, *rest)
                self._recovery_keep_done()
            return failed
        self._recovery_ask_about(records, error)
        return records

    @api.model
    def _recovery_error(self, records, work, *rest):
        """Do ``work(records, …)`` and return what went wrong, rolled back, or None.

        A conflict with another transaction is no fault of the records: what this one did is given up, which is no
        more than the work itself since the last commit, and the work is done again. What another transaction keeps is
        not waited for without end: of several records each is tried by itself.
        """
        failed = None
        for _try in range(TRIES):
            try:
                with self.env.cr.savepoint():
                    self._recovery_wait(PATIENCE)
                    work(records, *rest)
                return None
            except psycopg2.OperationalError as conflict:
                failed = conflict
                self._recovery_give_way(conflict)
                if isinstance(conflict, LockNotAvailable) and len(records) > 1:
                    break
            except Exception as error:
                failed = error
                break
        if len(records) == 1:
            _logger.error(
                "%s failed on %s", getattr(work, "__name__", "A scheduled job"), records, exc_info=failed
            )
        return failed

    @api.model
    def _recovery_keep_done(self):
        """Commit what was done of a list: who gives way to another transaction gives up no more than its own."""
        self._commit_progress()

    @api.model
    def _recovery_wait(self, milliseconds):
        """Wait for what another transaction keeps no longer than that, until this one ends; 0: as long as it takes."""
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", milliseconds))

    @api.model
    def _recovery_give_way(self, _conflict):
        """Give up what this transaction did: another one was in its way."""
        self.env.cr.rollback()

    def _recovery_count(self, failed, done, work):
        if failed:
            _logger.warning(
                "%s: %s of %s failed, see their activities", getattr(work, "__name__", "Job"), failed, done
            )

    # -- asking ------------------------------------------------------------------------------------

    @api.model
    def _recovery_ask_about(self, record, error, summary=None):
        """Ask whoever is responsible for ``record`` to look at it: one activity, while that is open.

        It stands on the record; on nothing where the record has no activities or cannot be written on.
        """
        # sudo: whoever came upon it, a debtor on the portal too; nothing is told but to the person responsible
        record = record.sudo()
        person = self._recovery_person(record).sudo()
        translated = self.with_context(lang=person.lang).env._
        summary = summary or translated("The scheduled job could not deal with this")
        note = str(error)[:500]
        if isinstance(error, LockNotAvailable):
            note = translated(
                "Another transaction kept what is needed for this all the time. The next run comes back to it; if this "
                "happens again, somebody has to end what keeps it: an import, a job or a session that hangs."
            )
        self.env.flush_all()  # what waits to be written is the caller's: if that fails, it is not the asking that did
        try:
            with self.env.cr.savepoint():
                self._recovery_schedule(record, person, summary, note)
        except LockNotAvailable:  # it is kept still: what is asked stands on nobody's record
            with self.env.cr.savepoint():
                self._recovery_schedule(record, person, summary, note, apart=True)
        except psycopg2.OperationalError:
            raise
        except Exception:  # asking about a record may fail for what the record failed for
            _logger.exception("No activity could be made on %s", record)
            with self.env.cr.savepoint():
                self._recovery_schedule(record, person, summary, note, apart=True)

    def _recovery_schedule(self, record, person, summary, note, apart=False):
        activities = self.env["mail.activity"].sudo()
        where = {"res_model_id": False, "res_id": False}
        if "activity_ids" in record._fields and not apart:
            where = {"res_model_id": self.env["ir.model"]._get_id(record._name), "res_id": record.id}
        else:
            summary = labelled(self.env, summary, f"{record._description} {self._recovery_name(record)}")
        if activities.search_count(
            [*((name, "=", value) for name, value in where.items()), ("summary", "=", summary)], limit=1
        ):
            return
        # many that fail for one reason are a list on a screen, not a mail each
        activities.with_context(mail_activity_quick_update=True).create(
            {
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "automated": True,
                "date_deadline": self._recovery_company(record)._recovery_today(),
                "summary": summary,
                "note": plaintext2html(note),
                "user_id": person.id,
                **where,
            }
        )

    def _recovery_name(self, record):
        try:
            with self.env.cr.savepoint():
                return record.display_name
        except Exception:
            return record.id

    def _recovery_person(self, record):
        """Return who is asked about ``record``: its responsible, else the one of its company."""
        if "user_id" in record._fields and record.user_id.active and not record.user_id.share:
            return record.user_id
        return self._recovery_company(record)._recovery_responsible() or self.env.user

    def _recovery_company(self, record):
        """Return the company that ``record`` belongs to, or else the present one."""
        if record._name == "res.company":
            return record
        return ("company_id" in record._fields and record.company_id) or self.env.company
