"""Claims looked at again when their notice is about to go: some are settled, held or in a plan by then."""

from collections import defaultdict

from odoo import fields, models

from ..common.channel import Obstacle
from ..common.company_words import by_company, in_words_of_company
from ..common.guarded_fields import as_action
from ..common.planner import suiting


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    waiting_money = fields.Text(
        readonly=True,
        copy=False,
        help="Money of the debtor that is not laid over the claims: in another currency, or in suspense at the "
        "bank. The notice waits until somebody has looked at it.",
    )

    is_archived_known = fields.Boolean(
        string="Archived debtor known",
        readonly=True,
        copy=False,
        help="The notice waited because its debtor is archived: approved since, it goes.",
    )

    def _drop_settled_claims(self, today):
        """Leave out what is no longer to be chased on ``today``; cancel a notice that is left empty.

        The run's own statement judges, asked about the notices' debtors as if these notices had not been made:
        claims paid or covered by unmatched money, let go, taken into a plan, put on hold or excluded since are
        dropped, and so are those that their level is too early for or asks more for by now, and those whose due
        date or debtor changed: what the notice says of them is no longer true. An amount paid in part since is
        brought up to date, and so is what the notice asks for in all.
        """
        self.env.flush_all()
        lines = as_action(self.line_ids.filtered("is_live"))
        judged = self._judged_now(today)
        dropped, asked, changed = {}, defaultdict(float), self.browse()
        for line in lines:
            claim = judged[line.notice_id.company_id.id].get(line._claim())
            reason = line._reason_to_drop(claim, today)
            if reason:
                dropped.setdefault(reason, lines.browse())
                dropped[reason] |= line
                changed |= line.notice_id
                continue
            asked[line.notice_id.id] += float(claim["amount_company"])
            if line.currency_id.compare_amounts(line.amount_residual, claim["amount_residual"]):
                line.amount_residual = claim["amount_residual"]
                changed |= line.notice_id
        for reason, left_out in dropped.items():
            left_out.write({"is_live": False, "drop_reason": reason})
        for notice in changed.filtered(lambda notice: notice.id in asked):
            notice._bulk_write({"amount_total": notice.company_id.currency_id.round(asked[notice.id])})
        self._cancel_empty()
        unsent = self.filtered(lambda notice: notice.state in ("queued", "to_post"))
        unsent._ask_about_archived()
        unsent.filtered(lambda notice: notice.state != "draft")._ask_about_money(today)

    def _judged_now(self, today):
        """Return the rows of the run's statement about the notices' debtors: {company id: {claim: row}}."""
        judged = defaultdict(dict)
        for company, notices in self.grouped("company_id").items():
            scope = self.env["recovery.dunning.scope"]._read(company, today, partners=notices.partner_id)
            scope.without_notices = notices.ids
            unfit = notices.line_ids.filtered("is_live")._unfit_levels(scope)
            with suiting(self.env.cr, scope.partner_ids):
                rows = self.env.execute_query_dict(self.env["recovery.dunning.engine"]._statement(scope))
            for row in rows:
                claim = row["move_line_id"], row["instalment_id"]
                judged[company.id][claim] = {**row, "unfit_levels": unfit[claim]}
        return judged

    def _cancel_empty(self):
        """Cancel the notices that have nothing left to ask for, and say why."""
        empty = self.filtered(lambda notice: not any(notice.line_ids.mapped("is_live")))
        empty._log_held()
        labels = dict(self.line_ids._fields["drop_reason"]._description_selection(self.env))
        for notice in empty:
            reasons = {labels[line.drop_reason] for line in notice.line_ids if line.drop_reason}
            why = (
                self.env._("Nothing was left to ask for: %s", ", ".join(sorted(reasons)))
                if reasons
                else self.env._("Nothing was left to ask for: the claims it was about no longer exist.")
            )
            notice._bulk_write({"state": "cancelled", "next_attempt": False, "failure_reason": why})

    def _log_held(self):
        """Write down whom a hold keeps from being contacted."""
        obstacle = Obstacle("hold", self.env._("A hold was set before the notice went."))
        held = self.filtered(lambda notice: "on_hold" in notice.line_ids.mapped("drop_reason"))
        self._log_withheld([(notice, notice.channel, obstacle) for notice in held])

    # What was written and has not left -----------------------------------------------------------

    def _still_true(self):
        """Return those of the queued notices, written a while ago, that are of today and whose claims are as written.

        The claims are looked at again for that.
        """
        true = self.browse()
        for company, notices in by_company(self):
            today = company._recovery_today()
            before = {line: (line.is_live, line.amount_residual) for line in notices.line_ids}
            notices._drop_settled_claims(today)
            changed = notices.line_ids.filtered(
                lambda line, before=before: before[line] != (line.is_live, line.amount_residual)
            )
            true |= notices.filtered(
                lambda notice, today=today: notice.state == "queued" and notice.date == today
            )
            true -= changed.notice_id
        return true

    def _write_anew(self):
        """Take back what was written of the notices; those still to go are written anew."""
        self._take_back()
        self.filtered(lambda notice: notice.state == "queued")._queue_for_sending()

    # A debtor who is no customer any more -------------------------------------------------------

    def _ask_about_archived(self):
        """Let notices to debtors who are archived by now be approved by who has looked at it, once each."""
        waiting = self.filtered(
            lambda notice: notice.partner_id._recovery_is_archived() and not notice.is_archived_known
        )
        waiting._bulk_write({"state": "draft", "next_attempt": False, "is_archived_known": True})
        for _company, notices in by_company(waiting):
            text = notices.env._("The debtor is archived. Cancel the notice, or approve it as it is.")
            notices._message_log_batch(bodies=dict.fromkeys(notices.ids, text))

    # Money that nobody can lay over the claims but a person ------------------------------------

    def _ask_about_money(self, today):
        """Let notices to debtors whose money waits elsewhere be approved by who has looked at it.

        A notice that was approved with the very same money in sight goes.
        """
        for notice, amounts in self._money_elsewhere(today).items():
            text = ", ".join(sorted(currency.format(amount) for currency, amount in amounts.items()))
            if text != notice.waiting_money:
                notice._bulk_write({"state": "draft", "next_attempt": False, "waiting_money": text})
                words = in_words_of_company(notice).env
                notice._message_log(
                    body=words._(
                        "Received and not matched with the claims: %s. Match it, or approve the notice as it is.",
                        text,
                    )
                )

    def _money_elsewhere(self, date):
        """Return what of each notice's debtor lies over no claim: {notice: {currency: amount}}.

        Money in other currencies than the claims', and what waits in suspense at the bank.
        """
        found = {}
        for company, notices in self.grouped("company_id").items():
            money = self.env["recovery.open.money"].of_debtors(notices.partner_id, company, date)
            for notice in notices.filtered(lambda notice, money=money: notice.partner_id in money):
                asked = notice.line_ids.filtered("is_live").currency_id
                of_debtor = money[notice.partner_id]
                amounts = dict(of_debtor.suspense)
                for currency, left in of_debtor.left.items():
                    if currency not in asked:
                        amounts[currency] = amounts.get(currency, 0) + left
                if amounts:
                    found[notice] = amounts
        return found
