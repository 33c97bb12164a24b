"""Money for plans and invoices on the portal: the server says how much, the browser only which."""

from odoo import http
from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.fields import Command
from odoo.http import request

from .account import OVERDUE, farewell
from .portal import RecoveryPortal
from .visit import payment_visit, plan_routes, require_as_shown, routes, typed_ids, typed_number

#: Words of the way in and of what is shown, which the payment form sends along with its own.
WAYS_IN = ("code", "company_id", "access_token", "payment_reference")
#: What the payment form says of the means of payment; whatever else it sends is the server's to say.
MEANS = ("provider_id", "payment_method_id", "token_id", "flow", "tokenization_requested")
#: The flows of a payment that the form begins; a means of payment is never checked by a payment for nothing.
FLOWS = ("direct", "redirect", "token")


class RecoveryPayment(PaymentPortal):
    @http.route(plan_routes("/transaction/<string:choice>"), type="jsonrpc", auth="public")
    def recovery_plan_transaction(self, plan_id, choice, **kwargs):
        """Begin the payment of ``choice`` of a plan and return what the payment form goes on with.

        :raise ValidationError: a wrong link, nothing left to pay, or an amount that is no longer the one shown
        """
        visit = payment_visit({**kwargs, "plan_id": plan_id})
        plan = visit.plan(plan_id)
        if not plan:
            raise ValidationError(request.env._("The link has ended. Ask for a new one."))
        plan._portal_begin_payment()
        left = plan._portal_amounts()["all"]
        require_as_shown(plan.currency_id, left)
        shown = typed_number(kwargs.get("amount"))
        # of a part that goes to several branches this pays the first: what was named is in the form's own address
        named = typed_number(request.httprequest.args.get("whole"))
        step = plan._portal_step(choice, shown if named is None else named)
        if plan.currency_id.compare_amounts(shown or 0.0, step.amount):
            raise ValidationError(request.env._("The amount to pay has changed. Reload the page."))
        is_last = visit.only and not plan.currency_id.compare_amounts(step.amount, left)
        return self._recovery_begin(
            visit,
            step.company,
            kwargs,
            amount=step.amount,
            currency_id=plan.currency_id.id,
            landing_route=farewell(visit) if is_last else visit.url(f"/plans/{plan.id}"),
            custom_create_values={
                "recovery_plan_id": plan.id,
                "recovery_debtor_id": plan.partner_id.id,
                "recovery_company_id": step.company.id,
                "recovery_account_id": step.account.id,
            },
        )

    @http.route(routes("/pay/<string:chosen>/transaction"), type="jsonrpc", auth="public")
    def recovery_items_transaction(self, chosen, **kwargs):
        """Begin the payment of invoices that are in no plan: all that is overdue, or those chosen.

        :raise ValidationError: a wrong link, nothing left to pay, or an amount that is no longer the one shown
        """
        visit = payment_visit(kwargs)
        if visit.only:
            raise ValidationError(request.env._("The link has ended. Ask for a new one."))
        shown = typed_number(kwargs.get("amount")) or 0.0
        ids = [] if chosen == OVERDUE else typed_ids(chosen.split("-"))
        due, items = visit.debtor._portal_payable(visit.company, ids)
        require_as_shown(items.currency_id, due)
        if items.currency_id.compare_amounts(shown, due) > 0:
            raise ValidationError(request.env._("The amount to pay has changed. Reload the page."))
        amount = visit.debtor._portal_check_part(visit.company, items, shown, due)
        visit.debtor._portal_begin_payment(items)
        return self._recovery_begin(
            visit,
            items.company_id,
            kwargs,
            amount=amount,
            currency_id=items.currency_id.id,
            landing_route=visit.url(),
            custom_create_values={
                "recovery_item_ids": [Command.set(items.ids)],
                "recovery_debtor_id": visit.debtor.id,
                "recovery_company_id": items.company_id.id,
                "recovery_account_id": items.account_id.id,
            },
        )

    def _recovery_begin(self, visit, company, kwargs, **decided):
        """Begin a payment to ``company`` of what the server ``decided``, by the means that the form says."""
        means = self._recovery_means(visit, company, kwargs, decided["amount"], decided["currency_id"])
        transaction = self._create_transaction(**means, partner_id=visit.payer.id, **decided)
        return transaction._get_processing_values()

    def _recovery_means(self, visit, company, kwargs, amount, currency_id):
        """Return the means of payment that the form says: one of those that its page offers for this payment now.

        A page that was open since before the last payment may still offer that of another branch.

        :raise ValidationError: it is not offered, or is another's
        """
        _refuse_saved_means(visit, kwargs)
        self._validate_transaction_kwargs({name: kwargs[name] for name in kwargs if name not in WAYS_IN})
        said = {name: kwargs.get(name) for name in MEANS}
        numbers = [said[name] for name in ("provider_id", "payment_method_id", "token_id")]
        # as the form does: whoever is logged in, else the debtor
        payer = visit.payer if request.env.user._is_public() else request.env.user.partner_id
        # sudo: which providers there are for it, whoever pays
        offered = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(company.id, payer.id, amount, currency_id=currency_id)
        )
        provider = offered.filtered(lambda one: one.id == said["provider_id"])
        methods = provider.env["payment.method"]._get_compatible_payment_methods(
            provider.ids, payer.id, currency_id=currency_id
        )
        tokens = provider.env["payment.token"]._get_available_tokens(provider.ids, payer.id)
        chosen = tokens if said["flow"] == "token" else methods
        if (
            any(not isinstance(number, int | None) for number in numbers)
            or said["flow"] not in FLOWS
            or said["token_id" if said["flow"] == "token" else "payment_method_id"] not in chosen.ids
        ):
            raise ValidationError(
                request.env._(
                    "This means of payment is not offered for what is owed to %s. Reload the page.",
                    company.name,
                )
            )
        return said

    @http.route()
    def invoice_transaction(self, invoice_id, access_token, **kwargs):
        """Take money only for what the invoice still asks for, and not around a plan."""
        if not isinstance(access_token, str) or not access_token.isascii():
            access_token = None  # Odoo compares nothing but plain letters
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


def _refuse_saved_means(visit, kwargs):
    """Refuse a saved means of payment to whoever comes by a link: it is its owner's login that may use it.

    :raise ValidationError: the call names one
    """
    if not visit.user and (kwargs.get("token_id") or kwargs.get("flow") == "token"):
        raise ValidationError(request.env._("Log in to use a means of payment that you have saved."))
