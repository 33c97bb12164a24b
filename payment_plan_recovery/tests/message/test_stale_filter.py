"""Filters declared on records: refused when saved, left out alone when they go bad later, and somebody is asked."""

from lxml import etree
from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..notice.notice_common import NoticeCommon

#: A field that went with its addon.
GONE = "[('gone', '=', 1)]"


@tagged("post_install", "-at_install")
class TestStaleFilter(NoticeCommon):
    def make_stale(self, record, name="debtor_domain"):
        """A filter over a field that an addon took with it."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL.identifier(name),
                GONE,
                record.id,
            )
        )
        self.env.invalidate_all()

    def asked(self):
        return self.env["mail.activity"].search([("summary", "like", "Mend the filter")])

    def filtered_models(self):
        """{model: its fields that hold a filter}, of every model of the addon."""
        return {
            name: self.env[name]._filter_fields()
            for name in self.env.registry.descendants(["recovery.filter"], "_inherit")
            if not self.env[name]._abstract
        }

    def test_every_filter_says_what_it_is_over(self):
        filtered = self.filtered_models()
        domains = {
            (name, field)
            for name, model in self.env.registry.items()
            if name.startswith("recovery.") and not model._transient
            for field, definition in model._fields.items()
            if field.endswith("domain") and definition.type == "char"
        }
        self.assertEqual(domains, {(name, field) for name, fields in filtered.items() for field in fields})

    def test_nobody_asks_by_a_filter_what_he_may_not_read(self):
        """Judged with all rights, whom it keeps would tell it, one value after the other."""
        manager = new_test_user(
            self.env,
            "filter_manager",
            groups="payment_plan_recovery.group_recovery_manager",
            company_id=self.company.id,
        )
        policy = self.env["recovery.dunning.policy"].create({"name": "Mine", "company_id": self.company.id})
        policy = policy.with_user(manager).with_context(allowed_company_ids=self.company.ids)
        for text in (
            "[('signup_type', '=', 'reset')]",
            "[('child_ids', 'any', [('signup_type', '=like', 'r%')])]",
            "['!', ('parent_id.signup_type', '=', False)]",
        ):
            with self.subTest(text), self.assertRaises(AccessError), self.env.cr.savepoint():
                policy.debtor_domain = text
        policy.debtor_domain = "[('recovery_exposure', '>', 100), ('category_id.name', '=', 'Silver')]"

    def test_what_cannot_be_used_is_refused_on_save(self):
        self.env["recovery.portfolio"].create({"name": "Mine", "user_id": self.env.uid})
        for name, fields in self.filtered_models().items():
            record = self.env[name].search([], limit=1)
            for field in fields:
                for text in (GONE, "[('id', '=', uid)]", "nonsense", "[('name', 'resembles', 'x')]"):
                    with self.subTest(model=name, field=field, text=text):
                        with self.assertRaisesRegex(ValidationError, "cannot be used"):
                            record[field] = text
                        record.invalidate_recordset()

    def test_message_gone_bad_is_left_out_alone(self):
        """The next that fits is used; whoever is responsible is asked once."""
        stale = self.message.copy({"sequence": 1, "subject": "Never {total}", "level_id": self.level.id})
        notices = self.notify(self.make_debtor("A"), self.make_debtor("B"))
        self.make_stale(stale)
        postbox = self.drain()
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        self.assertNotIn(b"Never", b"".join(mail.content for mail in postbox.envelopes))
        asked = self.asked()
        self.assertEqual(len(asked), 1)
        self.assertIn(stale.name, asked.summary)
        self.assertIn("gone", asked.note)
        self.assertTrue(asked.user_id.active)

    def test_notice_without_other_words_waits_for_the_filter(self):
        notice = self.notify(self.make_debtor())
        self.make_stale(self.message)
        self.drain()
        self.assertEqual((notice.state, notice.attempt_count), ("queued", 1))
        self.message.debtor_domain = "[]"
        notice.next_attempt = "2020-01-01"
        self.drain()
        self.assertEqual(notice.state, "sent")

    def test_promise_is_kept_though_its_message_went_bad(self):
        self.company.recovery_confirm_promises = True
        debtor = self.make_debtor()
        self.invoice(debtor)
        for message in self.env["recovery.message"].search([("occasion", "=", "promise_confirmation")]):
            self.make_stale(message)
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": debtor.id,
                "company_id": self.company.id,
                "amount": 10,
                "date_promised": "2100-01-01",
            }
        )
        self.assertTrue(promise.hold_id)
        self.assertTrue(self.asked())

    def test_plan_is_completed_though_its_message_went_bad(self):
        self.company.recovery_thank_for_plans = True
        move = self.invoice(self.make_debtor(), 300.0)
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": move.partner_id.id,
                "date_start": "2026-03-01",
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": self.item(move).id})],
            }
        )
        plan.generate_instalments()
        plan.action_propose()
        plan.action_accept()
        plan.action_activate()
        for message in self.env["recovery.message"].search([("occasion", "=", "plan_kept")]):
            self.make_stale(message)
        bank = self.env["account.journal"].create(
            {"name": "Bank", "type": "bank", "code": "BNKX", "company_id": self.company.id}
        )
        (self.item(move) + self.credit(move.partner_id, 300.0, bank)).reconcile()
        plan.action_monitor()
        self.assertEqual(plan.state, "completed")
        self.assertTrue(self.asked())

    def test_no_view_shows_a_filter_as_it_is_written(self):
        """In a form Odoo's own field reads it out, in a list ours does: nobody reads a domain."""
        names = {name for fields in self.filtered_models().values() for name in fields}
        views = self.env["ir.model.data"].search(
            [("module", "=", "payment_plan_recovery"), ("model", "=", "ir.ui.view")]
        )
        shown = [
            (view.name, node)
            for view in self.env["ir.ui.view"].browse(views.mapped("res_id"))
            for node in etree.fromstring(view.arch_db).iter("field")
            if node.get("name") in names and view.type != "search"
        ]
        self.assertGreater(len(shown), len(self.filtered_models()))
        for view, node in shown:
            in_list = next(node.iterancestors("list", "form")).tag == "list"
            self.assertEqual(node.get("widget"), "recovery_filter_words" if in_list else "domain", view)

    def test_policy_and_portfolio_gone_bad_are_asked_about(self):
        portfolio = self.env["recovery.portfolio"].create({"name": "Mine", "user_id": self.env.uid})
        self.make_stale(self.level, "item_domain")
        self.make_stale(portfolio)
        self.invoice(self.make_debtor())
        for _day in range(2):
            self.make_run(5).action_propose()
            self.env["recovery.worklist"]._refresh(self.company, self.company._recovery_today())
        self.assertEqual(len(self.asked()), 2)
