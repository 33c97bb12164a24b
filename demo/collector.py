"""What a collector does, through the methods that the screens call."""

from contextlib import closing, contextmanager

import psycopg2
from dateutil.relativedelta import relativedelta

from .books import Transfer

INSTALMENTS = 6
#: Who signs for a firm, by turns; a natural person signs for itself.
SIGNATORIES = ("Agnès Delorme, gérante", "Bruno Lestage, directeur général", "Carole Vidalenc, présidente")
REVIEW_AFTER = relativedelta(days=30)

#: Who approves what the collector may not decide alone.
MANAGER = {
    "name": "Hélène Vasseur",
    "login": "h.vasseur",
    "password": "h.vasseur",
    "email": "h.vasseur@cuisines-valmorel.example",
    "lang": "fr_FR",
    "tz": "Europe/Paris",
}


class Desk:
    """The collector's desk in one company."""

    def __init__(self, env, company):
        user = env.ref("base.user_admin")
        self.env = env(
            user=user, context={"lang": user.lang, "tz": user.tz, "allowed_company_ids": company.ids}
        )
        self.company = company.with_env(self.env)
        self.no_plan = self.env["recovery.plan"]

    def manager(self):
        """Who approves what the collector may not decide alone; made at the first time."""
        users = self.env["res.users"].sudo().with_context(no_reset_password=True)
        groups = ("group_recovery_manager", "group_recovery_confidential")
        rights = [self.env.ref(f"payment_plan_recovery.{group}").id for group in groups]
        return users.search([("login", "=", MANAGER["login"])]) or users.create(
            {
                **MANAGER,
                # Told in Odoo: the postbox is for the debtors' mails.
                "notification_type": "inbox",
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [(4, right) for right in rights],
            }
        )

    def hold(self, disputes):
        """Keep what is contested out of dunning; what is on hold already stays as it is."""
        disputes = {dispute.number: dispute for dispute in disputes}
        items = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("move_id.name", "in", list(disputes)),
                ("account_type", "=", "asset_receivable"),
            ]
        )
        held = self.env["recovery.hold"].search([("company_id", "=", self.company.id)]).move_line_ids
        self.env["recovery.hold"].create(
            [self._hold(item, disputes[item.move_id.name]) for item in items - held]
        )
        self.env.cr.commit()

    def _hold(self, item, dispute):
        return {
            "partner_id": item.partner_id.commercial_partner_id.id,
            "company_id": self.company.id,
            "move_line_ids": [(6, 0, item.ids)],
            "kind": "dispute",
            "amount": float(dispute.amount),
            "date_from": dispute.since,
            "date_review": dispute.since + REVIEW_AFTER,
            "reason": dispute.reason,
        }

    def plan_of(self, partner):
        """The first plan made with a debtor; none yet, perhaps."""
        return self.env["recovery.plan"].search([("partner_id", "=", partner.id)], order="id", limit=1)

    def grant_plan(self, partner, **terms):
        """A plan by months over the debtor's overdue invoices: signed, in force; none outside its policy."""
        plan = self.plan_of(partner)
        if plan:
            return plan
        with self.env.cr.savepoint() as tried:
            plan = self._draft(partner, terms)
            if plan.policy_exceptions:
                tried.rollback()
                self.env.invalidate_all()
                return self.no_plan
        self._agree(plan, {})
        return plan

    def _draft(self, partner, terms):
        negotiation = self.env["recovery.plan.negotiation"].create(
            {"partner_id": partner.id, "currency_id": self.company.currency_id.id}
        )
        plan = self.env["recovery.plan"].browse(negotiation.action_draft_plan()["res_id"])
        least = plan.policy_id.amount_min or 1
        count = max(1, min(INSTALMENTS, int(plan.amount_total // least)))
        plan.write({"instalment_count": count, "period": "month", **terms})
        plan.generate_instalments()
        return plan

    def renegotiate(self, plan, reason, **terms):
        """A revision in the plan's place, signed and in force; one that is there already stays."""
        if not plan.revision_ids:
            action = plan.action_renegotiate(reason)
            self._agree(self.env["recovery.plan"].browse(action["res_id"]), terms)

    def _agree(self, plan, terms):
        plan.write(terms)
        plan.generate_instalments()
        plan.action_propose()
        plan.action_accept(signed_by=signatory(plan.partner_id))
        plan.action_activate()
        self.env.cr.commit()

    def pay(self, books, row, amount, date, step):
        """The debtor transfers ``amount`` for an instalment; the bank line is matched, oldest invoice first."""
        plan, currency = row.plan_id, row.currency_id
        amount = left = books.exact(amount, currency)
        applies = []
        for item in plan.item_ids.move_line_id.sorted("date_maturity"):
            part = min(left, books.exact(item.amount_residual_currency, currency))
            if part:
                applies.append((item.move_id.name, part))
                left -= part
        memo = f"{plan.name} échéance {row.number}/{len(plan.instalment_ids)}"
        transfer = Transfer(memo, plan.partner_id.ref, date, currency.name, amount, tuple(applies), memo)
        books.book_transfers(books.missing([transfer]), step)
        self.env.invalidate_all()

    def follow_up(self, date):
        """Follow the plans up as every night; the cure notices that come of it go out."""
        self.env["recovery.plan"].monitor(date)
        self.env.cr.commit()
        self.send()

    def renew_charges(self):
        """Let the nightly job bring the late charges up to today; those that nobody claimed yet."""
        self.env.ref("payment_plan_recovery.cron_charge_renew").sudo().method_direct_trigger()
        self.env.cr.commit()
        self.env.invalidate_all()
        waiting = [("company_id", "=", self.company.id), ("state", "=", "accrued")]
        return self.env["recovery.charge"].search(waiting)

    def plans(self):
        """Every plan of the company, oldest first."""
        return self.env["recovery.plan"].search([("company_id", "=", self.company.id)], order="id")

    def run(self, date):
        """Propose, confirm and approve the run of ``date``; goes on with one that was begun."""
        runs = self.env["recovery.dunning.run"]
        known = [("company_id", "=", self.company.id), ("date", "=", date), ("state", "!=", "cancelled")]
        run = runs.search(known, limit=1) or runs.create({"company_id": self.company.id, "date": date})
        if run.state == "draft":
            run.action_propose()
            self.env.cr.commit()
        if run.state == "proposed":
            run.action_confirm()
            self.env.cr.commit()
        waiting = run.notice_ids.filtered(lambda notice: notice.state == "draft")
        if waiting:
            waiting.action_approve()
            self.env.cr.commit()
        return run

    @contextmanager
    def counting_sent(self, run):
        """A function that counts the run's notices that went out, over a connection of its own."""
        with closing(psycopg2.connect(dbname=self.env.cr.dbname)) as connection:
            connection.autocommit = True

            def count():
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT COUNT(*) FROM recovery_notice WHERE run_id = %s AND date_sent IS NOT NULL",
                        [run.id],
                    )
                    return cursor.fetchone()[0]

            yield count

    def send(self):
        """Let the scheduled job send what is queued, and take the printed letters to the post.

        The job stops when its time is up and is called again.
        """
        job = self.env.ref("payment_plan_recovery.ir_cron_send_notices").sudo()
        queued = [("company_id", "=", self.company.id), ("state", "=", "queued")]
        left, before = self.env["recovery.notice"].search_count(queued), None
        while left != before:
            job.method_direct_trigger()
            self.env.cr.commit()
            self.env.invalidate_all()
            left, before = self.env["recovery.notice"].search_count(queued), left
        self.post()

    def post(self):
        """Take the printed letters to the post, the registered ones under numbers of their own."""
        printed = self.env["recovery.notice"].search(
            [("company_id", "=", self.company.id), ("state", "=", "to_post")]
        )
        registered = printed.filtered(lambda notice: notice.channel == "registered")
        registered._note_numbers({notice: f"1A {notice.id:03d} 456 7890 1" for notice in registered})
        printed.action_post()
        self.env.cr.commit()

    def notices(self):
        """Every notice of the company."""
        return self.env["recovery.notice"].search([("company_id", "=", self.company.id)])


def signatory(debtor):
    """Who signs for ``debtor``, and in what capacity."""
    if not debtor.is_company:
        return debtor.name
    return SIGNATORIES[len(debtor.name) % len(SIGNATORIES)]
