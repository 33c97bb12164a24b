"""A creditor whose rules hold documents up, and somebody who may let them pass."""

from odoo.exceptions import UserError

from ..solvency.solvency_common import INVOICING, MANAGER, SolvencyCommon


class EnforcementCommon(SolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules.active = False
        cls.clerk = cls.make_user("solvency_clerk", INVOICING)
        cls.manager = cls.make_user("solvency_manager", f"{MANAGER},{INVOICING}")
        cls.debtor = cls.make_debtor("Kepler & Sons", limit=1000, risk_class=cls.class_c)

    @classmethod
    def make_rule(cls, action="block", trigger="over_limit", **values):
        return cls.env["recovery.credit.rule"].create({"trigger": trigger, "action": action, **values})

    def approve(self, move, user=None, reason="Agreed with the board"):
        override = self.env["recovery.credit.override"].create(
            {"res_model": "account.move", "res_id": move.id, "reason": reason}
        )
        override.with_user(user or self.manager).action_approve()
        return override

    def assert_blocked(self, move, user=None):
        with self.assertRaises(UserError) as refused:
            move.with_user(user or self.clerk).action_post()
        self.assertEqual(move.state, "draft")
        # The web client shows the words of this very type only.
        self.assertIs(type(refused.exception), UserError)
        return str(refused.exception)
