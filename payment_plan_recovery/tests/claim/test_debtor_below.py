"""A company below another one owes what it owes itself: it is a debtor wherever one is chosen."""

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..dunning.dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDebtorBelow(DunningCommon):
    def test_it_can_be_chosen_for_whatever_is_kept_about_debtors(self):
        above = self.make_debtor("Above", is_company=True)
        below = self.make_debtor("Below", is_company=True, parent_id=above.id)
        contact = self.make_debtor("Contact", is_company=False, parent_id=above.id)
        self.assertEqual(below.commercial_partner_id, below)
        models = self.registry.descendants(["recovery.follows.debtor"], "_inherit")
        for name in sorted(models):
            domain = self.env[name]._fields.get("partner_id") and self.env[name]._fields["partner_id"].domain
            if not domain:
                continue
            with self.subTest(name):
                domain = safe_eval(domain) if isinstance(domain, str) else domain
                found = self.env["res.partner"].search(
                    Domain(domain) & Domain("id", "in", (below + contact).ids)
                )
                self.assertEqual(found, below)

    def test_it_stands_in_the_lists_of_debtors(self):
        above = self.make_debtor("Above", is_company=True)
        below = self.make_debtor("Below", is_company=True, parent_id=above.id, customer_rank=1)
        contact = self.make_debtor("Contact", is_company=False, parent_id=above.id, customer_rank=1)
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "=", "res.partner"), ("domain", "!=", False)]
        )
        ours = actions.filtered(lambda action: action.get_external_id()[action.id].startswith("payment_plan"))
        self.assertTrue(ours)
        for action in ours:
            with self.subTest(action.name):
                domain = Domain(safe_eval(action.domain, {"uid": self.env.uid}))
                if "customer_rank" in action.domain:
                    found = self.env["res.partner"].search(domain & Domain("id", "in", (below + contact).ids))
                    self.assertEqual(found, below)
