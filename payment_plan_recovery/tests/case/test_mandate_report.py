"""What an agency or a bailiff reports back: judged by line, kept once, booked as declared."""

from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .case_common import day
from .mandate_common import MandateCommon


@tagged("post_install", "-at_install")
class TestMandateReport(MandateCommon):
    def test_look_keeps_nothing(self):
        case = self.entrusted()
        before = self.snapshot()
        wizard = self.report(
            f"{case.name};money;{self.today};100,00;R1;;", f"{case.name};returned;{self.today};;R2;;"
        )
        wizard.action_look()
        self.assertEqual((wizard.new_count, wizard.known_count, wizard.fault_count), (2, 0, 0))
        self.assertEqual(self.snapshot(), before)

    def test_the_same_report_twice_changes_nothing(self):
        case = self.entrusted()
        rows = [
            f"{case.name};money;{self.today};100,00;;;",
            f"{case.name};money;{self.today};100,00;;;",  # twice that day: two payments
            f"{case.name};fee;{self.today};15,00;F1;;",
            f"{case.name};news;{self.today};;;moved to Lyon;",
        ]
        wizard = self.register(*rows)
        self.assertEqual((wizard.new_count, len(case.entry_ids), case.amount_waiting), (4, 4, 200.0))
        before = self.snapshot()
        again = self.register(*rows)
        self.assertEqual((again.new_count, again.known_count), (0, 4))
        self.assertEqual(self.snapshot(), before)
        more = self.register(*rows, f"{case.name};money;{self.today};1,00;;;")
        self.assertEqual((more.new_count, case.amount_waiting), (1, 201.0))
        said = self.problems(f"{case.name};fee;{self.today};14,00;F1;;")
        self.assertIn("said something else", said[2])

    def test_money_books_nothing_until_it_is_there(self):
        case = self.entrusted()
        moves = self.env["account.move"].search_count([])
        self.register(f"{case.name};money;{self.today};100,00;R1;;")
        self.assertEqual((case.amount_residual, case.amount_waiting), (1000.0, 100.0))
        self.assertEqual(case.entry_ids.date_remit, self.today + timedelta(days=30))
        asked = case.activity_ids.filtered(lambda activity: "hands over" in activity.summary)
        self.assertEqual(asked.date_deadline, case.entry_ids.date_remit)
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        with self.assertRaisesRegex(UserError, "Name on Mandate the journal"):
            self.mandate.action_draft_payments()
        self.company.transfer_account_id = self.env["account.account"].create(
            {"name": "Outstanding", "code": "580000", "account_type": "asset_current", "reconcile": True}
        )
        self.mandate.journal_id = self.env["account.journal"].create(
            {"name": "Bank", "type": "bank", "code": "BNK9", "company_id": self.company.id}
        )
        self.mandate.action_draft_payments()
        payment = case.entry_ids.payment_id
        self.assertEqual(
            (payment.state, payment.amount, payment.partner_id), ("draft", 100.0, case.partner_id)
        )
        with self.assertRaisesRegex(UserError, "drafted already"):
            self.mandate.action_draft_payments()
        self.assertEqual(self.mandate.amount_waiting, 100.0, "a draft is no money")
        payment.action_post()
        self.env.invalidate_all()  # as whoever looks at it next
        self.assertEqual((case.amount_waiting, self.mandate.amount_waiting), (0.0, 0.0))
        self.assertEqual(case.amount_residual, 1000.0, "matching stays with the accountant")

    def test_who_paid_the_partner_bears_no_interest_from_that_day_on(self):
        """Due on day 0, paid to the agency on day 40: whatever day the agency hands it over."""
        self.company.transfer_account_id = self.env["account.account"].create(
            {"name": "Outstanding", "code": "580000", "account_type": "asset_current", "reconcile": True}
        )
        self.mandate.journal_id = self.env["account.journal"].create(
            {"name": "Bank", "type": "bank", "code": "BNK9", "company_id": self.company.id}
        )
        case = self.entrusted()
        case.sudo().date_entrusted = day(1)
        item = case.line_ids.move_line_id
        until = item._recovery_charges(day(40))[item.id].interest
        before = item._recovery_charges(day(39))[item.id]
        paid_to_us = self.item(self.invoice(case.partner_id, 1000.0))
        self.pay(paid_to_us.move_id, 500.0, on=40)
        self.register(f"{case.name};money;{day(40)};500,00;R1;;")
        charges = (item + paid_to_us)._recovery_charges(day(90))
        self.assertEqual(charges[item.id].interest, charges[paid_to_us.id].interest)
        self.assertEqual(item._recovery_charges(day(39))[item.id], before, "it had not come by then")
        self.register(f"{case.name};money;{day(40)};500,00;R2;;{item.move_id.name}")
        for step in ("waits", "drafted", "posted", "matched"):
            if step == "drafted":
                self.mandate.action_draft_payments()
            elif step == "posted":
                case.entry_ids.payment_id.action_post()
            elif step == "matched":
                received = case.entry_ids.payment_id.move_id.line_ids
                (received.filtered(lambda line: line.account_id == item.account_id) + item).reconcile()
            self.env.invalidate_all()
            with self.subTest(step):
                self.assertEqual(item._recovery_charges(day(90))[item.id].interest, until)
        self.assertTrue(item.reconciled)

    def test_what_arrived_otherwise_is_waited_for_no_more(self):
        """Matched by the accountant without a draft of ours, it would count twice."""
        case = self.entrusted()
        self.register(f"{case.name};money;{self.today};300;R1;;", f"{case.name};fee;{self.today};10;;;")
        item = case.line_ids.move_line_id
        self.pay(item.move_id, 300.0, on=300)
        self.assertEqual(case.amount_waiting, 300.0)
        later = day(400)
        twice = item._recovery_charges(later)[item.id].interest
        case.entry_ids.action_note_arrived()
        self.assertEqual((case.amount_waiting, self.mandate.amount_waiting), (0.0, 0.0))
        self.assertGreater(item._recovery_charges(later)[item.id].interest, twice)
        self.assertIn("waits no more for", case.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "has not handed over"):
            case.entry_ids.action_note_arrived()

    def test_fees_as_declared_are_costs_of_the_case(self):
        case = self.entrusted()
        # 15 + 10 % of 100: the money may stand below the fee
        self.register(f"{case.name};fee;{self.today};25,00;;;", f"{case.name};money;{self.today};100,00;;;")
        self.assertEqual((case.amount_costs, case.amount_claimed_back), (25.0, 0.0))
        self.assertEqual(case.cost_ids.partner_id, self.agency)
        said = self.problems(f"{case.name};fee;{self.today};0,01;;;")
        self.assertIn("more than", said[2])

    def test_returned_file_goes_on_where_it_was(self):
        case = self.entrusted()
        self.register(f"{case.name};returned;{self.today};;;debtor gone;")
        self.assertEqual((case.stage, case.outcome), ("closed", "given_up"))
        self.assertEqual(case.hold_id.date_until, self.today)
        items = case.line_ids.move_line_id
        holds = self.env["recovery.hold"].search([("partner_id", "=", case.partner_id.id)]) - case.hold_id
        self.assertFalse(holds)
        again = self.env["recovery.case"]._open(case.partner_id, items)
        again._entrust(self.mandate)
        self.assertEqual(len(self.hand_over()[1]), 1, "entrusted anew, handed over anew")
        self.register(f"{case.name};money;{self.today};5;;late;")
        self.assertEqual(case.amount_waiting, 5.0)

    def test_a_file_given_back_because_of_an_insolvency_is_still_declared(self):
        case = self.entrusted()
        items = case.line_ids.move_line_id
        declared = self.env["recovery.insolvency"].create(
            {"partner_id": case.partner_id.id, "date_published": self.today}
        )
        declared.action_declare()
        self.assertEqual(self.mandate.case_count, 1)
        self.register(f"{case.name};returned;{self.today};;;insolvent;")
        self.assertEqual((case.stage, case.outcome, case.date_returned), ("insolvency", False, self.today))
        self.assertEqual((case.hold_id.kind, case.hold_id.date_until), ("insolvency", False))
        self.assertTrue(case.activity_ids.filtered(lambda one: "eclar" in one.summary), "the deadline stays")
        tomorrow = self.today + timedelta(days=1)
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": tomorrow})
        self.assertEqual(set(run.explain(items).values()), {"on_hold"})
        self.assertEqual(self.mandate.case_count, 0)
        self.assertIn("given back", self.problems(f"{case.name};returned;{self.today};;2;again;")[2])
        with self.assertRaisesRegex(UserError, "every open claim"):
            self.mandate.action_hand_over()

    def test_who_paid_the_partner_is_not_chased_when_the_file_comes_back(self):
        case = self.entrusted()
        self.register(f"{case.name};money;{self.today};100;;;", f"{case.name};returned;{self.today};;;;")
        hold = self.env["recovery.hold"].search([("partner_id", "=", case.partner_id.id)]) - case.hold_id
        self.assertEqual((hold.kind, hold.move_line_ids), ("manual", case.line_ids.move_line_id))
        self.assertEqual(hold.date_review, self.today + timedelta(days=30))

    def test_faults_by_line(self):
        case, foreign = self.entrusted(), self.open_case()
        own, today = case.name, self.today
        rows = [
            (f"{foreign.name};news;{today};;;;", "no case entrusted"),
            (f"{own};gossip;{today};;;;", "not known to the layout"),
            (f"{own};news;;;;;", "is empty"),
            (f"{own};news;32/12/2026;;;;", "not a date"),
            (f"{own};fee;{today};lots;;;", "not a figure"),
            (f"{own};news;{today};;N1;;", ""),
            (f"{own};news;{today};;N1;;", "stands in the file twice"),
            (f"{own};news;{today};;;;NO/1", "no claim"),
        ]
        self.refuses(rows)
        before = self.snapshot()
        with self.assertRaisesRegex(UserError, "Row 2.*Nothing was kept"):
            self.register(f"{foreign.name};news;{today};;;;", f"{own};news;{today};;;;")
        self.assertEqual(self.snapshot(), before)

    def test_what_the_mandate_does_not_allow(self):
        own, today = self.entrusted().name, self.today
        self.mandate.may_cash = False
        rows = [
            (f"{own};news;{today + timedelta(days=1)};;;;", "still to come"),
            (f"{own};news;{today - timedelta(days=1)};;;;", "not entrusted yet"),
            (f"{own};money;{today};10;;;", "receive money"),
            (f"{own};plan;{today};;;;", "grant plans"),
            (f"{own};fee;{today};;;;", "above zero"),
            (f"{own};fee;{today};-5;;;", "above zero"),
            (f"{own};fee;{today};1,005;;;", "with the decimals"),
            (f"{own};returned;{today};;;;", ""),
            (f"{own};returned;{today};;X;;", "given back already"),
        ]
        self.refuses(rows)

    def refuses(self, rows):
        """*Look* says of each row what is paired with it, nothing where that is empty."""
        said = self.problems(*(row for row, _words in rows))
        for number, (row, words) in enumerate(rows, 2):
            self.assertEqual(bool(said.get(number)), bool(words), row)
            self.assertIn(words, said.get(number, ""), row)

    def test_files_that_are_none(self):
        case = self.entrusted()
        for rows, header, words in (
            ((), "case;kind;date", "no rows"),
            ((f"{case.name};news",), "case;kind", "lacks the columns date"),
            ((f"{case.name};news;{self.today};x",), "case;kind;date;iban", "columns nobody knows: iban"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.report(*rows, header=header).action_look()
        wizard = self.env["recovery.mandate.report"].create({"mandate_id": self.mandate.id})
        wizard.file = b"A" * 42_000_000
        with self.assertRaisesRegex(UserError, "30 megabytes"):
            wizard.action_look()

    def test_plan_that_the_partner_granted(self):
        self.mandate.may_grant_plans = True
        case = self.entrusted()
        self.register(f"{case.name};plan;{self.today};;;10 x 100;")
        self.assertTrue(case.activity_ids.filtered(lambda activity: "draft the plan" in activity.summary))

    def test_chronology_tells_it(self):
        case = self.entrusted()
        self.register(f"{case.name};money;{self.today};100;;by cheque;")
        report = self.env["report.payment_plan_recovery.report_case_chronology"]
        told = [(entry.what, entry.detail) for entry in report._page(case)["entries"]]
        self.assertIn(("Entrusted to Cabinet Durand", "Mandate"), told)
        self.assertTrue(any("Money received" in what and "by cheque" in detail for what, detail in told))

    def test_words_go_with_the_case(self):
        kind = self.env["recovery.personal.data.mandate.entry"]
        case = self.entrusted()
        self.register(f"{case.name};news;{self.today};;;ill since May;")
        self.assertFalse(kind._due(self.company, date(2100, 1, 1), erased=False))
        case.action_give_up()
        self.pay(case.line_ids.move_id, 1000.0)
        due = kind._due(self.company, date(2100, 1, 1), erased=False)
        self.assertEqual(due, case.entry_ids)
        kind._forget(due)
        self.assertFalse(case.entry_ids.note)
