"""Whether promises were kept: judged from the money received, by the day, each one apart."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..common.company_words import in_words_of_company
from ..common.guarded_fields import as_action
from .promise_money import MATCH

#: Promises judged, and locked, together.
BATCH_SIZE = 500


class RecoveryPromise(models.Model):
    _inherit = "recovery.promise"

    def action_judge(self):
        """Look at the payments now."""
        for company, promises in self.grouped("company_id").items():
            promises._judge(company._recovery_today())

    def action_cancel(self):
        """Withdraw open promises; their holds end."""
        if self.filtered(lambda promise: promise.state != "open"):
            raise UserError(self.env._("Only an open promise can be cancelled."))
        for company, promises in self.grouped("company_id").items():
            promises._close("cancelled", company._recovery_today())

    def _judge(self, date):
        """Set open promises kept, partially kept or broken as the money received until ``date`` says.

        One that money keeps which is not matched yet, or whose money nobody can count yet, stays open: somebody is
        asked to match it. Of what was credited, given up or let go since nothing is missed.
        """
        promises = self.filtered(lambda promise: promise.state == "open")
        received, waiting = promises._received(date), promises._waiting(date)
        missed = self.browse()
        for promise in promises:
            amount = waiting.get(promise.id, 0.0)
            as_action(promise).write(
                {
                    "amount_waiting": amount,
                    "amount_received": received.get(promise.id, 0.0) + amount,
                }
            )
            if promise._is_enough(promise.amount_received - promise.amount_waiting):
                promise._close("kept", date)
            elif promise._is_enough(promise.amount_received):
                promise._ask_to_match()
            elif date > promise.date_deadline:
                missed |= promise
        apart, settled = missed._money_apart(date), missed._settled(date)
        for promise in missed:
            if promise in apart:
                promise._ask_to_match(apart[promise])
            elif promise in settled:
                promise._close("kept" if promise.amount_received else "cancelled", date)
            else:
                promise._close("partially_kept" if promise.amount_received else "broken", date)
                promise._tell_responsible()

    def _settled(self, date):
        """Return the promises of which nothing is asked any more on ``date``, by whatever means.

        Nothing is open of the items they name but what the creditor lets go; without any, the debtor's whole debt was
        settled since. Money that came after a promise's last day settles nothing for it, however late it is judged.
        """
        settled, named = self.browse(), self._named_items()
        for companies, promises in self._by_creditor():
            open_items = promises._open_items(companies)
            let_go = self.env["recovery.residue"]._let_go(
                promises[0].company_id, date, promises.partner_id.ids
            )
            asked = open_items.filtered(lambda item, let_go=let_go: item.id not in let_go)
            owing = asked.partner_id.commercial_partner_id
            paid_since = promises._last_settled(companies)
            for promise in promises:
                if named[promise]:
                    is_settled = not named[promise] & asked
                else:
                    last = paid_since.get(promise.partner_id)
                    is_settled = promise.partner_id not in owing and last and last >= promise.date_given
                settled |= promise if is_settled else self.browse()
        return settled - settled._paid_late()

    def _last_settled(self, companies):
        """Return the last day on which something that debtors of promises about everything owed was settled."""
        whole = self.filtered(lambda promise: not promise._all_items())
        # sudo: see _open_items
        groups = (
            self.env["account.partial.reconcile"]
            .sudo()
            ._read_group(
                [
                    ("debit_move_id.partner_id.commercial_partner_id", "in", whole.partner_id.ids),
                    ("company_id", "in", companies),
                    ("max_date", ">=", min(whole.mapped("date_given"), default=False)),
                ],
                ["debit_move_id"],
                ["max_date:max"],
            )
            if whole
            else ()
        )
        last = {}
        for item, day in sorted(groups, key=lambda group: group[1]):
            last[item.partner_id.commercial_partner_id] = day
        return last

    def _open_items(self, companies):
        """Return what the debtors of the promises owe ``companies`` (ids), due or not."""
        # sudo: a promise is judged by what every branch is owed, whoever judges it
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", companies),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("balance", ">", 0),
                ]
            )
        )

    def _is_enough(self, received):
        return self.currency_id.compare_amounts(received + self.tolerance_amount, self.amount) >= 0

    def _judge_locked(self, date):
        """Judge those of the promises that no other transaction works on."""
        self.try_lock_for_update()._judge(date)

    @api.model
    def _judge_again(self, debtor, company, since, date):
        """Judge anew, on ``date``, what a debtor had kept with money of ``since`` or later that went back.

        One whose days still run is open again, and held, unless another was given meanwhile. Nobody but the person
        responsible is told.
        """
        theirs = [("partner_id", "=", debtor.id), ("company_id", "in", company._recovery_branch_ids())]
        promises = self.search(
            [*theirs, ("state", "in", ("kept", "partially_kept")), ("date_judged", ">=", since)]
        )
        if self.search_count([*theirs, ("state", "=", "open")], limit=1):
            promises = promises.filtered(lambda promise: promise.date_deadline < date)
        for promise in promises:
            state, judged = promise.state, promise.date_judged
            as_action(promise).write({"state": "broken", "date_judged": date})  # not counted against itself
            promise._judge_kept(state, judged, date)
            if (promise.state, promise.date_judged) != (state, judged):
                promise._note_past(state, judged, date)

    def _judge_kept(self, state, judged, date):
        """Judge a promise that was found in ``state`` on the day ``judged``, and keep both when it stands."""
        received = self._received(date).get(self.id, 0.0) + self._waiting(date).get(self.id, 0.0)
        as_action(self).amount_received = received
        if self._is_enough(received):
            as_action(self).write({"state": "kept", "date_judged": judged})
        elif self.date_deadline >= date:
            as_action(self).write({"state": "open", "date_judged": False})
            self.hold_id.sudo().date_until = self.date_deadline  # sudo: the hold follows its promise
        elif self in self._settled(date):
            as_action(self).write({"state": state, "date_judged": judged})
        else:
            as_action(self).state = "partially_kept" if received else "broken"
            self._tell_responsible()

    def _close(self, state, date):
        """End promises and, from the next day, their holds."""
        as_action(self).write({"state": state, "date_judged": date})
        self.activity_unlink([MATCH])
        self.hold_id.sudo()._end(date)  # sudo: the hold follows its promise

    def _tell_responsible(self):
        """Say that the promise was not kept."""
        env = in_words_of_company(self).env
        self._ask_responsible(
            env._("Promise not kept"),
            env._(
                "%(received)s of %(amount)s arrived. Call, or let the next dunning run go on.",
                received=format_amount(env, self.amount_received, self.currency_id),
                amount=format_amount(env, self.amount, self.currency_id),
            ),
        )

    def _ask_responsible(self, summary, note):
        """An activity for the responsible person, once while it is open."""
        if summary not in self.activity_ids.mapped("summary"):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=note,
                user_id=self.env["ir.cron"]._recovery_person(self).id,
            )

    @api.model
    def _cron_judge(self):
        """Daily: judge the open promises, company by company, each batch committed."""
        promises = self.search([("state", "=", "open")])
        # Locked batch by batch: each commit lets every lock go.
        portions = [
            (batch.ids, {"date": company._recovery_today()})
            for company, batch in promises.grouped("company_id").items()
        ]
        # To the end: promises whose days still run stay open, and would come first again.
        self.env["recovery.dispatch"]._dispatch_all(self._name, "_judge_locked", portions, BATCH_SIZE)
