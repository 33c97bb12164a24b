"""Following plans in force: what became late, is cured, falls in default, breaks or is complete."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, format_date, format_list
from odoo.tools.misc import formatLang

from ...tools.follow_up import Facts, Terms, Unpaid, next_state
from ..common.company_words import by_language
from ..common.kernel import exact
from ..common.res_company import FIRST_DAY
from .beside import BESIDE
from .meant import MEANT
from .moved import MOVED
from .plan import LIVE_STATES
from .waiting import MATCH

#: Plans followed up between two commits of the daily job.
BATCH_SIZE = 500
#: What a person has to do about a plan.
ACTIVITY = "payment_plan_recovery.mail_activity_plan_follow_up"


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def monitor(self, date):
        """Bring plans to the state that follows from the ledger at ``date``.

        Called on no plan in particular, follows up every plan that needs it, of all
        companies allowed. Does nothing twice: what moved yesterday stays where it is.
        """
        for plans in by_language(self or self._to_monitor(date)):
            plans._follow_up(date)

    def _follow_up(self, date):
        """Bring plans to the state that follows; what is noted and asked is in the language of the env."""
        facts = self._resume_bounced(date)._facts(date)
        closed = self._closed_by_company()
        states = {
            plan: next_state(known, plan._follow_up_terms(date, closed[plan.company_id]), date)
            for plan, known in facts.items()
        }
        worse = self._worse_off(states)
        apart, held = worse._money_apart(date), worse._on_hold(date)
        # as soon as an instalment is late, tolerated or not: a reminder of it does not wait for the plan to get worse
        self.filtered(lambda plan: plan.state in LIVE_STATES and facts[plan].unpaid)._ask_about_meant(date)
        staying = held.union(
            *apart,
            worse._asked_about(BESIDE),
            self._asked_about(MOVED),
            worse & self._asked_about_meant(date),
            worse._signed_anew(),
        )
        moving = self.filtered(
            lambda plan: states.get(plan, plan.state) != plan.state and plan not in staying
        )
        for state, moved in moving.grouped(states.get).items():
            getattr(moved, f"_become_{state}")(date)
        (self - staying)._follow_cure_notices(date)
        self._ask_to_match(date, apart)

    def action_monitor(self):
        """Follow up these plans now, as the daily job would."""
        for company, plans in self.grouped("company_id").items():
            plans.monitor(company._recovery_today())

    @api.model
    def _to_monitor(self, date, companies=None):
        """Return the plans whose state may have to change at ``date``, of all companies or of ``companies``."""
        late = self.env["recovery.plan.instalment"]._search(
            [("plan_state", "=", "active"), ("amount_residual", ">", 0), ("date_due", "<", date)]
        )
        return self.search(
            [
                *([("company_id", "in", companies.ids)] if companies is not None else ()),
                "|",
                "&",
                ("state", "in", LIVE_STATES),
                "|",
                "|",
                "|",
                ("amount_net", "<=", 0),
                ("state", "!=", "active"),
                ("instalment_ids", "in", late),
                ("receipt_hold_id", "!=", False),
                "|",
                "&",
                ("state", "=", "completed"),
                ("amount_residual", ">", 0),
                ("activity_ids.activity_type_id", "in", [self.env.ref(asked).id for asked in (MATCH, MEANT)]),
            ],
            order="id",
        )

    def _facts(self, date):
        """Return {plan: what is known of it at ``date``}, of live and completed plans."""
        plans = self.filtered(lambda plan: plan.state in (*LIVE_STATES, "completed"))
        unpaid = plans._unpaid_before(date)
        complete = plans._complete_with_discount()
        return {
            plan: Facts(
                plan.state,
                Decimal(0) if plan in complete else exact(plan.amount_residual, plan.currency_id),
                tuple(
                    Unpaid(row.date_due, exact(left, plan.currency_id))
                    for row, left in unpaid.get(plan, {}).items()
                ),
                plan.date_default or None,
                **plan._cure_facts(),
            )
            for plan in plans
        }

    def _unpaid_before(self, date):
        """Return {plan: {instalment due before ``date``: what of it was not received}}, without those received.

        Nobody is late by what payments left of an instalment and its creditor lets go as a small residue, nor by what
        is disputed in part.
        """
        rows = self._due_before(date)
        unpaid, spared = {}, {}
        for creditor, plans in rows.plan_id.grouped(lambda plan: plan.company_id.sudo().root_id).items():
            spared |= self._spared(creditor, date, plans.partner_id.commercial_partner_id.ids)
        for row, owed in rows._uncovered(rows._covered(date)).items():
            left = row.currency_id.round(owed - spared.get(row.id, 0))
            if left <= 0:
                continue
            if left == row.amount or not row.plan_id._is_residue(left, date):
                unpaid.setdefault(row.plan_id, {})[row] = left
        return unpaid

    def _is_residue(self, amount, date):
        """Whether an amount in the plan's currency is below the residue that its creditor lets go."""
        threshold = self.env["recovery.residue"]._threshold(self.company_id)
        return self.currency_id.compare_amounts(amount, self._in_plan_currency(threshold, date)) < 0

    @api.model
    def _residue_sql(self, company) -> SQL:
        """Condition that payments left of an instalment (``claim``) less than its creditor asks for."""
        threshold = self.env["recovery.residue"]._threshold(company)
        if not threshold:
            return SQL("FALSE")
        return SQL(
            """
            claim.uncovered * claim.amount_company / claim.amount_residual < %s
            AND claim.uncovered < (SELECT amount FROM recovery_plan_instalment WHERE id = claim.instalment_id)
            """,
            str(threshold),
        )

    def _in_plan_currency(self, amount, date):
        """Return an ``amount`` in the company's currency, as limits are declared, in the plan's own on ``date``."""
        # sudo: the creditor's currency, whoever follows up in a branch
        currency = self.company_id.sudo().currency_id
        return currency._convert(amount, self.currency_id, self.company_id, date) if amount else 0.0

    def _on_hold(self, date):
        """Return the plans that get no worse on ``date``: their debtor, or an open item they cover, is on hold."""
        held = self.browse()
        for company, plans in self.grouped("company_id").items():
            # sudo: a hold holds whoever follows up
            holds = self.env["recovery.hold"].sudo().with_company(company)._running(date, plans.partner_id)
            holds -= plans.sudo().receipt_hold_id  # whose question says how long, and whether it was answered
            whole = holds.filtered(lambda hold: not hold.move_line_ids).partner_id
            items = holds.filtered(lambda hold: not hold.amount).move_line_ids
            items = items.filtered(lambda item: not item.reconciled)
            held |= plans.filtered(
                lambda plan, whole=whole, items=items: (
                    plan.partner_id in whole or plan.item_ids.move_line_id & items
                )
            )
        return held

    @api.model
    def _instalments_on_hold_sql(self, held: SQL) -> SQL:
        """Query of the ids of instalments whose plan covers an item that is on hold as a whole.

        :param held: table or query of (move_line_id, whole), see ``recovery.hold._items_held_sql``
        """
        return SQL(
            """
            SELECT instalment.id
              FROM %s held
              JOIN recovery_plan_item covered ON covered.move_line_id = held.move_line_id AND covered.is_live
              JOIN recovery_plan_instalment instalment ON instalment.plan_id = covered.plan_id
             WHERE held.whole
            """,
            held,
        )

    def _due_before(self, date):
        """Return the instalments due before ``date`` and not paid in full."""
        return self.env["recovery.plan.instalment"].search(
            [("plan_id", "in", self.ids), ("amount_residual", ">", 0), ("date_due", "<", date)],
            order="plan_id, date_due, id",
        )

    def _follow_up_terms(self, date, closed):
        policy = self.policy_id
        if not policy:
            return Terms(closed=closed)
        return Terms(
            policy.tolerance_days,
            exact(self._in_plan_currency(policy.tolerance_amount, date), self.currency_id),
            policy.grace_days,
            policy.grace_instalments,
            closed,
        )

    def _closed_by_company(self):
        """Return {company: (holidays, weekdays) on which it is closed}, of the plans' companies."""
        return {company: company._recovery_closed_days(FIRST_DAY) for company in self.company_id}

    # ------------------------------------------------------------ transitions

    def _resume_bounced(self, date):
        """Put completed plans whose money went back in force again, and return the plans left to judge.

        One whose items are in another plan or a case by now is left completed.
        """
        bounced = self.filtered(lambda plan: plan.state == "completed" and plan.amount_residual > 0)
        # Another plan may be one of a company the user does not see.
        taken = (
            bounced.filtered(lambda plan: plan.item_ids.sudo()._other_signed()) | bounced._in_running_cases()
        )
        resumed = bounced - taken
        # Collectors do not write journal items: only the follow-up flag is touched.
        resumed.item_ids.sudo()._bind()
        # What was asked for by a cure notice was paid: another default takes another notice.
        resumed._drop_cure_notices()
        resumed._earn_discount_anew(date)
        resumed._owe_charges_again()  # of a room below, which says in its own file on plans what becomes of them
        for plan in resumed:
            plan._note_past("in_default", plan.date_default, plan.date_closed)
            plan._note_past("completed", plan.date_closed, date)
        resumed._move_to(
            "active",
            self.env._("A payment was undone: the plan is in force again."),
            date_closed=False,
            date_default=False,
        )
        return self - taken

    def _become_active(self, date):
        self._drop_cure_notices()
        self._note_cured(date)
        self.activity_unlink([ACTIVITY])
        self._move_to(
            "active",
            self.env._("Nothing is late any more."),
            date_default=False,
            date_closed=False,
        )

    def _become_late(self, date):
        self._drop_cure_notices()
        self._note_cured(date)
        self._move_to("late", self._late_bodies(date), date_default=False)
        self._ask_person(self.env._("Call the debtor: the plan is late."), date)

    def _become_completed(self, date):
        complete = self._give_discounts(date)
        complete.activity_unlink([ACTIVITY])
        otherwise = complete._settled_otherwise()
        (complete - otherwise)._close("completed", date, self.env._("Paid in full."))
        otherwise._close(
            "completed",
            date,
            self.env._("Nothing is owed any more: what was not paid was credited or written off."),
        )
        complete._thank(date)

    def _ask_person(self, summary, date):
        """Give the person responsible for each plan something to do at ``date``, once."""
        asked = self.activity_ids.filtered(lambda activity: activity.summary == summary)
        plans = self.filtered(lambda plan: plan.id not in set(asked.mapped("res_id")))
        for user, mine in plans.grouped(self.env["ir.cron"]._recovery_person).items():
            # A day's follow-up is one list on a screen, not a mail for each plan.
            mine.with_context(mail_activity_quick_update=True).activity_schedule(
                ACTIVITY, date_deadline=date, summary=summary, user_id=user.id
            )

    def _late_bodies(self, date):
        """Return {plan id: which instalments are late, and how much}."""
        unpaid = self._unpaid_before(date)
        return {
            plan.id: self.env._(
                "%(amount)s late: %(instalments)s.",
                amount=formatLang(
                    self.env, sum(unpaid.get(plan, {}).values()), currency_obj=plan.currency_id
                ),
                instalments=format_list(
                    self.env,
                    [
                        self.env._(
                            "instalment %(number)s of %(date)s",
                            number=row.number,
                            date=format_date(self.env, row.date_due),
                        )
                        for row in unpaid.get(plan, ())
                    ],
                ),
            )
            for plan in self
        }

    # ------------------------------------------------------------ daily job

    @api.model
    def _cron_monitor(self):
        """Follow up every plan at its creditor's day, a batch at a time.

        Killed half-way, it finds what is left by itself: plans that moved already are
        not concerned any more, and those that stay late are gone through again. A plan
        that cannot be followed up does not keep the others from it: the person
        responsible is asked to look at it.
        """
        due = [
            (self._to_monitor(date, companies).ids, {"date": date})
            for date, companies in self.env["res.company"]._recovery_by_day().items()
        ]
        self.env["recovery.dispatch"]._dispatch_all(self._name, "monitor", due, BATCH_SIZE)
