"""The lists of an account's page: which records each shows is asked for in one statement for all of them."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..claim.open_money_facts import MONEY_JOURNALS
from .payment_transaction import COMING

#: Rows of a list.
LISTED = 20
#: What a row of the account says of a plan, and reckons its next instalment by.
PLAN_FIELDS = ("amount_paid", "amount_residual", "amount_total", "company_id", "currency_id", "name", "state")
#: The lists: model, how many rows, order where it is not the model's own.
LISTS = {
    "notices": ("recovery.notice", LISTED, None),
    "payments": ("account.payment", LISTED, "date desc, id desc"),
    "banked": ("account.move.line", LISTED, "date desc, id desc"),
    "promise": ("recovery.promise", 1, None),
    "announced": ("payment.transaction", None, None),
    "disputes": ("recovery.dispute", LISTED, None),
    "requests": ("recovery.request", LISTED, None),
    "insolvencies": ("recovery.hold", None, None),
}


class RecoveryPortalPage(models.AbstractModel):
    """Gathers what a page shows of one debtor with one creditor. Callers come by sudo. Holds no data."""

    _name = "recovery.portal.page"
    _description = "Lists on the Page of an Account"

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
        domains, models_asked, queries = self._domains(debtor, company), [], []
        for name in names:
            model_name, limit, order = LISTS[name]
            model = self.env[model_name]
            models_asked.append(model)
            queries.append(model._search(domains[name], limit=limit, order=order or model._order).select())
        arrays = SQL(", ").join(SQL("ARRAY(%s)", query) for query in queries)
        [found] = self.env.execute_query(SQL("SELECT %s", arrays))
        return {name: model.browse(ids) for name, model, ids in zip(names, models_asked, found, strict=True)}

    def _domains(self, debtor, company):
        """Return what each list shows: {name: domain}.

        A transfer that is matched from the bank's statement makes no payment in Odoo: it is found in the books.
        """
        branches = list(company._recovery_branch_ids())
        today = company._recovery_today()
        mine = Domain("partner_id", "=", debtor.id) & Domain("company_id", "in", branches)
        received = Domain("partner_id.commercial_partner_id", "=", debtor.id) & Domain(
            "company_id", "in", branches
        )
        return {
            "notices": mine & Domain("state", "=", "sent"),
            "payments": received
            & Domain("payment_type", "=", "inbound")
            & Domain("partner_type", "=", "customer")
            & Domain("state", "in", ("in_process", "paid")),
            "banked": received
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("journal_id.type", "in", MONEY_JOURNALS)
            & Domain("payment_id", "=", False)
            & Domain("balance", "<", 0),
            "promise": mine & Domain("state", "=", "open"),
            "announced": self.env["payment.transaction"]._recovery_theirs(debtor, company) & COMING,
            "disputes": mine,
            "requests": mine,
            "insolvencies": mine
            & Domain("kind", "=", "insolvency")
            & Domain("date_from", "<=", today)
            & (Domain("date_until", "=", False) | Domain("date_until", ">=", today)),
        }
