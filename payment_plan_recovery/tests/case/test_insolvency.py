"""An insolvency: what was owed before its publication is declared, what comes later is due as ever."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .case_common import CaseCommon, day


@tagged("post_install", "-at_install")
class TestInsolvency(CaseCommon):
    """Invoices are of day -30, thirty days before they are due on day 0."""

    def publish(self, debtor, on):
        action = (
            self.env["recovery.insolvency"].create({"partner_id": debtor.id, "date_published": day(on)})
        ).action_declare()
        return self.env["recovery.case"].browse(action.get("res_id"))

    def debtor(self):
        return self.make_debtor("Insolvent", is_company=True, country_id=self.france.id)

    def test_what_was_owed_is_declared_and_what_comes_later_is_due(self):
        debtor = self.debtor()
        old, later = self.invoice(debtor, 1000.0), self.invoice(debtor, 70.0, due=31)
        case = self.publish(debtor, on=0)
        self.assertEqual(case.line_ids.move_line_id, self.item(old))
        self.assertEqual((case.stage, case.way, case.date_published), ("insolvency", "insolvency", day(0)))
        self.assert_reasons(old, day40="on_hold")
        self.assert_reasons(later, day40="selected")

    def test_the_day_itself_is_before(self):
        debtor = self.debtor()
        move = self.invoice(debtor, 1000.0)
        self.assertEqual(move.invoice_date, day(-30))
        with self.assertRaisesRegex(UserError, "nothing to declare"):
            self.publish(debtor, on=-31)
        self.assertEqual(self.publish(debtor, on=-30).line_ids.move_line_id, self.item(move))

    def test_a_day_to_come_is_refused(self):
        debtor = self.debtor()
        self.invoice(debtor, 1000.0)
        with self.assertRaisesRegex(UserError, "to come"):
            self.env["recovery.insolvency"].create(
                {"partner_id": debtor.id, "date_published": self.today + timedelta(days=1)}
            ).action_declare()

    def test_the_declaration_is_begun_with_its_deadline(self):
        debtor = self.debtor()
        self.invoice(debtor, 1000.0)
        case = self.publish(debtor, on=0)
        self.assertEqual(case.procedure_id, self.env.ref("payment_plan_recovery.procedure_fr_insolvency"))
        self.assertEqual(case.date_begun, day(0))
        # Two months from the publication (C. com. R622-24): 15 January to 15 March 2026, a Sunday.
        self.assertEqual(str(self.step(case, "fr_insolvency_declare").date_deadline), "2026-03-16")

    def plan(self, item, **values):
        """A plan in force over ``item``."""
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": item.partner_id.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "instalment_count": 3,
                "item_ids": [(0, 0, {"move_line_id": item.id})],
                **values,
            }
        )
        plan.action_propose()
        plan.action_accept()
        plan.action_activate()
        return plan

    def test_a_plan_ends_without_acceleration(self):
        debtor = self.debtor()
        item = self.item(self.invoice(debtor, 300.0))
        plan = self.plan(item, acceleration_clause=True)
        case = self.publish(debtor, on=0)
        self.assertEqual((plan.state, plan.date_accelerated), ("broken", False))
        self.assertEqual(case.line_ids.move_line_id, item)
        self.assertFalse(self.env["recovery.notice"].search([("partner_id", "=", debtor.id)]))

    def test_a_promise_ends(self):
        debtor = self.debtor()
        self.invoice(debtor, 300.0)
        promise = self.env["recovery.promise"].create(
            {"partner_id": debtor.id, "amount": 300.0, "date_promised": self.today + timedelta(days=9)}
        )
        self.publish(debtor, on=0)
        self.assertEqual(promise.state, "cancelled")

    def test_interest_stops_the_day_it_is_published(self):
        """1,000 due on 15 January, published 15 March: 59 days, whatever day is asked."""
        debtor = self.debtor()
        item = self.item(self.invoice(debtor, 1000.0))
        before = item._recovery_charges(day(59))[item.id]
        self.assertTrue(before.interest)
        self.publish(debtor, on=59)
        for on in (59, 60, 300):
            charges = item._recovery_charges(day(on))[item.id]
            self.assertEqual((charges.interest, charges.fee), (before.interest, before.fee), on)
        self.assertLess(item._recovery_charges(day(58))[item.id].interest, before.interest)
        everybody = self.env["recovery.charge.engine"]._ledger(
            SQL("line.id = %s", item.id), day(300), self.company
        )
        self.assertEqual([bearing.interest for bearing in everybody], [int(before.interest * 100)])

    def test_what_was_not_due_bears_nothing(self):
        debtor = self.debtor()
        item = self.item(self.invoice(debtor, 1000.0))
        self.publish(debtor, on=-1)
        self.assertFalse(item._recovery_charges(day(300))[item.id].total)

    def test_no_invoice_claims_what_is_declared(self):
        """An invoice of its charges would arise after the publication, and be asked for (C. com. L622-17)."""
        debtor = self.debtor()
        old, later = self.invoice(debtor, 1000.0), self.invoice(debtor, 1000.0, due=41)
        both = self.item(old) | self.item(later)
        self.publish(debtor, on=10)
        later_alone = self.item(later)._recovery_accrue(day(60))
        self.assertEqual(both._recovery_accrue(day(60)) - later_alone, old.recovery_charge_ids)
        dialog = self.env["recovery.charge.book"].create(
            {"date": day(60), "move_ids": [Command.set((old | later).ids)]}
        )
        self.assertEqual(dialog.charge_count, len(later_alone))
        (old | later).action_book_charges(day(60))
        self.assertEqual(set(later.recovery_charge_ids.mapped("state")), {"booked"})
        self.assertEqual(set(old.recovery_charge_ids.mapped("state")) - {"accrued"}, set())
        with self.assertRaisesRegex(UserError, "declared in an insolvency"):
            old.action_book_charges(day(60))

    def test_charges_booked_before_it_was_noted_are_declared_with_their_claims(self):
        """Noted late: what was booked meanwhile arose with what it charges; of another invoice somebody parts both."""
        debtor = self.debtor()
        old, again, later = (self.invoice(debtor, 1000.0, due=due) for due in (0, 0, 41))
        old.action_book_charges(day(60))
        (again | later).action_book_charges(day(60))
        claimed, both = (move.recovery_charge_ids.invoice_id for move in (old, again))
        case = self.publish(debtor, on=10)
        self.assertEqual(case.line_ids.move_line_id, self.item(old | again | claimed))
        self.assert_reasons(claimed, day90="on_hold")
        self.assertEqual(
            [both.name in (activity.summary or "") for activity in case.activity_ids].count(True), 1
        )
        told, until = (self.item(old)._recovery_charges(day(on))[self.item(old).id] for on in (60, 10))
        self.assertEqual(told.interest, until.interest, "what it bore beyond is credited")

    def test_what_was_moved_to_doubtful_debts_is_declared_as_what_it_was(self):
        """Before it is noted, or after: the entry's own day would have it due as what arises later is."""
        for noted_first in (False, True):
            debtor = self.debtor()
            old = self.item(self.invoice(debtor, 1000.0))
            bore = old._recovery_charges(day(40))[old.id]
            if noted_first:
                case = self.publish(debtor, on=40)
                moved = self.doubtful(old, 1000.0, on=50)
            else:
                moved = self.doubtful(old, 1000.0, on=50)
                case = self.publish(debtor, on=40)
            with self.subTest(noted_first):
                self.assertIn(moved, case.line_ids.move_line_id)
                self.assertEqual((case.amount_opened, case.amount_residual), (1000.0, 1000.0))
                self.follow()
                self.assertEqual((case.stage, case.hold_id.kind), ("insolvency", "insolvency"))
                moved.no_followup = False  # as whoever wants it chased again
                self.assertEqual(self.reason(moved, 90), "on_hold")
                self.assertEqual(old._recovery_charges(day(300))[old.id].interest, bore.interest)
                self.assertFalse(moved._recovery_charges(day(300))[moved.id].total)
                self.assertEqual(self.env["recovery.hold"]._declared(old | moved), old | moved)

    def test_a_hold_on_everything_takes_in_what_was_moved_since(self):
        debtor = self.debtor()
        old = self.item(self.invoice(debtor, 1000.0))
        self.env["recovery.hold"].create(
            {
                "partner_id": debtor.id,
                "kind": "insolvency",
                "date_from": day(40),
                "date_review": self.today + timedelta(days=30),
                "reason": "Published",
            }
        )
        moved = self.doubtful(old, 1000.0, on=50)
        later = self.item(self.invoice(debtor, 10.0, due=71))
        self.assertEqual(self.env["recovery.hold"]._declared(moved | later), moved)
        self.assertFalse(moved._recovery_charges(day(300))[moved.id].total)

    def test_a_running_case_becomes_one_of_the_insolvency(self):
        case = self.open_case()
        self.begin(case, self.order)
        self.assertEqual(case.stage, "court")
        self.assertEqual(self.publish(case.partner_id, on=0), case)
        self.assertEqual((case.stage, case.hold_id.kind), ("insolvency", "insolvency"))
        self.assertEqual(case.procedure_id.kind, "insolvency")

    def test_what_arose_later_goes_on(self):
        """Noted late: a case, a plan and a promise over what arose after the publication (C. com. L622-17)."""
        debtor = self.debtor()
        old = self.invoice(debtor, 1000.0)
        in_case, in_plan, promised = (self.invoice(debtor, 210.0, due=31) for _each in range(3))
        case = self.env["recovery.case"]._open(debtor, self.item(in_case))
        plan = self.plan(self.item(in_plan))
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": debtor.id,
                "amount": 210.0,
                "date_promised": self.today + timedelta(days=9),
                "move_line_ids": self.item(promised).ids,
            }
        )
        declared = self.publish(debtor, on=0)
        self.assertEqual(declared.line_ids.move_line_id, self.item(old))
        self.assertEqual((case.way, case.date_published, case.stage), ("litigation", False, "preparation"))
        self.assertEqual((plan.state, promise.state), ("active", "open"))

    def test_of_a_case_what_arose_later_goes_on_in_another(self):
        debtor = self.debtor()
        old, later = self.invoice(debtor, 1000.0), self.invoice(debtor, 70.0, due=31)
        case = self.env["recovery.case"]._open(debtor, self.item(old | later), way="mediation")
        self.assertEqual(self.publish(debtor, on=0), case)
        self.assertEqual(case.line_ids.move_line_id, self.item(old))
        self.assertEqual(case.hold_id.move_line_ids, self.item(old))
        other = self.item(later).recovery_case_line_ids.case_id
        self.assertEqual(
            (other.way, other.date_published, other.hold_id.kind), ("mediation", False, "mediation")
        )
        self.assertIn(other.name, case.message_ids[0].body)
        charges = self.item(later)._recovery_charges(day(300))[self.item(later).id]
        self.assertTrue(charges.interest, "it bears interest as ever")

    def test_charges_of_a_plan_that_ends_are_declared_and_not_booked(self):
        """A new invoice of them would be due as what arises later is."""
        debtor = self.debtor()
        item = self.item(self.invoice(debtor, 300.0))
        plan = self.plan(item, charge_terms="waived_if_kept")
        case = self.publish(debtor, on=59)
        self.assertEqual((plan.state, case.line_ids.move_line_id), ("broken", item))
        charges = item.recovery_item_charge_ids
        self.assertFalse(charges.invoice_id)
        self.env["recovery.charge"]._renew(self.company, self.today, item)
        charges = item.recovery_item_charge_ids.sorted("kind")
        told = item._recovery_charges(day(59))[item.id]
        self.assertEqual(charges.mapped("state"), ["accrued", "accrued"])
        self.assertEqual(charges.mapped("amount"), [float(told.fee), float(told.interest)])

    def test_what_was_booked_late_is_taken_in(self):
        debtor = self.debtor()
        self.invoice(debtor, 1000.0)
        case = self.publish(debtor, on=0)
        late, later = self.invoice(debtor, 50.0, due=30), self.invoice(debtor, 60.0, due=31)
        self.follow()
        self.assertIn(self.item(late), case.line_ids.move_line_id)
        self.assertNotIn(self.item(later), case.line_ids.move_line_id)

    def test_what_was_booked_late_elsewhere_has_a_case_of_its_own(self):
        """In dollars, or of a branch, of which nothing was owed when the insolvency was published."""
        debtor = self.debtor()
        self.invoice(debtor, 1000.0)
        case = self.publish(debtor, on=0)
        dollar = self.env.ref("base.USD")
        dollar.active = True
        late = self.invoice(debtor, 50.0, due=30, currency=dollar)
        later = self.invoice(debtor, 60.0, due=31, currency=dollar)
        self.follow()
        self.follow()
        other = self.env["recovery.case"].search([("partner_id", "=", debtor.id), ("id", "!=", case.id)])
        self.assertEqual(other.line_ids.move_line_id, self.item(late))
        self.assertEqual((other.stage, other.way, other.date_published), ("insolvency", "insolvency", day(0)))
        self.assertEqual(other.procedure_id, case.procedure_id)
        self.assert_reasons(late, day60="on_hold")
        self.assert_reasons(later, day60="selected")
        more = self.invoice(debtor, 70.0, due=20, currency=dollar)
        self.follow()
        self.assertEqual(other.line_ids.move_line_id, self.item(late) | self.item(more))
        self.assertFalse(case.line_ids.move_line_id & other.line_ids.move_line_id)

    def test_a_retention_is_declared_though_it_is_due_long_after(self):
        debtor = self.debtor()
        term = self.env["account.payment.term"].create(
            {
                "name": "Kept",
                "company_id": self.company.id,
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": percent, "nb_days": days})
                    for percent, days in ((95, 30), (5, 395))
                ],
            }
        )
        move = self.invoice(debtor, 1000.0, invoice_date_due=False, invoice_payment_term_id=term.id)
        case = self.publish(debtor, on=0)
        self.assertEqual(case.line_ids.move_line_id, self.item(move))
        self.assertEqual(sorted(case.line_ids.mapped("amount_residual")), [50, 950])
        for item in self.item(move):
            self.assertEqual(self.reason(item, 500), "on_hold")

    def test_what_is_distributed_is_told_by_the_case(self):
        """Money of the day itself and credit notes are not what the representative distributes."""
        debtor = self.debtor()
        item = self.item(self.invoice(debtor, 1000.0))
        case = self.publish(debtor, on=0)
        bank = self.env["account.journal"].create(
            {"name": "Bank", "type": "bank", "code": "DIV", "company_id": self.company.id}
        )
        for amount, on in ((100.0, 0), (50.0, 1), (25.0, 40)):
            (item + self.credit(debtor, amount, journal=bank, on=on)).reconcile()
        (item + self.credit(debtor, 7.0, on=2)).reconcile()
        self.assertEqual((case.amount_residual, case.line_ids.amount_received), (818.0, 75.0))
