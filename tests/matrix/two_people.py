"""Two managers, of whom one asks and the other decides, and somebody who sells."""

from client import Client
from odoo import Command
from odoo.addons.payment_plan_recovery.tests.credit.enforcement_common import EnforcementCommon
from odoo.addons.payment_plan_recovery.tests.solvency.solvency_common import INVOICING, ago
from test_four_eyes import REFUSED, RIGHTS

PARTNERS = "base.group_partner_manager"


class TwoPeople(Client, EnforcementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asker = cls.make_user("four_eyes_asker", f"{RIGHTS},{PARTNERS}")
        cls.decider = cls.make_user("four_eyes_decider", f"{RIGHTS},{PARTNERS}")
        cls.seller = cls.make_user("four_eyes_seller", f"{INVOICING},{PARTNERS}")
        cls.card.approval_ceiling = 1000
        cls.person_card.approval_ceiling = 0

    def of(self, user, records, company=None):
        return records.with_user(user).with_context(allowed_company_ids=(company or self.company).ids)

    def tried(self, work, *arguments):
        """Whether ``work`` was let through; what it did stays."""
        try:
            with self.env.cr.savepoint():
                self.done = work(*arguments)
                self.env.flush_all()
        except REFUSED:
            return False
        finally:
            self.env.invalidate_all()
        return True

    def assert_done(self, work, *arguments):
        self.assertTrue(self.tried(work, *arguments))

    def assert_refused_all(self, work, *arguments):
        self.assertFalse(self.tried(work, *arguments))

    def undone(self):
        return self.env.cr.savepoint()

    def late_item(self, amount=5000):
        item = self.item(self.invoice(self.debtor, amount, on=ago(90), due=ago(60)))
        item._recovery_accrue(self.company._recovery_today())
        return item

    def plan_over(self, item, user=None, **values):
        plan = self.of(user or self.asker, self.env["recovery.plan"]).create(
            {
                "partner_id": self.debtor.id,
                "date_start": ago(-10),
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": item.id})],
                **values,
            }
        )
        plan.generate_instalments()
        return plan
