"""Cases: claims leave dunning and come back, procedures fit or not, steps have deadlines, outcomes end them."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .case_common import CaseCommon, day


@tagged("post_install", "-at_install")
class TestCase(CaseCommon):
    def explain(self, items):
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": self.today})
        return set(run.explain(items).values())

    # -- leaving dunning ---------------------------------------------------------------------------

    def test_claims_leave_dunning_and_come_back_where_they_were(self):
        debtor = self.make_debtor("Late", is_company=True)
        notice = self.notify(debtor)
        self.send(notice, 5)
        items = notice.line_ids.move_line_id
        before = self.explain(items)
        case = self.env["recovery.case"]._open(debtor, items)
        self.assertTrue(case.name.startswith("CASE/"))
        self.assertEqual(case.amount_opened, 100.0)
        self.assertEqual(self.explain(items), {"on_hold"})
        case.action_give_up()
        self.assertEqual((case.stage, case.outcome, case.date_closed), ("closed", "given_up", self.today))
        self.assertEqual(case.hold_id.date_until, self.today)
        case.hold_id.date_from = case.hold_id.date_until = date(2026, 1, 1)  # tomorrow has come
        self.assertEqual(self.explain(items), before)

    def test_one_case_for_each_currency(self):
        debtor = self.make_debtor("Late", is_company=True)
        dollar = self.env.ref("base.USD")
        dollar.active = True
        moves = self.invoice(debtor, 100.0) + self.invoice(debtor, 50.0, currency=dollar)
        items = moves.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        cases = self.env["recovery.case"]._open(debtor, items)
        self.assertEqual(
            {case.currency_id: case.amount_opened for case in cases}, {self.currency: 100.0, dollar: 50.0}
        )

    def test_claim_is_in_one_running_case(self):
        case = self.open_case()
        items = case.line_ids.move_line_id
        self.assertFalse(self.env["recovery.case"]._open(case.partner_id, items))
        with self.assertRaises(UserError):
            self.env["recovery.case"]._open_action(case.partner_id, items)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            case.copy({"line_ids": [(0, 0, {"move_line_id": items.id})]})
        case.action_give_up()
        again = self.env["recovery.case"]._open(case.partner_id, items)
        self.assertEqual(again.line_ids.move_line_id, items)

    def test_claims_of_a_plan_in_force_stay_with_it(self):
        debtor = self.make_debtor("Planned", is_company=True)
        item = self.item(self.invoice(debtor, 300.0))
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "instalment_count": 3,
                "item_ids": [(0, 0, {"move_line_id": item.id})],
            }
        )
        plan.action_propose()
        plan.action_accept()
        plan.action_activate()
        with self.assertRaisesRegex(UserError, "break or cancel the plan first"):
            self.env["recovery.case"]._open(debtor, item)

    def test_claims_that_join_or_leave_the_case(self):
        case = self.open_case()
        later = self.item(self.invoice(case.partner_id, 70.0))
        line = case.line_ids.create({"case_id": case.id, "move_line_id": later.id})
        self.assertEqual(self.explain(later), {"on_hold"})
        line.unlink()
        self.assertEqual(case.hold_id.move_line_ids, case.line_ids.move_line_id)
        self.assertNotEqual(self.explain(later), {"on_hold"})

    def test_claims_of_one_debtor_only(self):
        items = self.item(self.invoice(self.make_debtor("A"), 10.0))
        items |= self.item(self.invoice(self.make_debtor("B"), 10.0))
        with self.assertRaises(UserError):
            self.env["recovery.case"]._open(items[0].partner_id, items)

    # -- what can be done --------------------------------------------------------------------------

    def test_payment_order_fits_and_is_weighed(self):
        case = self.open_case(1000.0)
        option = self.option(case, self.order)
        self.assertTrue(option.fits, option.why_not)
        self.assertEqual(option.chance, 60.0)
        self.assertEqual(option.fees, -103.0)
        self.assertAlmostEqual(option.recovered, round(0.6 * (1000.0 + option.interest), 2))
        total = option.recovered + option.given_back + option.fees + option.lawyer + option.waiting
        self.assertAlmostEqual(option.net, total)
        self.assertIn("a declared estimate", option.words)
        option.chance = 0
        self.assertLess(option.net, 0)
        self.assertIn("a write-off is cheaper", option.words)
        case.action_weigh()
        self.assertEqual(option.chance, 0, "what was changed by hand stays")

    def test_why_not(self):
        case = self.open_case(6000.0)
        small = self.option(case, self.env.ref("payment_plan_recovery.procedure_fr_small"))
        self.assertFalse(small.fits)
        self.assertIn("only up to", small.why_not)
        title = self.option(case, self.env.ref("payment_plan_recovery.procedure_fr_enforcement"))
        self.assertIn("there is no title yet", title.why_not)
        german = self.option(case, self.env.ref("payment_plan_recovery.procedure_de_order"))
        self.assertIn("not for the debtor's country (France)", german.why_not)
        european = self.option(case, self.env.ref("payment_plan_recovery.procedure_eu_order"))
        self.assertIn("our own country", european.why_not)
        with self.assertRaisesRegex(UserError, "does not fit"):
            small.action_begin()

    def test_both_sides_of_the_greatest_sum(self):
        small = self.env.ref("payment_plan_recovery.procedure_fr_small")
        small.with_interest = False
        self.assertTrue(self.option(self.open_case(5000.0), small).fits)
        self.assertFalse(self.option(self.open_case(5000.01), small).fits)

    def test_bill_not_in_force_is_not_proposed(self):
        bill = self.env.ref("payment_plan_recovery.procedure_fr_bill")
        self.assertFalse(bill.active)
        self.assertTrue(bill.to_verify)
        self.assertFalse(self.option(self.open_case(), bill))

    def test_insolvency_leaves_only_the_declaration(self):
        case = self.open_case()
        case.date_published = date(2026, 10, 1)
        insolvency = self.env.ref("payment_plan_recovery.procedure_fr_insolvency")
        self.assertIn("suits stop", self.option(case, self.order).why_not)
        self.begin(case, insolvency)
        self.assertEqual((case.stage, case.hold_id.kind), ("insolvency", "insolvency"))
        self.assertEqual(self.step(case, "fr_insolvency_declare").date_deadline, date(2026, 12, 1))

    def test_chance_comes_from_outcomes_once_there_are_enough(self):
        values = {"partner_id": self.make_debtor("Old").id, "company_id": self.company.id}
        for number in range(20):
            past = self.env["recovery.case"].create(values)
            past.procedure_id = self.order
            past._close("paid" if number < 15 else "given_up")
        option = self.option(self.open_case(), self.order)
        self.assertEqual((option.chance, option.outcome_count), (75.0, 20))

    # -- steps and deadlines -----------------------------------------------------------------------

    def test_deadlines_follow_what_was_done(self):
        case = self.begin(self.open_case(), self.order)
        self.assertEqual((case.stage, case.hold_id.kind), ("court", "litigation"))
        order, old, new = (
            self.step(case, xid) for xid in ("fr_order_order", "fr_order_serve_old", "fr_order_serve")
        )
        self.assertEqual((new.state, new.date_deadline), ("planned", False))
        order.date_done = date(2026, 8, 31)
        self.assertEqual(
            (old.state, old.date_deadline), ("open", date(2027, 3, 1))
        )  # 28 February is a Sunday
        self.assertEqual((new.state, new.date_deadline), ("void", False))
        order.date_done = date(2026, 9, 1)
        self.assertEqual(old.state, "void")
        self.assertEqual((new.state, new.date_deadline), ("open", date(2026, 12, 1)))
        self.assertEqual(case.date_deadline, date(2026, 12, 1))
        reminders = case.activity_ids.filtered(lambda activity: activity.summary == new.name)
        self.assertEqual(reminders.mapped("date_deadline"), [date(2026, 12, 1)])
        new.date_done = date(2026, 10, 5)
        self.assertFalse(reminders.exists())
        enforce = self.step(case, "fr_order_enforce")
        self.assertEqual((enforce.bound, enforce.date_deadline), ("earliest", date(2026, 12, 7)))
        self.assertEqual(self.step(case, "fr_order_oppose").date_deadline, date(2026, 11, 5))

    def test_title_is_told_to_the_invoices(self):
        case = self.begin(self.open_case(), self.order)
        self.step(case, "fr_order_enforce").date_done = date(2026, 12, 7)
        self.assertEqual(case.date_title, date(2026, 12, 7))
        self.assertEqual(case.line_ids.move_id.recovery_judgment_date, date(2026, 12, 7))

    # -- the end -----------------------------------------------------------------------------------

    def test_paid_case_is_closed(self):
        case = self.open_case(100.0)
        self.follow()
        self.assertNotEqual(case.stage, "closed")
        self.pay(case.line_ids.move_id, 100.0)
        self.follow()
        self.assertEqual(case.outcome, "paid")

    def test_a_case_goes_on_when_its_payment_went_back(self):
        """Nobody reminds a debtor in a friendly way whose cheque for the claims of a case bounced."""
        case = self.open_case(100.0)
        item = case.line_ids.move_line_id
        received = self.credit(case.partner_id, 100.0)
        (item + received).reconcile()
        self.follow()
        self.assertEqual(case.outcome, "paid")
        received.remove_move_reconcile()
        received.move_id._reverse_moves([{"date": self.today}], cancel=True)
        self.follow()
        self.assertEqual((case.stage, case.outcome, case.date_closed), ("preparation", False, False))
        self.assertEqual(self.reason(item, (self.today - day(0)).days), "on_hold")
        self.assertTrue(case.activity_ids)

    def test_agreement_ends_the_case_when_the_plan_is_in_force(self):
        case = self.open_case(300.0)
        case.action_agree()
        plan = case.plan_id
        self.assertEqual(plan.item_ids.move_line_id, case.line_ids.move_line_id)
        self.follow()
        self.assertFalse(case.outcome)
        plan.action_propose()
        plan.action_accept()
        plan.action_activate()
        self.follow()
        self.assertEqual(case.outcome, "agreement")

    def accepted_plan(self, case, items):
        """A plan over ``items``, as if offered before there was a case, and accepted."""
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": case.partner_id.id,
                "company_id": self.company.id,
                "currency_id": case.currency_id.id,
                "item_ids": [Command.create({"move_line_id": item.id}) for item in items],
            }
        )
        plan.action_propose()
        plan.action_accept()
        return plan

    def test_a_plan_that_was_offered_before_meets_the_case(self):
        """In force, it is the agreement of a case it covers; over a part, somebody decides on the rest."""
        debtor = self.make_debtor("Two claims")
        items = self.item(self.invoice(debtor, 300) + self.invoice(debtor, 300) + self.invoice(debtor, 300))
        case = self.env["recovery.case"]._open(debtor, items[:2])
        plan = self.accepted_plan(case, items[1:])
        plan.action_activate()
        self.assertFalse(case.plan_id)
        self.assertIn("covers a part of the claims: go on with the rest?", case.activity_ids.summary)
        self.follow()
        self.assertFalse(case.outcome)
        plan.action_cancel()
        plan = self.accepted_plan(case, items)
        plan.action_activate()
        self.assertEqual(case.plan_id, plan)
        self.follow()
        self.assertEqual((case.outcome, plan.state), ("agreement", "active"))

    def test_no_plan_begins_over_what_is_declared(self):
        case = self.open_case(300.0, way="insolvency")
        plan = self.accepted_plan(case, case.line_ids.move_line_id)
        with self.assertRaisesRegex(UserError, "declared to the insolvency of Late"):
            plan.action_activate()
        self.assertEqual(plan.state, "accepted")

    def test_a_completed_plan_does_not_go_on_over_what_is_in_a_case(self):
        """Its money went back, and a case was opened before the night: the case has the claim."""
        case = self.open_case(300.0)
        plan = self.accepted_plan(case, case.line_ids.move_line_id)
        case.action_give_up()
        plan.action_activate()
        item = plan.item_ids.move_line_id
        self.pay(item.move_id, 300)
        plan.monitor(self.today)
        self.assertEqual(plan.state, "completed")
        item.remove_move_reconcile()
        case = self.env["recovery.case"]._open(case.partner_id, item)
        plan.monitor(self.today)
        self.assertEqual((plan.state, plan.item_ids.is_live), ("completed", False))
        case.action_give_up()
        plan.monitor(self.today)
        self.assertEqual(plan.state, "active")

    def test_costs(self):
        case = self.open_case()
        case.cost_ids.create(
            [
                {"case_id": case.id, "name": "Registry", "amount": 38.0, "is_claimed_back": True},
                {"case_id": case.id, "name": "Travel", "amount": 12.0},
            ]
        )
        self.assertEqual((case.amount_costs, case.amount_claimed_back), (50.0, 38.0))

    def test_collector_works_and_manager_gives_up_for_lost(self):
        case = self.open_case()
        collector = new_test_user(
            self.env,
            "collector-of-cases",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        mine = case.with_user(collector)
        self.begin(mine, self.order.with_user(collector))
        self.step(mine, "fr_order_request").action_done()
        with self.assertRaises(AccessError):
            mine.action_irrecoverable()
        with self.assertRaises(AccessError):
            mine.write({"outcome": "paid"})
        case.action_irrecoverable()
        self.assertEqual(case.outcome, "irrecoverable")
        with self.assertRaisesRegex(UserError, "is closed"):
            mine.action_give_up()

    def test_reader_reads_and_other_companies_do_not(self):
        case = self.open_case()
        elsewhere = self.make_company("Elsewhere")
        stranger = new_test_user(
            self.env,
            "collector-elsewhere",
            groups="payment_plan_recovery.group_recovery_user",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        theirs = self.env["recovery.case"].with_user(stranger)
        theirs = theirs.with_context(allowed_company_ids=elsewhere.ids)
        self.assertFalse(theirs.search([("id", "=", case.id)]))
        reader = new_test_user(
            self.env,
            "reader-of-cases",
            groups="account.group_account_readonly",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.assertEqual(case.with_user(reader).amount_opened, 1000.0)
        with self.assertRaises(AccessError):
            case.with_user(reader).write({"reason": "mine"})

    def test_begun_case_is_not_deleted(self):
        case = self.open_case()
        begun = self.begin(self.open_case(), self.order)
        hold = case.hold_id
        case.unlink()
        self.assertEqual(hold.date_until, self.today)
        with self.assertRaisesRegex(UserError, "give it up"):
            begun.unlink()
