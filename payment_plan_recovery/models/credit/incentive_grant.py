"""What a debtor has earned: proposed, decided by a person, told to the debtor, taken back where it relapses."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..claim.overdue import DISPUTED
from ..common.company_words import by_company, in_words_of_company
from ..common.counted import counted
from ..solvency.credit_terms import MANAGER
from .placeholders import benefits_of

#: States in which the debtor has what was granted; and those that leave no room for another incentive.
STANDING = ("granted", "relapsed")
OPEN = ("proposed", *STANDING)


class RecoveryIncentiveGrant(models.Model):
    """An incentive for one debtor, with what it changes: from the night it was proposed never more than that."""

    _name = "recovery.incentive.grant"
    _description = "Incentive of a Debtor"
    _inherit = ["recovery.incentive.gain", "recovery.guarded.fields", "recovery.debtor.mixin"]
    _inherit += ["recovery.once.of.debtor", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"
    _by_actions = True
    _once_among = (("state", "in", OPEN),)

    incentive_id = fields.Many2one(
        "recovery.incentive", "Reward", required=True, readonly=True, ondelete="restrict", index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", string="Creditor", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", string="Responsible", readonly=True, help="Who is asked, and named to the debtor."
    )
    date_proposed = fields.Date(string="Proposed on", required=True, readonly=True)
    reason = fields.Text(string="Earned by", readonly=True, help="How the debtor earned it.")
    limit_before = fields.Monetary(string="Limit before", readonly=True)
    limit_after = fields.Monetary(
        string="New limit",
        readonly=True,
        help="Credit limit once it is granted; zero where it stays as it is.",
    )
    term_before_id = fields.Many2one(
        "account.payment.term", string="Term before", readonly=True, ondelete="restrict"
    )
    term_after_id = fields.Many2one(
        "account.payment.term",
        string="New term",
        readonly=True,
        ondelete="restrict",
        help="Empty where the term stays as it is.",
    )
    lifts_down_payment = fields.Boolean(
        string="No down payment", readonly=True, help="Plans of the debtor need none while this stands."
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("relapsed", "Relapsed"),
            ("withdrawn", "Taken back"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        tracking=True,
        index=True,
        help="Relapsed: the debtor has it still, and a person decides whether it is taken back.",
    )
    decision_reason = fields.Text(
        string="Reason of the decision",
        protected=False,
        tracking=True,
        help="Why it is granted, refused or taken back.",
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, tracking=True)
    date_decided = fields.Date(string="Decided on", readonly=True)
    date_relapsed = fields.Date(string="Relapsed on", readonly=True)
    relapse = fields.Text(readonly=True, help="What the debtor did that it is to be taken back for.")

    _one_standing = models.UniqueIndex(
        "(partner_id, company_id) WHERE state IN ('proposed', 'granted', 'relapsed')",
        "The debtor has an incentive already.",
    )

    @api.depends("partner_id", "incentive_id")
    def _compute_display_name(self):
        for grant in self:
            grant.display_name = f"{grant.partner_id.display_name} · {grant.incentive_id.name}"

    # -- proposing -----------------------------------------------------------------------------

    @api.model
    def _propose(self, incentive, creditor, date, earned):
        """Propose ``incentive`` to the debtors who gain something by it; return the proposals.

        :param earned: {debtor: how it earned it}
        """
        values = []
        for debtor, reason in earned.items():
            gain = self._gain(incentive, creditor, debtor)
            if any(gain[name] for name in ("limit_after", "term_after_id", "lifts_down_payment")):
                values.append({"partner_id": debtor.id, "reason": reason, **gain})
        shared = {
            "incentive_id": incentive.id,
            "company_id": creditor.id,
            "date_proposed": date,
            "user_id": self.env["recovery.solvency.check"]._other_manager(self.env["res.users"], creditor).id,
        }
        grants = self.sudo().create([{**shared, **one} for one in values])  # sudo: by the nightly job alone
        words = in_words_of_company(grants).env
        grants._ask_person(words._("Grant what the debtor has earned, or refuse it"))
        return grants

    def _ask_person(self, summary):
        for grant in self.filtered("user_id"):
            grant.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=grant.company_id._recovery_today(),
                summary=summary,
                note=grant.relapse or grant.reason,
                user_id=grant.user_id.id,
            )

    # -- deciding ------------------------------------------------------------------------------

    def action_grant(self):
        """Give the debtor what it has earned, and tell it.

        :raise AccessError: no recovery manager, or a limit above the ceiling: that takes a check and two people
        :raise UserError: its credit was lowered since the proposal, or it has as much already
        """
        self._require_deciding("proposed")
        for (
            grant
        ) in self.sudo():  # sudo: the right to decide was checked; contacts are written in these fields alone
            grant._leave_what_is_better()
            debtor = grant.partner_id.with_company(grant.company_id)
            if grant.limit_after:
                debtor.credit_limit = grant.limit_after
                debtor.sudo(False)._require_may_give_credit(manages=True)
            if grant.term_after_id:
                debtor.property_payment_term_id = grant.term_after_id
                grant._change_term(grant.term_before_id, grant.term_after_id)
            grant._decide("granted")
        self.sudo()._tell("incentive_granted")

    def action_refuse(self):
        """Leave the debtor as it is; a reason is due."""
        self._require_deciding("proposed")
        self._require_reason()
        self.sudo()._decide("refused")  # sudo: the right to decide was checked just above

    def action_withdraw(self):
        """Take back what was granted, for what comes: invoices and plans that exist keep their terms. Tell the debtor.

        Limit and term that somebody gave it since stay.
        """
        self._require_deciding(*STANDING)
        for grant in self.sudo():  # sudo: as when it was granted
            debtor = grant.partner_id.with_company(grant.company_id)
            same = grant.currency_id.compare_amounts(debtor.credit_limit, grant.limit_after) == 0
            if grant.limit_after and same:
                debtor.credit_limit = grant.limit_before
            if grant.term_after_id:
                grant._change_term(grant.term_after_id, grant.term_before_id)
            grant._decide("withdrawn")
        self.sudo()._tell("incentive_withdrawn")

    def _change_term(self, former, term):
        """Give the debtor ``term`` in place of ``former``, with the creditor and each branch where it had that one."""
        for company in self.company_id.browse(self.company_id._recovery_branch_ids()):
            debtor = self.partner_id.with_company(company)
            if debtor.property_payment_term_id == former:
                debtor.property_payment_term_id = term

    def action_keep(self):
        """Let the debtor keep it although it relapsed; a reason is due."""
        self._require_deciding("relapsed")
        self._require_reason()
        self.sudo()._decide("granted")  # sudo: the right to decide was checked just above

    def _require_deciding(self, *states):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a recovery manager decides on incentives."))
        self.check_access("write")
        for grant in self:
            if grant.state not in states:
                raise UserError(self.env._("%s is decided already.", grant.display_name))

    def _require_reason(self):
        for grant in self:
            if not (grant.decision_reason or "").strip():
                raise UserError(self.env._("%s: say why.", grant.display_name))

    def _decide(self, state):
        for company, grants in self.grouped("company_id").items():
            grants.write(
                {
                    "state": state,
                    "decided_by_id": self.env.uid,
                    "date_decided": company._recovery_today(),
                    "date_relapsed": False,
                    "relapse": False,
                }
            )
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # -- relapses ------------------------------------------------------------------------------

    @api.model
    def _find_relapses(self, creditor, date):
        """Ask about standing grants whose debtors broke a plan since, or are later than the incentive allows."""
        creditor = creditor._recovery_creditor()
        granted = [("company_id", "=", creditor.id), ("state", "=", "granted")]
        grants = self.search([*granted, ("incentive_id.is_taken_back", "=", True)])
        late = (
            self.env["recovery.claim"]._overdue(grants.partner_id, creditor, date, DISPUTED) if grants else {}
        )
        broken = self._broken_plans(grants, creditor)
        for grant in grants:
            words = in_words_of_company(grant).env
            oldest = late.get(grant.partner_id.id, (date,))[0]
            plan = broken.get(grant.partner_id.id)
            if plan and plan.date_closed >= grant.date_decided:
                day = format_date(words, plan.date_closed)
                grant._relapse(date, words._("%(plan)s was broken on %(date)s.", plan=plan.name, date=day))
                continue
            days = grant.incentive_id.relapse_days
            if max(oldest, grant.date_decided) < fields.Date.subtract(date, days=days):
                why = words._(
                    "Since %(date)s a claim is late, longer than the incentive allows (%(days)s).",
                    date=format_date(words, oldest),
                    days=counted(words, "day", days),
                )
                grant._relapse(date, why)

    @api.model
    def _broken_plans(self, grants, creditor):
        plans = self.env["recovery.plan"].search(
            [
                ("partner_id", "in", grants.partner_id.ids),
                ("company_id", "in", creditor._recovery_branch_ids()),
                ("state", "=", "broken"),
            ],
            order="date_closed",
        )
        return {plan.partner_id.id: plan for plan in plans}

    def _relapse(self, date, why):
        # sudo: by the nightly job alone
        self.sudo().write({"state": "relapsed", "date_relapsed": date, "relapse": why})
        self.sudo()._ask_person(
            in_words_of_company(self).env._("Take the incentive back, or let the debtor keep it")
        )

    def _ask_again(self, debtor, company, since, date, why):
        """Ask about what ``debtor`` was granted since the day ``since``: money that came then went back."""
        granted = [("company_id", "=", company._recovery_creditor().id), ("state", "=", "granted")]
        for grant in self.search([*granted, ("partner_id", "=", debtor.id), ("date_proposed", ">=", since)]):
            grant._relapse(date, why)

    # -- debtors that become one ------------------------------------------------------------------

    def _follow_debtor(self, change):
        """Go along with the debtor; one that has an incentive already keeps its own."""
        if change.whole:
            self._make_room(change.former, change.debtor)
            self._give_to(change)

    def _step_aside(self, staying):
        for _company, grants in by_company(self):
            told = grants.env._(
                "It belongs to %s now, which has an incentive of its own.", staying.display_name
            )
            grants.decision_reason = told
            proposed = grants.filtered(lambda grant: grant.state == "proposed")
            proposed._decide("refused")
            (grants - proposed)._decide("withdrawn")

    # -- telling -------------------------------------------------------------------------------

    def _tell(self, occasion):
        """Write to the debtors, in their languages, what they got or what was taken back."""
        self.env["recovery.message"]._mail_occasion(occasion, {grant: grant._content() for grant in self})

    def _content(self):
        content = self.partner_id._recovery_content(
            self.company_id, self.company_id._recovery_today(), self.env["recovery.claim"]
        )
        return replace(
            content,
            benefits=benefits_of(self, content.env),
            responsible=(self.user_id or self.env.user).partner_id,
        )

    @api.model
    def _of_debtor(self, company, debtor):
        """Return the grant that stands for ``debtor`` with ``company`` or the company it belongs to, if any."""
        # sudo: what was granted holds whoever draws up the plan
        standing = [("company_id", "=", company._recovery_creditor().id), ("state", "in", STANDING)]
        return self.sudo().search([*standing, ("partner_id", "=", debtor.commercial_partner_id.id)], limit=1)

    @api.model
    def _open_of(self, debtors):
        """Return {debtor: what is proposed to it, or stands} with the current creditor."""
        grants = self.search(
            [
                ("partner_id", "in", debtors.ids),
                ("company_id", "=", self.env.company._recovery_creditor().id),
                ("state", "in", OPEN),
            ]
        )
        return {grant.partner_id: grant for grant in grants}
