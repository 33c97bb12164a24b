"""A debtor with a file, and everybody who must not see it."""

import threading
from datetime import timedelta

from odoo.addons.base.tests.common import HttpCase
from odoo.http import Request
from odoo.tests import new_test_user
from requests.adapters import HTTPAdapter

from ..plan.plan_common import PlanCommon

SECRET = "portal-secret"  # noqa: S105 of users who live as long as the test
ADDON = "odoo.addons.payment_plan_recovery.controllers"


def visitors_rules(env):
    """The addon's rules of the server's map: everything that is not for the back office."""
    threading.current_thread().dbname = env.cr.dbname  # as the server's own threads have it
    for rule in env["ir.http"].routing_map().iter_rules():
        module = rule.endpoint.func.__module__
        if module.startswith(ADDON) and not module.endswith("download"):
            yield rule


class PortalCommon(PlanCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._recovery_today()
        cls.debtor.phone = "+33 1 23 45 67 89"

    def setUp(self):
        super().setUp()
        # Papers are counted in a transaction of their own, which Odoo's tests open beside none that only reads;
        # that pages only read is tried with a real replica.
        self.set_registry_readonly_mode(False)

    # -- who asks --------------------------------------------------------------------------

    @classmethod
    def contact(cls, name, parent, **values):
        return cls.env["res.partner"].create(
            {"name": name, "parent_id": parent.id, "email": f"{name}@example.com", **values}
        )

    @classmethod
    def portal_user(cls, login, partner, groups="base.group_portal", **values):
        return new_test_user(cls.env, login, groups=groups, partner_id=partner.id, password=SECRET, **values)

    def login(self, user=None):
        """Come in as ``user``; as nobody without one."""
        return self.authenticate(user and user.login, user and SECRET)

    def link(self, debtor=None, company=None, plan=None):
        debtor, company = debtor or self.debtor, company or self.company
        return debtor._recovery_portal_link(company, plan)

    def come_from(self, address):
        """Let what is asked from here on come from another address of this machine."""
        adapter = HTTPAdapter()
        adapter.init_poolmanager(1, 1, source_address=(address, 0))
        self.opener.mount("http://", adapter)

    # -- asking ----------------------------------------------------------------------------

    def post(self, url, files=None, **data):
        """Send a form as its page would."""
        return self.url_open(url, data={"csrf_token": Request.csrf_token(self), **data}, files=files)

    # -- what is owed ----------------------------------------------------------------------

    @classmethod
    def late_invoice(cls, amount, days=30, **vals):
        return cls.invoice(amount, cls.today - timedelta(days=days), **vals)

    @classmethod
    def setup_branch(cls, name="Branch"):
        """Return a branch of the company, which books on the accounts and in the journals of its parent."""
        branch = cls.env["res.company"].create({"name": name, "parent_id": cls.company.id})
        cls.env.user.company_ids |= branch
        defaults, name = cls.env["ir.default"], "property_account_receivable_id"
        account = defaults._get("res.partner", name, company_id=cls.company.id)
        defaults.set("res.partner", name, account, company_id=branch.id)
        return branch
