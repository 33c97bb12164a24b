"""Money for plans and invoices on the portal: the server says how much, the browser only which."""

from odoo import http
from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.fields import Command
from odoo.http import request

from .portal import RecoveryPortal
from .visit import payment_visit, plan_routes, routes, typed_number

#: Words of the way in and of what is shown, which the payment form sends along with its own.
WAYS_IN = ("code", "company_id", "access_token", "payment_reference")


class RecoveryPayment(PaymentPortal):
    @http.route(plan_routes("/transaction/<string:choice>"), type="jsonrpc", auth="public")
    def recovery_plan_transaction(self, plan_id, choice, **kwargs):
        """Begin the payment of ``choice`` of a plan and return what the payment form goes on with.

        :raise ValidationError: a wrong link, nothing left to pay, or an amount that is no longer the one shown
        """
        visit = payment_visit({**kwargs, "plan_id": plan_id})
        _refuse_saved_means(visit, kwargs)
        plan = visit.plan(plan_id)
        if not plan:
            raise ValidationError(request.env._("The link has ended. Ask for a new one."))
        kwargs = {key: value for key, value in kwargs.items() if key not in WAYS_IN}
        self._validate_transaction_kwargs(kwargs)
        plan._portal_begin_payment()
        shown = typed_number(kwargs.pop("amount", None))
        step = plan._portal_step(choice, shown)
        if plan.currency_id.compare_amounts(shown or 0.0, step.amount):
            raise ValidationError(request.env._("The amount to pay has changed. Reload the page."))
        _refuse_foreign_provider(step.company, kwargs.get("provider_id"))
        transaction = self._create_transaction(
            **kwargs | {"landing_route": visit.url(f"/plans/{plan.id}")},
            amount=step.amount,
            currency_id=plan.currency_id.id,
            partner_id=visit.payer.id,
            custom_create_values={
                "recovery_plan_id": plan.id,
                "recovery_debtor_id": plan.partner_id.id,
                "recovery_company_id": step.company.id,
                "recovery_account_id": step.account.id,
            },
        )
        return transaction._get_processing_values()

    @http.route(routes("/pay/<string:chosen>/transaction"), type="jsonrpc", auth="public")
    def recovery_items_transaction(self, chosen, **kwargs):
        """Begin the payment of invoices that are in no plan: all that is overdue, or those chosen.

        :raise ValidationError: a wrong link, nothing left to pay, or an amount that is no longer the one shown
        """
        visit = payment_visit(kwargs)
        _refuse_saved_means(visit, kwargs)
        if visit.only:
            raise ValidationError(request.env._("The link has ended. Ask for a new one."))
        kwargs = {key: value for key, value in kwargs.items() if key not in WAYS_IN}
        self._validate_transaction_kwargs(kwargs)
        shown = typed_number(kwargs.pop("amount", None)) or 0.0
        due, items = visit.debtor._portal_payable(visit.company, chosen)
        visit.debtor._portal_check_part(visit.company, items, shown, due)
        _refuse_foreign_provider(items.company_id, kwargs.get("provider_id"))
        visit.debtor._portal_begin_payment(items)
        transaction = self._create_transaction(
            **kwargs | {"landing_route": visit.url()},
            amount=items.currency_id.round(shown),
            currency_id=items.currency_id.id,
            partner_id=visit.payer.id,
            custom_create_values={
                "recovery_item_ids": [Command.set(items.ids)],
                "recovery_debtor_id": visit.debtor.id,
                "recovery_company_id": items.company_id.id,
                "recovery_account_id": items.account_id.id,
            },
        )
        return transaction._get_processing_values()

    @http.route()
    def invoice_transaction(self, invoice_id, access_token, **kwargs):
        """Take money only for what the invoice still asks for, and not around a plan."""
        try:
            invoice = self._document_check_access("account.move", invoice_id, access_token)
        except (AccessError, MissingError) as error:
            raise ValidationError(request.env._("The link to this invoice has ended.")) from error
        if not invoice._has_to_be_paid():
            raise ValidationError(
                invoice._get_online_payment_error() or request.env._("Nothing is left to pay.")
            )
        amount = typed_number(kwargs.get("amount")) or 0.0
        if amount <= 0 or invoice.currency_id.compare_amounts(amount, invoice.amount_residual) > 0:
            raise ValidationError(request.env._("The amount to pay has changed. Reload the page."))
        return super().invoice_transaction(invoice_id, access_token, **kwargs)

    @http.route()
    def overdue_invoices_transaction(self, payment_reference, **kwargs):
        """Take for all overdue invoices what is still owed on them together."""
        overdue = request.env["account.move"].search(RecoveryPortal()._get_overdue_invoices_domain())
        owed = sum(overdue.mapped("amount_residual"))
        shown = typed_number(kwargs.get("amount")) or 0.0
        if not overdue or overdue[:1].currency_id.compare_amounts(shown, owed):
            raise ValidationError(request.env._("The amount to pay has changed. Reload the page."))
        return super().overdue_invoices_transaction(payment_reference, **kwargs)


def _refuse_foreign_provider(company, provider_id):
    """Refuse a provider that takes no money for ``company``: neither its own nor of a company it is a branch of.

    A page that was open since before the last payment may still offer that of another branch.

    :raise ValidationError: it is another one's
    """
    # sudo: which company's it is, whoever pays
    provider = request.env["payment.provider"].sudo().browse(provider_id or ()).exists()
    if provider.company_id not in company._recovery_lineage():
        raise ValidationError(
            request.env._(
                "This payment is to %s, by another means of payment. Reload the page.", company.name
            )
        )


def _refuse_saved_means(visit, kwargs):
    """Refuse a saved means of payment to whoever comes by a link: it is its owner's login that may use it.

    :raise ValidationError: the call names one
    """
    if not visit.user and (kwargs.get("token_id") or kwargs.get("flow") == "token"):
        raise ValidationError(request.env._("Log in to use a means of payment that you have saved."))
