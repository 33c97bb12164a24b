"""A collector's day: what is done often takes few clicks, and no word of English is met on the way."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from days import CLICKS, DESK, LAPTOP, PHONE, Days
from odoo.tests import tagged

#: Alt among the keys that are held.
ALT = 1
#: The fields of a call, in the order in which Tab goes through them.
CALL = [
    *("outcome", "result", "date_next", "cause_id", "partner_id", "channel", "date", "user_id"),
    *("Enregistrer", "Ignorer"),
]


@tagged("post_install", "-at_install")
class TestDays(Days):
    def test_a_collectors_day_at_the_desk(self):
        worker = self.at_work("collector", DESK)
        worker.go("action_worklist_refreshed")
        worker.fits(LAPTOP)
        worker.click("tr.o_data_row td[name='action']")  # the promise that was not kept
        worker.sees(".o_form_view")
        self.goes_by_keys(worker)
        worker.go("action_worklist_refreshed")
        worker.click("button[name='action_open_debtor']")
        worker.sees(".o_form_view [name='recovery_timeline']")
        self.calls_by_keys(worker)
        self.writes(worker)
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

    def goes_by_keys(self, worker):
        """From the search down to the first debtor, and into what waits there."""
        worker.go("action_worklist_refreshed")
        worker.press("ArrowDown", 40)
        worker.press("ArrowDown", 40)
        worker.press("Enter", 13)
        worker.sees(".o_form_view")

    def calls_by_keys(self, worker):
        """A call from the debtor's page without the mouse: Tab goes through its fields in the order of a call."""
        worker.press("l", 76, held=ALT)
        worker.sees(".modal [name='outcome'] :focus, .modal [name='outcome']:focus")
        order = [worker.at_cursor()]
        for _time in range(len(CALL) - 1):
            worker.press("Tab", 9)
            order.append(worker.at_cursor())
        self.assertEqual(order, CALL)
        worker.press("Enter", 13)
        worker.sees("body:not(:has(.modal))")

    def acts(self, worker, where):
        """Call, promise, hold: on the debtor's page, or from its card."""
        name = "action_recovery_{}" if "statusbar" in where else "action_{}"
        with worker.in_clicks("a call", CLICKS["call"]):
            self.dialog(worker, f"{where}button[name='action_log_contact']", "[name='outcome']")
        with worker.in_clicks("a promise", CLICKS["promise"]):
            self.dialog(worker, f"{where}button[name='{name.format('promise')}']", first="[name='amount']")
        with worker.in_clicks("a hold", CLICKS["hold"]):
            self.dialog(worker, f"{where}button[name='{name.format('hold')}']", "[name='reason']")
        worker.rest()
        of_debtor = [("partner_id", "=", self.chased.id)]
        self.assertEqual(
            self.env["recovery.contact"]
            .search([*of_debtor, ("is_automatic", "=", False), ("is_mailed", "=", False)])
            .outcome,
            "Dit au téléphone",
        )
        promise = self.env["recovery.promise"].search([*of_debtor, ("state", "=", "open")])
        self.assertEqual((promise.amount, promise.user_id), (600, self.users["collector"]))
        held = self.env["recovery.hold"].search([*of_debtor, ("kind", "=", "manual")])
        self.assertEqual(held.reason, "Dit au téléphone")

    def writes(self, worker):
        """A mail from the debtor's page: the words are there, the invoices too, and one's own go below them."""
        worker.rest()
        self.env["ir.attachment"].create(
            [
                {
                    "name": f"{move.id}.pdf",
                    "raw": b"%PDF",
                    "res_model": move._name,
                    "res_id": move.id,
                    "res_field": "invoice_pdf_report_file",
                }
                for move in self.items(self.chased).move_id
            ]
        )
        self.chased.lang = "fr_FR"  # the words are the debtor's
        self.env.flush_all()
        self.env.company.write({"recovery_contact_max": 0, "recovery_contact_gap_days": 0})
        shown = "[...document.querySelectorAll('.o-mail-Chatter-sendMessage')].some(one => one.getClientRects().length)"
        self.assertFalse(worker._run(shown), "every employee would read it")
        with worker.in_clicks("a mail", CLICKS["mail"]):
            self.dialog(
                worker, ".o_form_statusbar button[name='action_recovery_write']", first="[name='subject']"
            )
        worker.rest()
        made = self.env["recovery.contact"].search([("is_mailed", "=", True)])
        self.assertEqual((made.partner_id, len(made.invoice_ids)), (self.chased, 2))
        self.assertEqual(made.message_ids.notification_ids.res_partner_id, self.chased)

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
