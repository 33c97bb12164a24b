"""The kinds of request that one person makes and another decides on."""

from odoo import Command
from odoo.addons.payment_plan_recovery.tests.solvency.solvency_common import TODAY, ago


class Asked:
    """One kind of request: how it comes about, how it is decided, how a decided one looks."""

    #: What whoever approves it calls.
    approve = "action_approve"

    def __init__(self, test, asker):
        self.test, self.env, self.asker = test, test.env, asker


class Check(Asked):
    """A limit above the card's ceiling, reviewed once."""

    model = "recovery.solvency.check"

    def make(self):
        self.test.card.approval_ceiling = 1000
        check = self.env[self.model].with_user(self.asker).create({"partner_id": self.test.debtor.id})
        check.action_compute()
        check.write({"class_id": self.test.class_c.id, "limit_granted": 5000, "override_reason": "Big order"})
        check.action_approve()
        self.test.assertEqual(check.state, "to_approve")
        return check

    def is_decided(self, check):
        return check.state == "approved" or self.test.debtor.credit_limit >= 5000


class Override(Asked):
    """A document beyond the limit."""

    model = "recovery.credit.override"

    def make(self):
        self.test.make_rule()
        move = self.test.invoice(self.test.debtor, 5000, post=False)
        return (
            self.env[self.model]
            .with_user(self.asker)
            .create({"res_model": "account.move", "res_id": move.id, "reason": "Agreed"})
        )

    def is_decided(self, override):
        return override.state in ("approved", "used")


class Plan(Asked):
    """A plan outside its policy."""

    model = "recovery.plan"

    def make(self):
        policy = self.env["recovery.plan.policy"]._default_for(self.test.company)
        policy.count_max = 2
        move = self.test.invoice(self.test.debtor, 300, on=ago(90), due=ago(60))
        plan = (
            self.env[self.model]
            .with_user(self.asker)
            .create(
                {
                    "partner_id": self.test.debtor.id,
                    "date_start": ago(-10),
                    "instalment_count": 3,
                    "policy_id": policy.id,
                    "item_ids": [Command.create({"move_line_id": self.test.item(move).id})],
                }
            )
        )
        plan.generate_instalments()
        plan.action_propose()
        self.test.assertEqual(plan.approval_state, "waiting")
        return plan

    def is_decided(self, plan):
        return plan.approval_state == "approved" or plan.state != "draft"


class WriteOff(Asked):
    """A write-off above the company's ceiling."""

    model = "recovery.write.off"

    def make(self):
        company = self.test.company
        company.recovery_write_off_account_id = self.env["account.account"].create(
            {"name": "Losses", "code": "654000", "account_type": "expense"}
        )
        company.recovery_write_off_ceiling = 500
        item = self.test.item(self.test.invoice(self.test.debtor, 900, on=ago(90), due=ago(60)))
        write_off = (
            self.env[self.model]
            .with_user(self.asker)
            .create(
                {
                    "partner_id": self.test.debtor.id,
                    "reason": "cost",
                    "line_ids": [Command.create({"move_line_id": item.id})],
                }
            )
        )
        write_off.action_ask()
        return write_off

    def is_decided(self, write_off):
        return write_off.state == "booked"


class Waiver(Asked):
    """More late charges than one person may waive."""

    model, approve = "recovery.charge", "action_approve_waiver"

    def make(self):
        self.test.company.write({"country_id": self.env.ref("base.fr").id, "recovery_waiver_ceiling": 40})
        self.test.debtor.write({"country_id": self.env.ref("base.fr").id, "credit_limit": 10_000})
        move = self.test.invoice(self.test.debtor, 5000, on=ago(90), due=ago(60))
        charges = self.test.item(move)._recovery_accrue(TODAY)
        interest = charges.filtered(lambda charge: charge.kind == "interest").with_user(self.asker)
        interest.action_waive("Good customer")
        self.test.assertEqual((interest.state, interest.waiver_asked), ("accrued", interest.amount))
        return interest

    def is_decided(self, charge):
        return charge.state == "waived" or bool(
            charge.search([("move_line_id", "=", charge.move_line_id.id), ("is_waived", "=", True)])
        )


class Guarantee(Asked):
    """A guarantee above the card's ceiling."""

    model, approve = "recovery.guarantee", "action_confirm"

    def make(self):
        self.test.card.approval_ceiling = 1000
        values = {"partner_id": self.test.debtor.id, "kind": "deposit", "amount": 5000}
        guarantee = self.env[self.model].with_user(self.asker).create(values)
        self.test.assertFalse(guarantee.is_counted)
        return guarantee

    def is_decided(self, guarantee):
        return guarantee.is_counted and guarantee.amount > 1000 and guarantee.kind != "insurance"


KINDS = (Check, Override, Plan, WriteOff, Waiver, Guarantee)
