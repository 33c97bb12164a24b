"""A creditor with a branch, and a sister company, for stories of claims that are chased together."""

from .notice_common import NoticeCommon


class NoticeBranchCommon(NoticeCommon):
    """The branch books on the company's receivable account; the sister company is another creditor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.company.id})
        cls.sister = cls.make_company("Sister")
        cls.env.user.company_ids |= cls.branch
        default, field = cls.env["ir.default"], "property_account_receivable_id"
        account = default._get("res.partner", field, company_id=cls.company.id)
        default.set("res.partner", field, account, company_id=cls.branch.id)
        cls.companies = cls.company + cls.branch + cls.sister
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.companies.ids})
        cls.company, cls.branch = cls.company.with_env(cls.env), cls.branch.with_env(cls.env)

    @classmethod
    def branch_invoice(cls, debtor, amount=100.0, **values):
        """Post an invoice of the branch, in the company's journal."""
        journal = cls.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", cls.company.id)], limit=1
        )
        return cls.invoice(debtor, amount, company=cls.branch, journal_id=journal.id, **values)
