"""Letters between the printer and the post: printed and archived, they are sent the day they are posted."""

from odoo import fields, models
from odoo.tools.misc import format_date

from ..common.company_words import by_company
from ..common.guarded_fields import as_action


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    mailing_id = fields.Many2one(
        "recovery.mailing",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The letters printed and posted together with this one.",
    )
    tracking_number = fields.Char(
        readonly=True,
        copy=False,
        help="Number of the registered letter, as the post gives it; printed on the letter when it is noted "
        "before posting.",
    )
    posted_to = fields.Text(
        string="Address on it",
        readonly=True,
        copy=False,
        help="Whom the printed letter is addressed to, and where; printed again when that changes before it left.",
    )
    date_posted = fields.Date(
        string="Posted", readonly=True, copy=False, help="When the letter was handed to the post."
    )

    # Printing ------------------------------------------------------------------------------

    def _print_letters(self):
        """Print and archive letters, and put them into the pile that waits for the post."""
        for counts, notices in self.grouped(lambda notice: notice._will_count_from_delivery()).items():
            notices._bulk_write({"counts_from_delivery": counts})
        self._archive_documents()
        self._bulk_write(
            {"state": "to_post", "next_attempt": False, "failure_reason": False, "is_uncertain": False}
        )
        for (company, channel), printed in self.grouped(lambda one: (one.company_id, one.channel)).items():
            mailing = self.env["recovery.mailing"]._open_for(company, channel)
            printed._bulk_write({"mailing_id": mailing.id})

    def _print_again(self):
        """Print letters that were not posted yet anew, dated today."""
        for company, notices in self.grouped("company_id").items():
            notices._bulk_write({"date": company._recovery_today()})
        mailings = self.mailing_id
        self._give_deadlines()
        self._discard_documents()
        self._print_letters()
        mailings._close_posted()

    def _discard_documents(self):
        """Forget documents that were printed and never left."""
        documents = self.attachment_id.filtered(lambda one: one.res_model == self._name)
        self._bulk_write({"attachment_id": False, "document_sha256": False})
        as_action(documents.sudo()).unlink()  # sudo: the outbox removes what it has written itself

    def _postal_address(self):
        """Return whom and where the letter is to be addressed to today, whoever asks in whichever language."""
        contact = self.contact_id or self.partner_id
        contact = contact.with_context(lang=contact.lang)
        names = [self.partner_id.name] if contact != self.partner_id else []
        lines = [*names, contact.name or "", *contact._display_address(without_company=True).splitlines()]
        return "\n".join(line.strip() for line in lines if line.strip())

    def _look_again(self, day):
        """Look at the claims of letters that wait for the post again, as of ``day``; return those printed anew.

        A letter with nothing left to ask for is cancelled and leaves the pile, and so does one that waits for a person
        by now: money of the debtor is matched with nothing, or the debtor is archived. One whose claims or address
        changed, or whose last day to pay has come before it left, is printed again: what was printed must not go. One
        that no post could deliver any more goes back to the outbox, which finds another way or says that there is none.
        """
        if not self:
            return self
        before = {line: (line.is_live, line.amount_residual) for line in self.line_ids}
        self._drop_settled_claims(day)
        cancelled = self.filtered(lambda notice: notice.state == "cancelled")
        cancelled._take_back()
        cancelled._message_log_batch(
            bodies={
                one.id: self.env._("Not to be posted any more. %s", one.failure_reason) for one in cancelled
            }
        )
        asked = self.filtered(lambda notice: notice.state == "draft")
        asked._take_back()
        changed = (self - cancelled - asked)._out_of_date(before, day)
        by_post = changed.filtered(lambda notice: notice._is_reached_by_post())
        by_post._print_again()
        (changed - by_post)._queue_for_sending()
        again = self.env._(
            "Its claims, addressee, address or last day to pay changed before posting: it was printed again."
        )
        elsewhere = self.env._("Not to be posted any more: its addressee has no complete postal address.")
        changed._message_log_batch(
            bodies={notice.id: again if notice in by_post else elsewhere for notice in changed}
        )
        return changed

    def _out_of_date(self, before, day):
        """Return the letters of which what was printed is not true on ``day``.

        :param before: {line: (asked for, amount)} as they were printed
        """
        return (
            self._address_anew()
            | self.filtered(lambda notice: notice.posted_to and notice.posted_to != notice._postal_address())
            | self._out_of_time(day)
            | self.filtered(
                lambda notice: any(
                    before[line] != (line.is_live, line.amount_residual) for line in notice.line_ids
                )
            )
        )

    def _is_reached_by_post(self):
        """Whether the letter is one still, and has an addressee whom the post reaches."""
        way = self.env["recovery.channel"]._thing(self.channel)
        return way._is_paper and bool(self.contact_id) and not way._why_not(self.contact_id)

    def _out_of_time(self, day):
        """Return the letters that ask for payment by a day that has come, if ``day`` is today: they have not left."""
        return self.filtered(
            lambda notice: (
                notice.date_deadline
                and notice.date_deadline <= day
                and day == notice.company_id._recovery_today()
            )
        )

    # Posting -------------------------------------------------------------------------------

    def action_open_posting(self):
        """Ask for the day of posting and the numbers of registered letters."""
        self._require_state("to_post")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Posted"),
            "res_model": "recovery.notice.posting",
            "view_mode": "form",
            "target": "new",
            "context": {"default_notice_ids": self.ids, "default_date_posted": self._today_at_most()},
        }

    def _today_at_most(self):
        """Return the day it is where the companies of the letters are, all of them: by the clock that is behind."""
        return min((company._recovery_today() for company in self.company_id), default=False)

    def action_post(self, date=None):
        """Record that printed letters were handed to the post: they are sent as of that day.

        Those that leave today are looked at a last time: one with nothing left to ask for is cancelled, one that a
        person has to look at waits for approval, one whose claims changed is printed again and stays to be posted; the
        answer names them.

        :param date: day of posting, today without one
        :raise UserError: one of them is not printed, or the day is not between its printing and today
        """
        self.check_access("write")
        self._require_state("to_post")
        mailings = self.mailing_id
        changed = self.browse()
        for company, notices in by_company(self):
            today = company._recovery_today()
            day = fields.Date.to_date(date) or today
            notices._require_posted_by_then(day, today)
            # What was handed to the post on an earlier day has left, whatever happened meanwhile.
            anew = notices._look_again(day) if day == today else self.browse()
            (notices - anew).filtered(lambda notice: notice.state == "to_post")._posted(day, today)
            changed |= anew
        mailings._close_posted()
        self._trigger_sending()
        return self._tell_not_posted(changed)

    def _require_posted_by_then(self, day, today):
        self._require(
            self.filtered(lambda notice: notice.date <= day <= today),
            self.env._("A letter is posted on the day it was printed or later, and not after today."),
        )

    def _posted(self, day, today):
        """Conclude letters that were handed to the post on ``day``; their days to pay count from it."""
        for company, notices in self.grouped("company_id").items():
            closed = company._recovery_closed_days(day)
            moment = fields.Datetime.now() if day == today else company._recovery_noon(day)
            by_deadline = notices.grouped(lambda notice, closed=closed: notice._deadline_posted(day, closed))
            for last_day, of_day in by_deadline.items():
                of_day._sent(date=day, date_posted=day, date_sent=moment, date_deadline=last_day)
        self._message_log_batch(bodies={notice.id: notice._posted_text() for notice in self})

    def _deadline_posted(self, day, closed):
        """Return the last day to pay of a letter posted on ``day``: never before the one printed on it."""
        if self.counts_from_delivery:
            return False
        return max(self.date_deadline or day, self._deadline_from(day, closed))

    def _posted_text(self):
        day = format_date(self.env, self.date_posted)
        if self.tracking_number:
            return self.env._("Posted on %(day)s, number %(number)s", day=day, number=self.tracking_number)
        return self.env._("Posted on %s", day)

    def _tell_not_posted(self, changed):
        """Return the notification of what was asked to be posted and is not; False when all is."""
        cancelled = self.filtered(lambda notice: notice.state == "cancelled")
        asked = self.filtered(lambda notice: notice.state == "draft")
        if not (cancelled or asked or changed):
            return False
        texts = []
        if cancelled:
            texts.append(self.env._("Nothing left to ask for, cancelled: %s.", _names(cancelled)))
        if asked:
            texts.append(self.env._("To be looked at first, why stands in their history: %s.", _names(asked)))
        if again := changed.filtered(lambda notice: notice.state == "to_post"):
            texts.append(self.env._("Out of date by now, printed again: %s.", _names(again)))
        if elsewhere := changed - again:
            texts.append(self.env._("No post reaches them, back to the outbox: %s.", _names(elsewhere)))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Take these letters out of the pile"),
                "message": " ".join(texts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _note_numbers(self, numbers):
        """Note the numbers of registered letters, {notice: number}, and print them on those not posted yet."""
        self._note_numbers_posted(numbers).filtered(lambda notice: notice.state == "to_post")._print_again()

    def _note_numbers_posted(self, numbers):
        """Note the numbers of registered letters as they left; return those whose number changed."""
        self.check_access("write")
        changed = self.filtered(lambda one: one in numbers and (numbers[one] or False) != one.tracking_number)
        for notice in changed:
            notice._bulk_write({"tracking_number": numbers[notice] or False})
        return changed


def _names(notices):
    return ", ".join(notices[:20].mapped("display_name"))
