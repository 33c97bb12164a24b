"""Debtors who bind themselves to nothing: they have died, or are under guardianship."""

from odoo.exceptions import UserError

#: Kinds of a hold during which heirs or a guardian promise and sign, and not the debtor (FR C. civ. 465 and 720).
NOT_BOUND = ("deceased", "guardianship")


def unbound_among(debtors, company):
    """Return those of ``debtors`` who cannot bind themselves today, as a hold with the creditor ``company`` says."""
    # sudo: whether such a hold runs does not depend on who asks, and its reason is not told
    holds = debtors.env["recovery.hold"].sudo().with_company(company)
    running = holds._standing(company._recovery_today(), debtors.commercial_partner_id)
    return running.filtered(lambda hold: hold.kind in NOT_BOUND).partner_id.with_env(debtors.env)


def require_bound(debtors, company):
    """Refuse what debtors would bind themselves by where they cannot.

    :raise UserError: a debtor has died or is under guardianship
    """
    unbound = unbound_among(debtors, company)[:1]
    if unbound:
        raise UserError(
            debtors.env._(
                "%s cannot promise or sign anything for the moment. Agree with who represents the debtor: note that "
                "contact as its representative and end the hold first.",
                unbound.display_name,
            )
        )
