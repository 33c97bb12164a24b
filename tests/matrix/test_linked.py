"""Records that a client links to others, takes from them or deletes by a field of another model: nobody gets past.

What is tried comes from the registry: every relational field of a model of ours, or that leads to one. What may be
changed so stands in a table; anything else that changes is a way round.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import QUIET, Client
from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from samples import ELSEWHERE
from world import World

#: Who may change what by the field: the accountant whatever who makes invoices may, the manager what a collector may.
MAY = {
    "accountant": {
        "account.move": "recovery_interest_rule_id",
    },
    "manager": {
        # a draft of these, its lines, and what it is about
        "recovery.case": "line_ids option_ids step_ids cost_ids person_ids",
        "recovery.dispute": "move_line_ids",
        "recovery.hold": "move_line_ids",
        "recovery.limitation.event": "move_line_ids",
        "recovery.plan": "item_ids instalment_ids option_ids",
        "recovery.promise": "move_line_ids",
        "recovery.solvency.check": "contest_check_ids",
        "recovery.write.off": "line_ids",
        # what is declared
        "recovery.credit.rule": "class_ids",
        "recovery.dunning.policy": "level_ids all_level_ids",
        "recovery.incentive": "segment_ids",
        "recovery.interest.rule": "country_ids",
        "recovery.mandate": "tier_ids",
        "recovery.plan.policy": "segment_ids",
        "recovery.scorecard": "criterion_ids class_ids limit_part_ids",
        "recovery.segment": "condition_ids",
    },
}
#: Made by Odoo beside each record, and kept by their own rules (``test_history_ways.py``).
OF_THREADS = ("activity_ids", "message_", "website_message_ids", "rating_ids")


@tagged("post_install", "-at_install")
class TestLinked(Client, World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company, method = cls.company, cls.env.ref("payment.payment_method_unknown")
        provider = cls.env["payment.provider"].create(
            {"name": "Matrix", "code": "none", "company_id": company.id, "payment_method_ids": method.ids}
        )
        plan = cls.env["recovery.plan"].search([("company_id", "=", company.id)], limit=1)
        cls.env["payment.transaction"].sudo().create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "Matrix",
                "amount": 10,
                "currency_id": company.currency_id.id,
                "partner_id": plan.partner_id.id,
                "recovery_plan_id": plan.id,
                "recovery_debtor_id": plan.partner_id.id,
            }
        )
        cls.env.flush_all()

    def fields(self):
        """Relational fields of our models, and those of Odoo's models that lead to them or that we added."""
        for name, model in sorted(self.env.registry.items()):
            if model._abstract or model._transient or not model._auto or name in ELSEWHERE:
                continue
            protected = getattr(self.env[name], "_fields_that_are", lambda _attribute: ())("protected")
            for field in model._fields.values():
                if not field.comodel_name or field.inherited or field.name in protected:
                    continue
                own = name.startswith("recovery.") and field.type != "many2one"
                if own and not field.name.startswith(OF_THREADS):
                    yield name, field
                elif not name.startswith("recovery."):
                    added = any(module.startswith("payment_plan_recovery") for module in field._modules)
                    if added or field.comodel_name.startswith("recovery."):
                        yield name, field

    def holding(self, name, field):
        """A record of the company that has something in the field, else any."""
        first = self.sample(name, self.company)
        near = (
            first.search([("company_id", "=", self.company.id)]) if "company_id" in first._fields else first
        )
        return near.filtered(field.name)[:1] or first

    def values(self, record, field):
        """What a client may send for the field."""
        linked = record[field.name]
        ours, theirs = (self.sample(field.comodel_name, one) for one in (self.company, self.sister))
        if field.type == "many2one":
            others = (ours | theirs | ours.search([], limit=3)) - linked
            return [*others.ids, False]
        some = linked[:1] or ours
        return [
            *([Command.link(one.id)] for one in ours | theirs),
            *([one] for one in (Command.unlink(some.id), Command.delete(some.id))),
            *([one] for one in (Command.set(ours.ids), Command.clear())),
        ]

    def kept(self, name, field):
        """What the tables hold that the field may change, but for who wrote last."""
        self.env.flush_all()
        whole = SQL("(to_jsonb(kept) - 'write_date' - 'write_uid')::text")
        tables = [
            (self.env[model]._table, whole) for model in (name, field.comodel_name) if "recovery." in model
        ]
        if field.store and field.type == "many2one":
            tables.append((self.env[name]._table, SQL("kept.id || ':' || %s", SQL.identifier(field.name))))
        elif field.store and field.type == "many2many":
            tables.append((field.relation, SQL("kept::text")))
        return [
            self.env.execute_query(
                SQL(
                    "SELECT md5(string_agg(%(row)s, '|' ORDER BY %(row)s)) FROM %(table)s kept",
                    row=row,
                    table=SQL.identifier(table),
                )
            )
            for table, row in tables
        ]

    def is_changed(self, role, record, field, value):
        env, changed = self.env(user=self.users[role]), False
        before, rows = self.kept(record._name, field), self.rows_changed()
        context = {"allowed_company_ids": self.company.ids}
        try:
            with mute_logger(*QUIET), self.env.cr.savepoint() as savepoint:
                try:
                    call_kw(
                        env[record._name], "write", [record.ids, {field.name: value}], {"context": context}
                    )
                    env.flush_all()
                    changed = self.rows_changed() != rows and self.kept(record._name, field) != before
                finally:
                    savepoint.rollback()
        except Exception:  # whatever it was refused by
            changed = False
        self.env.invalidate_all()
        return changed

    def test_nothing_is_changed_by_a_field_of_another(self):
        tried, changed = 0, {role: {} for role in MAY}
        for name, field in self.fields():
            record = self.holding(name, field)
            if not record or not self.sample(field.comodel_name, self.company):
                continue
            for role in MAY:
                if not record.with_user(self.users[role]).has_access("write"):
                    continue
                values = self.values(record, field)
                tried += len(values)
                if any(self.is_changed(role, record, field, value) for value in values):
                    changed[role].setdefault(name, set()).add(field.name)
        self.assertGreater(tried, 250)
        for role, may in MAY.items():
            allowed = {name: set(names.split()) for name, names in may.items()}
            self.assertEqual(changed[role], allowed, role)
