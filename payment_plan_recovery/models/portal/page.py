"""The lists of an account's page: which records each shows is asked for in one statement for all of them."""

from odoo import api, models
from odoo.tools import SQL

from ..common.listed import listed_sql
from ..common.planner import one_by_one
from ..common.unwritten import is_all_written
from .plan import UNDER_WAY

#: Rows of a list.
LISTED = 20
#: What a row of the account says of a plan, and reckons its next instalment by.
PLAN_FIELDS = ("amount_paid", "amount_residual", "amount_total", "company_id", "currency_id", "name", "state")
#: What is asked of the creditor before its account is shown, and what the account says of it; of its contact, the
#: debtor and the user.
COMPANY_FIELDS = (
    "account_fiscal_country_id",
    "currency_id",
    "name",
    "parent_id",
    "parent_path",
    "partner_id",
    "recovery_charge_law",
    "recovery_portal",
)
PARTNER_FIELDS = (
    "commercial_partner_id",
    "is_company",
    "lang",
    "name",
    "recovery_no_portal",
    "recovery_representative_id",
    "ref",
    "type",
    "tz",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "user_id",
)
USER_FIELDS = ("company_id", "login", "name", "partner_id", "share")
CURRENCY_FIELDS = ("decimal_places", "name", "position", "rounding", "symbol")
#: The model of each list.
LISTS = {
    "notices": "recovery.notice",
    "payments": "account.payment",
    "banked": "account.move.line",
    "promise": "recovery.promise",
    "announced": "payment.transaction",
    "disputes": "recovery.dispute",
    "requests": "recovery.request",
    "insolvencies": "recovery.hold",
}


class RecoveryPortalPage(models.AbstractModel):
    """Gathers what a page shows of one debtor with one creditor. Callers come by sudo. Holds no data."""

    _name = "recovery.portal.page"
    _description = "Lists on the Page of an Account"

    @api.model
    def _fetch_parties(self, debtor, company):
        """Read of debtor, creditor and user what an account says of them, and not all that is known of them."""
        company.fetch(COMPANY_FIELDS)
        company.currency_id.fetch(CURRENCY_FIELDS)
        user = self.env.user
        user.fetch(USER_FIELDS)
        parties = debtor | company.partner_id | user.partner_id
        parties.fetch(PARTNER_FIELDS)
        # of a country not its address format and all else
        (parties.country_id | company.account_fiscal_country_id).fetch(["code"])

    @api.model
    def _lists(self, debtor, company, is_money_open=True):
        """Return what the account's page lists besides what is open, in a fixed number of queries.

        :param is_money_open: whether there is money that is matched with nothing, and may pay instalments
        """
        found = self._found(debtor, company, LISTS)
        offered = [*debtor._recovery_portal_plan_domain(), *debtor._recovery_portal_domain(company)]
        plans = self.env["recovery.plan"].search_fetch(offered, PLAN_FIELDS)
        return {
            "plans": plans,
            "next_dues": plans._portal_next_dues(is_money_open),
            "insolvent": debtor._portal_is_insolvent(company, found["insolvencies"]),
            "notices": found["notices"],
            "received": found["payments"]._recovery_received(found["banked"], LISTED),
            "promise": found["promise"],
            "announced": found["announced"]._recovery_under_way(),
            "disputes": found["disputes"],
            "requests": found["requests"],
        }

    @api.model
    def _listed(self, debtor, company, name):
        """Return the records of one list."""
        return self._found(debtor, company, (name,))[name]

    def _found(self, debtor, company, names):
        """Return {name: records} of lists, all found by one statement."""
        if not is_all_written(self.env):
            self.env.flush_all()
        queries = SQL(", ").join(
            SQL("ARRAY(%s)", getattr(self, f"_{name}_sql")(debtor, company)) for name in names
        )
        with one_by_one(self.env.cr):
            [found] = self.env.execute_query(SQL("SELECT %s", queries))
        return {name: self.env[LISTS[name]].browse(ids) for name, ids in zip(names, found, strict=True)}

    def _notices_sql(self, debtor, company) -> SQL:
        return listed_sql(self.env["recovery.notice"], debtor, company, SQL("state = 'sent'"), LISTED)

    def _promise_sql(self, debtor, company) -> SQL:
        return listed_sql(self.env["recovery.promise"], debtor, company, SQL("state = 'open'"), 1)

    def _disputes_sql(self, debtor, company) -> SQL:
        return listed_sql(self.env["recovery.dispute"], debtor, company, limit=LISTED)

    def _requests_sql(self, debtor, company) -> SQL:
        return listed_sql(self.env["recovery.request"], debtor, company, limit=LISTED)

    def _insolvencies_sql(self, debtor, company) -> SQL:
        """Return those that stand today."""
        holds, day = self.env["recovery.hold"], company._recovery_today()
        standing = SQL(
            "kind = 'insolvency' AND date_from <= %(day)s"
            " AND (date_until IS NULL OR date_until >= %(day)s) AND %(stands)s",
            day=day,
            stands=holds._stands_sql(day, holds._table),
        )
        return listed_sql(holds, debtor, company, standing)

    def _payments_sql(self, debtor, company) -> SQL:
        """Return the payments received last, and those that were paid back."""
        payments = SQL(
            "SELECT * FROM account_payment payment WHERE payment.partner_id = contact.id"
            " AND payment.company_id = ANY(%s) AND payment.partner_type = 'customer'"
            " AND payment.state IN ('in_process', 'paid')",
            list(company._recovery_branch_ids()),
        )
        return self._last_of_contacts_sql(debtor, payments, SQL("id"))

    def _banked_sql(self, debtor, company) -> SQL:
        """Return what came in, or went back, without a payment: the bank's statement, matched, makes none."""
        items = self.env["account.move.line"]
        lines = SQL(
            "SELECT * FROM account_move_line line WHERE line.partner_id = contact.id AND line.company_id = ANY(%s)"
            " AND line.parent_state = 'posted' AND line.payment_id IS NULL AND line.balance <> 0 AND %s AND %s",
            list(company._recovery_branch_ids()),
            items._recovery_money_sql("line"),
            items._recovery_receivable_sql("line"),
        )
        return self._last_of_contacts_sql(debtor, lines, SQL("move_id"))

    def _last_of_contacts_sql(self, debtor, entries: SQL, one: SQL) -> SQL:
        """Return the ids of the last of some ``entries`` of a ``contact``, of all the debtor's contacts.

        What has the same ``one``, a column, counts once, and is found whole.

        They are looked up contact by contact: where few are found, to go through everybody's by their days is what a
        planner likes best, and never ends.
        """
        return SQL(
            """
            SELECT ranked.id
              FROM (SELECT entry.id, DENSE_RANK() OVER (ORDER BY entry.date DESC, entry.%s DESC) AS place
                      FROM res_partner contact
                      JOIN LATERAL (%s OFFSET 0) entry ON TRUE
                     WHERE contact.commercial_partner_id = %s) ranked
             WHERE ranked.place <= %s
             ORDER BY ranked.place, ranked.id DESC
            """,
            one,
            entries,
            debtor.id,
            LISTED,
        )

    def _announced_sql(self, debtor, company) -> SQL:
        """Return the debtor's payments that are under way, or are being booked, of Odoo's own pages too."""
        return SQL(
            """
            SELECT payment.id
              FROM payment_transaction payment
             WHERE payment.company_id = ANY(%s)
               AND (payment.state IN %s OR payment.state = 'done' AND payment.is_post_processed IS NOT TRUE)
               AND (payment.recovery_debtor_id = %s OR EXISTS (
                   SELECT FROM account_invoice_transaction_rel paid
                     JOIN account_move move ON move.id = paid.invoice_id
                    WHERE paid.transaction_id = payment.id AND move.commercial_partner_id = %s))
             ORDER BY payment.id DESC
            """,
            list(company._recovery_branch_ids()),
            UNDER_WAY,
            debtor.id,
            debtor.id,
        )
