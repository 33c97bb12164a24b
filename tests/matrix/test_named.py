"""Records of another company, named by a client in a form or a dialog of its own: nothing of them is told back."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import Client
from foreign import Foreign
from odoo import Command
from odoo.tests import tagged
from samples import ELSEWHERE, NO_COMPANY
from world import World


@tagged("post_install", "-at_install")
class TestNamed(Foreign, Client, World):
    def sample(self, model, company):
        if model == "account.move.line":
            return super().sample("account.move", company).line_ids[:1]
        return super().sample(model, company)

    def naming(self, role):
        """(model, field) of what a user of ``role`` may make and that names records of a company."""
        kept = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("recovery.") and not model._abstract and not model._transient
        }
        kept = (kept | {"account.move", "account.move.line"}) - NO_COMPANY - ELSEWHERE
        for name, model in sorted(self.env.registry.items()):
            if not name.startswith("recovery.") or model._abstract:
                continue
            if self.env[name].with_user(self.users[role]).has_access("create"):
                yield from (
                    (name, field)
                    for field in model._fields.values()
                    if field.comodel_name in kept and field.type in ("many2one", "many2many")
                )

    def test_no_form_tells_of_what_it_names(self):
        tried = 0
        for role in ("reader", "manager"):
            for model, field in self.naming(role):
                theirs = self.sample(field.comodel_name, self.sister)
                if not theirs:
                    continue
                tried += 1
                value = theirs.id if field.type == "many2one" else [Command.set(theirs.ids)]
                with self.case(role, model, field.name):
                    spec = {field.name: {}, "display_name": {}}
                    outcome, _changed = self.ask(
                        role, model, "onchange", [], {field.name: value}, [field.name], spec
                    )
                    self.assertEqual(outcome, "refused")
        self.assertGreater(tried, 40)

    def test_nor_by_a_line_of_it(self):
        theirs = self.sample("account.move.line", self.sister)
        line = [Command.create({"move_line_id": theirs.id})]
        outcome, _changed = self.ask(
            "collector", "recovery.plan", "onchange", [], {"item_ids": line}, ["item_ids"], {"item_ids": {}}
        )
        self.assertEqual(outcome, "refused")

    def test_why_a_claim_is_chased_is_told_to_who_may_read_it(self):
        told = ("partner_id", "amount_residual", "date_due", "forecast")
        for company, expected in ((self.sister, "refused"), (self.company, "done")):
            claim = self.sample("recovery.claim", company)
            for name in told:
                with self.case(company.name, name):
                    outcome, _changed = self.ask(
                        "reader", "recovery.claim.why", "web_save", [], {"claim_id": claim.id}, {name: {}}
                    )
                    self.assertEqual(outcome, expected)
            outcome, _changed = self.ask(
                "reader",
                "recovery.claim.why",
                "onchange",
                [],
                {"claim_id": claim.id},
                ["claim_id"],
                {"date": {}},
            )
            self.assertEqual(outcome, expected)
