"""What credit a debtor gets: who may write it, what holds with a branch, the same in SQL."""

from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

MANAGER = "payment_plan_recovery.group_recovery_manager"


#: What a debtor's credit is; written by who may give it.
CREDIT_TERMS = {"credit_limit", "use_partner_credit_limit", "recovery_risk_class", "recovery_check_until"}
#: Who a debtor is.
WHO = {"is_company", "company_type", "parent_id", "commercial_partner_id"}


class Identity(NamedTuple):
    """What of a partner may be a way around its credit: compared before and after a write."""

    debtor: models.BaseModel
    is_company: bool
    terms: tuple
    owes: bool


class CreditTerms(NamedTuple):
    """What credit a debtor gets with a company: of the company itself, else of the nearest it is a branch of.

    With a class, a limit of zero means no credit; without one there is no limit then.
    """

    limit: float
    has_limit: bool
    risk_class: models.BaseModel
    check_until: object


class RecoveryCreditTerms(models.AbstractModel):
    _name = "recovery.credit.terms"
    _description = "Terms of Credit"

    def _recovery_credit_terms(self, company):
        """Return the :class:`CreditTerms` of the debtor with ``company``.

        A limit is given where a class or a limit of the debtor's own is; the limit that a company gives everybody
        counts only where nobody in the line gave the debtor one.
        """
        self.ensure_one()
        # sudo: the terms hold for whoever asks, and are read of companies that a user of a branch may not be in
        line = [self.sudo().with_company(each) for each in company._recovery_lineage()]
        general = self._fields["credit_limit"].get_company_dependent_fallback
        classed = next((own for own in line if own.recovery_risk_class), line[0])
        limited = next(
            (own for own in line if own.recovery_risk_class or own.credit_limit != general(own)),
            next((own for own in line if own.credit_limit > 0), line[0]),
        )
        return CreditTerms(
            limited.credit_limit,
            bool(limited.recovery_risk_class) or limited.credit_limit > 0,
            classed.recovery_risk_class,
            next((own.recovery_check_until for own in line if own.recovery_check_until), False),
        )

    # The same in SQL, of the debtors that ``alias`` of res_partner stands for.

    @api.model
    def _limit_sql(self, alias, company) -> SQL:
        """Return the limit that holds with ``company``, as an expression; NULL without one."""
        whens, general = [], []
        for each in company._recovery_lineage():
            own = SQL("%s::numeric", self._value_of_sql(alias, "credit_limit", each))
            has_class = SQL("%s IS NOT NULL", self._class_of_sql(alias, each))
            general.append(self._general_limit(each))
            whens += [
                SQL("WHEN %s THEN COALESCE(%s, %s::numeric)", has_class, own, general[-1]),
                # without a class, a limit of zero is none
                SQL("WHEN %s IS NOT NULL THEN NULLIF(GREATEST(%s, 0), 0)", own, own),
            ]
        for_all = next((limit for limit in general if limit > 0), None)
        return SQL("(CASE %s ELSE %s::numeric END)", SQL(" ").join(whens), for_all)

    @api.model
    def _class_sql(self, alias, company) -> SQL:
        """Return the id of the risk class that holds with ``company``, as an expression."""
        classes = (self._class_of_sql(alias, each) for each in company._recovery_lineage())
        return SQL("COALESCE(%s)", SQL(", ").join(classes))

    @api.model
    def _check_until_sql(self, alias, company) -> SQL:
        """Return the last day of the check that stands with ``company``, as an expression."""
        days = (
            SQL("%s::date", self._value_of_sql(alias, "recovery_check_until", each))
            for each in company._recovery_lineage()
        )
        return SQL("COALESCE(%s)", SQL(", ").join(days))

    @api.model
    def _gives_credit_sql(self, alias, company) -> SQL:
        """Return the condition that ``company`` itself gave the debtor a class or a limit."""
        limit = self._value_of_sql(alias, "credit_limit", company)
        return SQL("(%s IS NOT NULL OR %s IS NOT NULL)", self._class_of_sql(alias, company), limit)

    @api.model
    def _own_limit_sql(self, alias, company) -> SQL:
        """Return the limit that ``company`` itself gives the debtor, or everybody."""
        own = self._value_of_sql(alias, "credit_limit", company)
        return SQL("COALESCE(%s::numeric, %s::numeric)", own, self._general_limit(company))

    def _general_limit(self, company):
        field = self._fields["credit_limit"]
        # sudo: a default of the creditor, which a user of a branch may not be in
        return field.get_company_dependent_fallback(self.sudo().with_company(company)) or 0.0

    def _class_of_sql(self, alias, company) -> SQL:
        return SQL("%s::int", self._value_of_sql(alias, "recovery_risk_class", company))

    def _value_of_sql(self, alias, name, company) -> SQL:
        """What ``company`` has for itself of a field that differs by company, as text; NULL for nothing."""
        column = SQL.identifier(alias, name, to_flush=self._fields[name])
        return SQL("(%s ->> %s)", column, str(company.id))

    # Who may write them

    def _credit_identities(self, vals):
        """Return {partner: Identity} before a client writes ``vals``; nothing when they are not about credit."""
        if self.env.su or not (CREDIT_TERMS | WHO) & vals.keys():
            return {}
        return {partner: partner._credit_identity() for partner in self}

    def _credit_identity(self):
        self.ensure_one()
        own = self.sudo()  # what is compared is not told
        debtor = own.commercial_partner_id
        terms = (own.credit_limit, own.recovery_risk_class, own.recovery_check_until)
        return Identity(debtor, own.is_company, terms, own != debtor and own._recovery_owes())

    def _require_credit_kept(self, before):
        """Terms of credit are written by who may give it, and who they are given to stays the same debtor.

        :param before: what :meth:`_credit_identities` said before the write
        :raises AccessError: the user may not
        """
        if not before:
            return
        manages = self.env.user.has_group(MANAGER)
        debtors = self.sudo().browse().union(*(identity.debtor for identity in before.values()))
        controlled = self.browse() if manages else debtors._given_credit()
        for partner, identity in before.items():
            now = partner._credit_identity()
            changed = now.terms != identity.terms
            # A contact has its debtor's terms: others would be its own once it leaves.
            if changed and (now.debtor == partner or now.terms != now.debtor._credit_identity().terms):
                partner._require_may_give_credit(manages)
            if identity.debtor in controlled:
                partner._require_same_debtor(identity)
            if now.debtor == partner and identity.debtor != partner:
                partner._leave_credit_behind(now.terms if changed else None)
            elif now.debtor == partner and now.is_company != identity.is_company:
                partner._require_within_ceiling(partner._companies_with_limit())

    def _leave_credit_behind(self, given=None):
        """Take what a contact had of its debtor's credit from it, now that it is a debtor of its own.

        :param given: terms that it gets in the same breath from who may give them, with the current company
        """
        names = ["credit_limit", "recovery_risk_class", "recovery_check_until"]
        self.flush_recordset(names)
        columns = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in names)
        self.env.cr.execute(SQL("UPDATE res_partner SET %s WHERE id = %s", columns, self.id))
        self.invalidate_recordset(names)
        if given:
            self.sudo().write(
                dict(zip(names, given, strict=True))
            )  # sudo: seen to be within the user's right

    def _require_may_give_credit(self, manages):
        """Refuse terms of credit that the user may not write by hand.

        :raises AccessError: no recovery manager, or a limit that needs a second approval
        """
        if not manages:
            raise AccessError(
                self.env._(
                    "%s: risk class and credit limit come from an approved solvency check. Ask for one.",
                    self.display_name,
                )
            )
        self._require_within_ceiling(self.env.company)

    def _require_within_ceiling(self, companies):
        """Refuse a limit with one of ``companies`` that is above the ceiling of the debtor's card.

        :raises AccessError: it needs a second approval
        """
        for company in companies:
            # sudo: the ceiling holds whether or not the user may read the card; the limit is compared, and not told
            card = self.env["recovery.scorecard"].sudo()._for_debtor(self.sudo(), company)
            limit = company.currency_id._convert(
                self.sudo().with_company(company).credit_limit,
                card.currency_id or company.currency_id,
                company,
                company._recovery_today(),
            )
            if card and limit > card._ceiling("approval_ceiling", company):
                raise AccessError(
                    self.env._(
                        "%s: a limit above the ceiling needs a second approval. Make a solvency check.",
                        self.display_name,
                    )
                )

    def _companies_with_limit(self):
        """Return the companies that gave the debtor a limit of its own, whichever the user works in."""
        self.flush_recordset(["credit_limit"])
        rows = self.env.execute_query(
            SQL("SELECT jsonb_object_keys(credit_limit)::int FROM res_partner WHERE id = %s", self.id)
        )
        return self.env["res.company"].sudo().browse(company_id for (company_id,) in rows).exists()

    def _require_no_credit_given(self, manages):
        """Refuse new debtors who come with more credit than the user may give, and new ones beside one who has it."""
        general = self._fields["credit_limit"].get_company_dependent_fallback
        # sudo: what is compared is not told
        debtors = self.sudo().filtered(lambda partner: partner.commercial_partner_id == partner)
        controlled = debtors.parent_id.commercial_partner_id._given_credit()
        for own in debtors:
            partner = own.sudo(False)
            if own.recovery_risk_class or own.recovery_check_until or own.credit_limit != general(own):
                partner._require_may_give_credit(manages)
            if not manages and own.parent_id.commercial_partner_id in controlled:
                debtor = own.parent_id.commercial_partner_id
                partner._require_same_debtor(Identity(debtor, own.is_company, (), owes=False))

    def _require_same_debtor(self, before):
        """Refuse that a debtor's credit is escaped by turning it, or a contact of it, into somebody else.

        :raises AccessError: a company becomes a person or the reverse, a debtor another's contact, a contact a company
            of its own, or a contact who owes something leaves
        """
        self.ensure_one()
        own, debtor = self.sudo(), before.debtor  # whatever the user may see of the family
        turned = own == debtor and own.is_company != before.is_company
        alone = own.parent_id and own.commercial_partner_id == own
        apart = debtor not in (own, own.commercial_partner_id) and (alone or before.owes)
        taken = own == debtor and own.commercial_partner_id != own
        if turned or apart or taken:
            raise AccessError(
                self.env._(
                    "%(partner)s: %(debtor)s has a risk class or a credit limit. Only a recovery manager changes "
                    "what kind of debtor it is and which contacts it answers for.",
                    partner=self.display_name,
                    debtor=debtor.display_name,
                )
            )

    def _recovery_owes(self):
        """Tell whether something is owed on the partner itself; invoices of a contact are its debtor's anyway."""
        items = self.env["account.move.line"]
        own = Domain("partner_id", "=", self.id) & Domain("balance", ">", 0)
        return bool(items.search_count(items._recovery_open_domain() & own, limit=1))

    def _given_credit(self):
        """Return those of the debtors whom any company gave a class or a limit."""
        self.flush_recordset(["credit_limit", "recovery_risk_class"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s)"
                " AND COALESCE(credit_limit, '{}') || COALESCE(recovery_risk_class, '{}') <> '{}'",
                self.ids,
            )
        )
        return self.browse(debtor_id for (debtor_id,) in rows)
