"""A collector's, a manager's and an accountant's day in French, each with its own group only, at a desk and on a phone.

What is done often takes few clicks, and no word of English is met on the way.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ledger import Ledger
from lxml import etree
from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from worker import English, Worker

DESK, PHONE = 1400, 390
GROUPS = {
    "collector": "payment_plan_recovery.group_recovery_user",
    "manager": "payment_plan_recovery.group_recovery_manager",
    "accountant": "account.group_account_user",
}
#: Clicks that what is done often may take, from the screen where one is then.
CLICKS = {
    "why": 0,
    "call": 2,
    "promise": 2,
    "hold": 3,
    "plan in force": 6,
    "run to queued": 5,
    "approval": 1,
    "case decided": 3,
    "proof": 1,
    "money matched": 1,
    "charges booked": 4,
}
SAVE = ".modal .o_form_button_save, .modal-footer .btn-primary"


@tagged("post_install", "-at_install")
class TestDays(Ledger, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.english = English()
        cls.env.company.partner_id.lang = (
            "fr_FR"  # what the product notes by itself is in the company's language
        )
        cls.users = {
            role: new_test_user(
                cls.env,
                f"{role}_fr",
                groups=f"base.group_user,{group}",
                email=f"{role}@creditor.example",
                lang="fr_FR",
                tz="Europe/Paris",
            )
            for role, group in GROUPS.items()
        }
        cls.chased = cls.debtor("Brasserie des Tilleuls", 200, 400)
        cls.late = cls.debtor("Épicerie Lestrade", 75)
        cls.planned = cls.debtor("Maison Aubrelle", 300, 300)
        cls.agreed_plan(cls.planned)
        cls.chased.phone = "+33 1 99 00 00 00"
        today = date.today()
        cls.env["recovery.promise"].create(
            {
                "partner_id": cls.chased.id,
                "amount": 100,
                "date_given": today - timedelta(days=15),
                "date_promised": today - timedelta(days=8),
            }
        )._judge(today)

    def at_work(self, role, width):
        """A worker in its role, at a screen of ``width``."""
        worker = Worker.of(self, self.users[role].login)
        self.addCleanup(worker.__exit__, None, None, None)
        found = worker.__enter__()
        found.english = self.english
        found.at(width)
        return found

    def dialog(self, worker, button, text=None):
        """Open a dialog by the name of its button, say what was said, keep it."""
        worker.click(button)
        worker.sees(".modal .o_form_view")
        if text:
            worker.type(f".modal {text} textarea, .modal {text} input", "Dit au téléphone")
        worker.click(SAVE)
        worker.sees("body:not(:has(.modal))")

    # -- the collector ---------------------------------------------------------------------

    def test_a_collectors_day_at_the_desk(self):
        worker = self.at_work("collector", DESK)
        worker.go("action_worklist_refreshed")
        worker.click("tr.o_data_row td[name='action']")  # the promise that was not kept
        worker.sees(".o_form_view")
        worker.go("action_worklist_refreshed")
        worker.click("button[name='action_open_debtor']")
        worker.sees(".o_form_view [name='recovery_timeline']")
        self.acts(worker, ".o_form_statusbar ")
        self.knows_why(worker, "tr.o_data_row td[name='reason'] .badge")
        self.puts_a_plan_in_force(worker)
        self.runs(worker)

    def test_a_collectors_day_on_the_phone(self):
        worker = self.at_work("collector", PHONE)
        worker.go("action_worklist_refreshed")
        worker.sees(".o_kanban_record")
        self.acts(worker, ".o_kanban_record ")
        self.knows_why(worker, ".o_kanban_record [name='reason']")
        self.puts_a_plan_in_force(worker)
        self.runs(worker)

    def acts(self, worker, where):
        """Call, promise, hold: on the debtor's page, or from its card."""
        name = "action_recovery_{}" if "statusbar" in where else "action_{}"
        with worker.in_clicks("a call", CLICKS["call"]):
            self.dialog(worker, f"{where}button[name='action_log_contact']", "[name='outcome']")
        with worker.in_clicks("a promise", CLICKS["promise"]):
            self.dialog(worker, f"{where}button[name='{name.format('promise')}']")
        with worker.in_clicks("a hold", CLICKS["hold"]):
            self.dialog(worker, f"{where}button[name='{name.format('hold')}']", "[name='reason']")
        worker.rest()
        of_debtor = [("partner_id", "=", self.chased.id)]
        self.assertEqual(
            self.env["recovery.contact"].search([*of_debtor, ("is_automatic", "=", False)]).outcome,
            "Dit au téléphone",
        )
        promise = self.env["recovery.promise"].search([*of_debtor, ("state", "=", "open")])
        self.assertEqual((promise.amount, promise.user_id), (600, self.users["collector"]))
        held = self.env["recovery.hold"].search([*of_debtor, ("kind", "=", "manual")])
        self.assertEqual(held.reason, "Dit au téléphone")

    def knows_why(self, worker, reason):
        """Why a claim is chased or not stands in the list; the page behind it has the dates."""
        worker.go("action_claim")
        with worker.in_clicks("why", CLICKS["why"]):
            worker.sees(reason)
        worker.click("[name='action_why_not']")
        worker.sees(".modal [name='explanation']")
        worker.click(".modal-footer .btn-primary")

    def puts_a_plan_in_force(self, worker):
        """From the debtor's page to a plan that the debtor signed."""
        worker.do(self.late.with_user(self.users["collector"]).action_recovery_page())
        worker.sees(".o_form_statusbar")
        with worker.in_clicks("a plan in force", CLICKS["plan in force"]):
            if worker.width < 600:
                worker.click(".o_statusbar_buttons .o-dropdown")
            worker.click("button[name='action_negotiate_plan']")
            worker.click(".modal button[name='action_draft_plan']")
            worker.click(".o_form_statusbar button[name='action_propose']")
            worker.sees(".o_form_statusbar button.btn-primary:not([name='action_propose'])")
            worker.click(".o_form_statusbar button.btn-primary:not([name='action_propose'])")
            worker.type(".modal [name='signed_by'] input", "Jeanne Martin")
            worker.click(".modal button[name='action_accept']")
            worker.sees("body:not(:has(.modal))")
        worker.rest()
        plan = self.env["recovery.plan"].search([("partner_id", "=", self.late.id)])
        self.assertEqual((plan.state, plan.signed_by), ("active", "Jeanne Martin"))

    def runs(self, worker):
        """From the list of runs to notices in the outbox."""
        self.debtor("Crêperie Lann Vraz", 90)
        self.env.flush_all()
        worker.go("action_dunning_run")
        with worker.in_clicks("a run to queued", CLICKS["run to queued"]):
            worker.click(
                ".o_list_button_add, .o-kanban-button-new, .o_control_panel_main_buttons .btn-primary"
            )
            worker.click("button[name='action_propose']")
            worker.sees("button[name='action_confirm']")
            worker.click("button[name='action_confirm']")
            worker.click(".modal-footer .btn-primary")
            worker.sees("body:not(:has(button[name='action_confirm']))")
        worker.rest()
        run = self.env["recovery.dunning.run"].search([("create_uid", "=", self.users["collector"].id)])
        self.assertEqual((run.state, set(run.notice_ids.mapped("state"))), ("confirmed", {"queued"}))

    # -- the manager and the accountant ----------------------------------------------------

    def test_a_managers_day_at_the_desk(self):
        worker = self.at_work("manager", DESK)
        worker.go("action_worklist_refreshed")
        self.opens_everything(worker, forms=True)

    def test_a_managers_day_on_the_phone(self):
        worker = self.at_work("manager", PHONE)
        worker.go("action_worklist_refreshed")
        self.approves(worker, self.waiting_plan(), "approval_state", "approved")
        self.approves(worker, self.waiting_write_off(), "state", "booked")
        self.decides_a_case(worker)
        self.proves_a_figure(worker)

    def waiting_plan(self):
        """A plan that its collector may not grant alone: more instalments than the policy has."""
        items = self.items(self.debtor("Crêperie Lann Vraz", 900))
        plan = (
            self.env["recovery.plan"]
            .with_user(self.users["collector"])
            .create(
                {
                    "partner_id": items.partner_id.id,
                    "date_start": date.today() + timedelta(days=10),
                    "instalment_count": 18,
                    "item_ids": [Command.create({"move_line_id": item.id}) for item in items],
                }
            )
        )
        plan.generate_instalments()
        plan.action_propose()
        return plan

    def waiting_write_off(self):
        """What a collector asked to give up."""
        company = self.env.company
        company.recovery_write_off_account_id = self.env["account.account"].create(
            {"name": "Pertes", "code": "654009", "account_type": "expense"}
        )
        items = self.items(self.debtor("Auberge du Pont", 40))
        found = (
            self.env["recovery.write.off"]
            .with_user(self.users["collector"])
            .create(
                {
                    "partner_id": items.partner_id.id,
                    "reason": "cost",
                    "line_ids": [Command.create({"move_line_id": item.id}) for item in items],
                }
            )
        )
        found.action_ask()
        return found

    def items(self, debtor):
        return self.env["account.move.line"].search(
            [("partner_id", "=", debtor.id), ("account_type", "=", "asset_receivable")]
        )

    def shows(self, worker, record):
        """The form of ``record``, as its activity or its line in a list opens it."""
        self.env.flush_all()
        worker.do(
            {
                "type": "ir.actions.act_window",
                "res_model": record._name,
                "res_id": record.id,
                "views": [[False, "form"]],
                "target": "current",
            }
        )
        worker.sees(".o_form_view .o_form_statusbar")

    def approves(self, worker, record, field, state):
        self.shows(worker, record)
        with worker.in_clicks(f"approving {record._name}", CLICKS["approval"]):
            worker.click(".o_form_statusbar button[name='action_approve']")
            worker.sees("body:not(:has(button[name='action_approve']))")
        worker.rest()
        self.assertEqual(record[field], state)

    def decides_a_case(self, worker):
        """From a case to the procedure that is begun, each weighed."""
        items = self.items(self.chased)
        self.chased.country_id = self.env.ref("base.fr")
        case = self.env["recovery.case"]._open(self.chased, items, reason="Dernier niveau sans effet")
        self.shows(worker, case)
        with worker.in_clicks("a case decided", CLICKS["case decided"]):
            worker.click(".o_form_statusbar button[name='action_weigh']")
            worker.click_until(".o_notebook a[name='options']", "button[name='action_begin']")
            worker.click("button[name='action_begin']")
        worker.rest()
        self.assertTrue(case.procedure_id)

    def proves_a_figure(self, worker):
        """From the dashboard to the records that a figure is made of."""
        worker.go("action_dashboard")
        with worker.in_clicks("a figure's proof", CLICKS["proof"]):
            worker.click("[data-figure='overdue'] a.o_recovery_value")
            worker.sees(".o_list_view .o_data_row, .o_kanban_record")

    def test_an_accountants_day_at_the_desk(self):
        worker = self.at_work("accountant", DESK)
        worker.go("action_claim")
        worker.do(self.chased.with_user(self.users["accountant"]).action_recovery_page())
        worker.sees(".o_form_view [name='recovery_timeline']")
        self.assertFalse(worker._run("!!document.querySelector(\"button[name='action_recovery_hold']\")"))
        self.opens_everything(worker)

    def test_an_accountants_day_on_the_phone(self):
        self.owes_charges(self.late)
        worker = self.at_work("accountant", PHONE)
        worker.go("action_claim")
        self.matches_money(worker)
        self.books_charges(worker)

    def owes_charges(self, debtor):
        """What lateness cost ``debtor`` until today, as every night brings it there."""
        france = self.env.ref("base.fr")
        self.env.company.write({"recovery_charge_since": "2000-01-01", "recovery_charge_law": "debtor"})
        debtor.country_id = france
        self.items(debtor)._recovery_accrue(date.today())
        self.env.flush_all()

    def matches_money(self, worker):
        """Money that nobody matched is put on the invoice it pays."""
        invoice = self.items(self.chased)[:1].move_id
        payment = self.env["account.payment"].create(
            {"partner_id": self.chased.id, "amount": invoice.amount_total, "payment_type": "inbound"}
        )
        payment.action_post()
        self.shows(worker, invoice)
        with worker.in_clicks("money matched", CLICKS["money matched"]):
            worker.click(".outstanding_credit_assign")
            worker.sees("body:not(:has(.outstanding_credit_assign))")
        worker.rest()
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))

    def books_charges(self, worker):
        """From the list of late charges to the invoice that claims them."""
        worker.go("action_charge")
        with worker.in_clicks("charges booked", CLICKS["charges booked"]):
            worker.click(".o_group_header")
            worker.click(".o_data_row td[name='partner_id']")
            worker.click(".o_form_statusbar button:not([name^='action_'])")
            worker.click(".modal button[name='action_book']")
            worker.sees("body:not(:has(.modal))")
        worker.rest()
        charges = self.env["recovery.charge"].search([("partner_id", "=", self.late.id)])
        self.assertIn("booked", charges.mapped("state"))

    def opens_everything(self, worker, forms=False):
        """Each screen that the menus of Recovery lead to, and a new record of each sort where there may be one."""
        worker.rest()
        user = worker._test.env["res.users"].search([("login", "=", worker.login)])
        menus = self.env["ir.ui.menu"].with_user(user)
        root = self.env.ref("payment_plan_recovery.menu_recovery")
        shown = menus.browse(menus._visible_menu_ids()).filtered(
            lambda menu: menu.sudo().action and menu.parent_path.startswith(root.parent_path)
        )
        self.assertGreater(len(shown), 10)
        for menu in shown:
            action = menu.sudo().action
            worker.do(action.id)
            if forms and action._name == "ir.actions.act_window" and "form" in action.view_mode:
                model = self.env[action.res_model].with_user(user)
                if model.has_access("create") and self.may_begin(model):
                    worker.do(
                        {
                            "type": "ir.actions.act_window",
                            "res_model": model._name,
                            "views": [[False, "form"]],
                            "target": "current",
                        }
                    )

    def may_begin(self, model):
        """Whether there is a button for a new record: what only the product makes has none."""
        views = (etree.fromstring(model.get_view(view_type=kind)["arch"]) for kind in ("list", "form"))
        return not any(view.get("create") in ("0", "false", "False") for view in views)
