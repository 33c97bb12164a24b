"""Limitation over a ledger: each event where it is kept, both sides of the last day, the warning."""

from datetime import date

from odoo.tests import tagged

from ...models.case import limitation
from .case_common import CaseCommon, day


@tagged("post_install", "-at_install")
class TestLimitation(CaseCommon):
    def renew(self, on):
        self.env["recovery.limitation"]._renew(self.company, on)

    def found(self, move):
        return self.env["recovery.limitation"].search([("move_line_id", "=", self.item(move).id)])

    def limitation(self, move, on):
        self.renew(on)
        return self.found(move)

    def company_debtor(self):
        return self.make_debtor("Company", is_company=True, country_id=self.france.id)

    def test_companies_and_consumers_on_both_sides_of_the_last_day(self):
        company = self.invoice(self.company_debtor())
        person = self.invoice(self.make_debtor("Person", country_id=self.france.id))
        for move, last in ((company, date(2031, 1, 15)), (person, date(2028, 1, 15))):
            self.assertEqual(self.limitation(move, last).expires_on, last)
            self.assertEqual(self.found(move).state, "running")
            self.assertEqual(self.limitation(move, date(last.year, 1, 16)).state, "barred")

    def test_what_stays_as_it_was_is_not_written_again(self):
        self.patch(limitation, "PORTION", 1)
        debtor = self.company_debtor()
        stays, changes, settled = (self.invoice(debtor, 100.0) for _number in range(3))
        self.renew(day(1))
        changes.recovery_judgment_date = day(1)
        (self.item(settled) + self.credit(debtor, 100.0, on=1)).reconcile()
        self.renew(day(2))
        self.assertEqual(self.found(stays).computed_on, day(1))
        self.assertEqual(self.found(changes).computed_on, day(2))
        self.assertFalse(self.found(settled))

    def test_law_of_the_debtor_where_it_is_declared(self):
        german = self.make_debtor("GmbH", is_company=True, country_id=self.env.ref("base.de").id)
        move = self.invoice(german)
        self.assertEqual(self.limitation(move, day(1)).expires_on, date(2031, 1, 15))
        self.company.recovery_limitation_law = "debtor"
        self.assertEqual(self.limitation(move, day(1)).expires_on, date(2029, 12, 31))

    def test_part_payment_starts_anew_and_a_credit_note_does_not(self):
        move = self.invoice(self.company_debtor(), 100.0)
        refund = self.invoice(move.partner_id, -10.0, due=40)
        (self.item(move) + self.item(refund)).reconcile()
        self.assertEqual(self.limitation(move, day(400)).expires_on, date(2031, 1, 15))
        bank = self.env["account.journal"].create({"name": "Bank", "type": "bank", "code": "BNK9"})
        received = self.credit(move.partner_id, 10.0, bank, on=30)
        (self.item(move) + received).reconcile()
        self.assertEqual(self.limitation(move, day(400)).expires_on, date(2031, 2, 14))
        self.assertEqual(self.limitation(move, day(20)).expires_on, date(2031, 1, 15))

    def test_what_the_creditor_does_alone_is_no_part_payment(self):
        """It gives up a part, by whichever entry, or books an exchange difference: the debtor acknowledges nothing."""
        dollars = self.env.ref("base.USD")
        dollars.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollars.id, "name": day(-60), "rate": 2, "company_id": self.company.id}
        )
        move = self.invoice(self.company_debtor(), 100.0, currency=dollars)
        difference = self.credit(move.partner_id, 5.0, on=30)
        difference.with_context(check_move_validity=False).move_id.button_draft()
        difference.write({"currency_id": dollars.id, "amount_currency": 0, "balance": -5})
        difference.move_id.action_post()
        (self.item(move) + difference).with_context(no_exchange_difference=True).reconcile()
        self.assertEqual(self.item(move).amount_residual, 45)
        self.company.recovery_write_off_account_id = self.env["account.account"].create(
            {"name": "Losses", "code": "654000", "account_type": "expense"}
        )
        self.company.recovery_write_off_ceiling = 1000
        given_up = self.invoice(move.partner_id, 100.0)
        write_off = self.env["recovery.write.off"].create(
            {
                "partner_id": move.partner_id.id,
                "reason": "cost",
                "line_ids": [(0, 0, {"move_line_id": self.item(given_up).id, "amount": 10})],
            }
        )
        write_off.action_ask()
        write_off.action_approve()
        self.assertEqual(self.item(given_up).amount_residual, 90)
        by_entry = self.invoice(move.partner_id, 100.0)
        (self.item(by_entry) + self.credit(move.partner_id, 10.0, on=30)).reconcile()
        for each in (move, given_up, by_entry):
            self.assertEqual(self.limitation(each, day(400)).expires_on, date(2031, 1, 15))

    def test_what_becomes_doubtful_is_as_old_as_it_was(self):
        """Neither the part that stays nor what is owed on account 416 begins anew; what happened before goes along."""
        part, whole = (self.invoice(self.company_debtor(), 100.0) for _number in range(2))
        moved = self.doubtful(self.item(part), 40.0, on=300) + self.doubtful(self.item(whole), 100.0, on=300)
        self.renew(day(400))
        found = self.env["recovery.limitation"].search(
            [("move_line_id", "in", (self.item(part) + moved).ids)]
        )
        self.assertEqual(found.mapped("expires_on"), [date(2031, 1, 15)] * 3)
        whole.recovery_judgment_date = day(100)
        again = self.doubtful(moved[1], 100.0, on=350)
        self.renew(day(400))
        found = self.env["recovery.limitation"].search([("move_line_id", "=", again.id)])
        self.assertEqual(found.expires_on, date(2036, 4, 25))
        self.assertIn("with a period of its own", found.working)

    def test_signed_agreement_is_an_acknowledgment(self):
        move = self.invoice(self.company_debtor(), 300.0)
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": move.partner_id.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "instalment_count": 3,
                "item_ids": [(0, 0, {"move_line_id": self.item(move).id})],
            }
        )
        plan.action_propose()
        plan.action_accept(date=day(60))
        self.assertEqual(self.limitation(move, day(60)).expires_on, date(2031, 3, 16))
        self.assertEqual(self.limitation(move, day(59)).expires_on, date(2031, 1, 15))

    def test_formal_notice_only_where_the_law_says_so(self):
        dutch = self.make_debtor("BV", is_company=True, country_id=self.env.ref("base.nl").id)
        self.company.recovery_limitation_law = "debtor"
        french, theirs = self.invoice(self.company_debtor()), self.invoice(dutch)
        (french + theirs).recovery_notice_date = day(31)
        self.assertEqual(self.limitation(french, day(40)).expires_on, date(2031, 1, 15))
        self.assertEqual(self.found(theirs).expires_on, date(2031, 2, 15))
        self.assertIn("without effect under this law", self.found(french).working)

    def test_case_tells_its_mediation_and_service(self):
        mediation = self.env.ref("payment_plan_recovery.procedure_fr_mediation")
        case = self.begin(self.open_case(), mediation)
        move = case.line_ids.move_id
        self.step(case, "fr_mediation_first").date_done = day(20)
        event = self.env["recovery.limitation.event"].search([("case_id", "=", case.id)])
        self.assertEqual((event.kind, event.date, event.date_until), ("mediation", day(20), False))
        self.step(case, "fr_mediation_end").date_done = day(50)
        self.assertEqual(event.date_until, day(50))
        self.assertEqual(self.limitation(move, day(60)).expires_on, date(2031, 2, 14))
        self.step(case, "fr_mediation_end").date_done = False
        self.assertFalse(event.date_until)
        self.step(case, "fr_mediation_first").date_done = False
        self.assertFalse(event.exists())

    def test_the_end_of_a_second_mediation_is_not_the_first_one_s(self):
        """Due on 1 June 2025; stopped from 10 January to 10 March and from 1 June to 1 September 2026.

        Consumer's two years, 59 days and 92 days of mediation left out: 30 October 2027.
        """
        mediation = self.env.ref("payment_plan_recovery.procedure_fr_mediation")
        debtor = self.make_debtor("Person", country_id=self.france.id)
        case = self.begin(self.open_case(debtor=debtor), mediation)
        case.line_ids.move_line_id.sudo()._write({"date_maturity": date(2025, 6, 1)})
        for begun, ended in (((1, 10), (3, 10)), ((6, 1), (9, 1))):
            self.begin(case, mediation)
            open_steps = case.step_ids.filtered(lambda step: not step.date_done)
            for name, done in (("first", begun), ("end", ended)):
                declared = self.env.ref(f"payment_plan_recovery.step_fr_mediation_{name}")
                step = open_steps.filtered(lambda one, declared=declared: one.procedure_step_id == declared)
                step.date_done = date(2026, *done)
        events = self.env["recovery.limitation.event"].search([("case_id", "=", case.id)], order="date")
        self.assertEqual(events.mapped("date_until"), [date(2026, 3, 10), date(2026, 9, 1)])
        self.assertEqual(self.limitation(case.line_ids.move_id, day(300)).expires_on, date(2027, 10, 30))
        self.assertFalse(case.activity_ids.filtered(lambda one: "stands still" in one.summary))
        step.date_done = False
        self.assertEqual(events.mapped("date_until"), [date(2026, 3, 10), False])

    def test_a_mediation_that_nobody_ended_is_asked_about(self):
        """When the case is given up, or goes on by another way: limitation would stand still for good."""
        mediation = self.env.ref("payment_plan_recovery.procedure_fr_mediation")
        for goes_on in (False, True):
            case = self.begin(self.open_case(), mediation)
            self.step(case, "fr_mediation_first").date_done = day(20)
            if goes_on:
                self.begin(case, self.order)
            else:
                case.action_give_up()
            asked = case.activity_ids.filtered(lambda one: "stands still" in (one.summary or ""))
            self.assertEqual(len(asked), 1)
            self.assertIn("note when it ended", asked.summary)

    def test_title_has_ten_years(self):
        move = self.invoice(self.company_debtor())
        move.recovery_judgment_date = day(100)
        self.assertEqual(self.limitation(move, day(200)).expires_on, date(2036, 4, 25))

    def test_dismissed_suit_never_was(self):
        move = self.invoice(self.company_debtor())
        suit = self.env["recovery.limitation.event"].create(
            {
                "partner_id": move.partner_id.id,
                "company_id": self.company.id,
                "move_line_ids": self.item(move).ids,
                "kind": "suit",
                "date": day(10),
            }
        )
        self.assertEqual(self.limitation(move, day(20)).state, "stopped")
        suit.write({"date_until": day(90), "is_dismissed": True})
        self.assertEqual(self.limitation(move, day(100)).expires_on, date(2031, 1, 15))
        self.assertIn("as if it had never been", self.found(move).working)

    def test_paid_claims_have_none(self):
        move = self.invoice(self.company_debtor(), 100.0)
        self.assertTrue(self.limitation(move, day(1)))
        self.pay(move, 100.0)
        self.assertFalse(self.limitation(move, day(1)))

    def test_queries_do_not_grow_with_the_ledger(self):
        debtor = self.company_debtor()

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.renew(day(1))
            return self.env.cr.sql_log_count - before

        self.invoice(debtor)
        queries()
        first = queries()
        for _number in range(15):
            self.invoice(debtor)
        self.assertLessEqual(queries(), first)

    def test_warned_once_before_it_is_too_late(self):
        move = self.invoice(self.company_debtor())
        collector = self.env.user
        self.company.recovery_dunning_user_id = collector
        model = self.env["recovery.limitation"]
        for on, count in (
            (date(2030, 10, 16), 0),
            (date(2030, 10, 17), 1),
            (date(2030, 10, 18), 1),
        ):
            self.renew(on)
            model._warn(self.company, on)
            self.assertEqual(len(move.activity_ids), count, on)
        self.assertEqual(move.activity_ids.date_deadline, date(2031, 1, 15))

    def test_barred_while_jobs_stood_still_is_told_once(self):
        """Both sides of the last day: a claim known before, one entered meanwhile, one that was barred on arrival."""
        known, worklist = self.invoice(self.company_debtor()), self.env["recovery.worklist"]
        self.renew(date(2030, 1, 5))
        entered = self.invoice(
            self.make_debtor("Entered meanwhile", is_company=True, country_id=self.france.id)
        )
        old = self.invoice(self.make_debtor("Old", is_company=True, country_id=self.france.id))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line"
            " SET create_date = CASE id WHEN %s THEN '2031-03-01' ELSE '2030-02-01' END::timestamp WHERE id = ANY(%s)",
            [self.item(old).id, (self.item(entered) + self.item(old)).ids],
        )
        self.env.cr.execute("UPDATE recovery_limitation SET create_date = '2026-01-05'")
        for on, words in ((date(2031, 1, 15), "Act by"), (date(2031, 1, 16), "Time-barred since")):
            with self.env.cr.savepoint() as undo:
                for _again in range(2):
                    self.env["recovery.limitation"]._renew_today(self.company, on)
                for move in (known, entered):
                    [told] = move.activity_ids
                    self.assertIn(words, told.summary)
                    self.assertEqual(told.date_deadline, on)
                    self.assertEqual(self.found(move).is_missed, on.day == 16)
                self.assertEqual(len(old.activity_ids), on.day == 15)
                worklist._refresh(self.company, on)
                rows = worklist.search([("company_id", "=", self.company.id)])
                action = "barred" if on.day == 16 else "limitation"
                self.assertEqual(set(rows.mapped("action")), {action})
                self.assertEqual(known.partner_id + entered.partner_id <= rows.partner_id, True)
                undo.rollback()
            self.env.invalidate_all()
        self.env["recovery.limitation"]._renew_today(self.company, date(2030, 12, 1))
        self.env["recovery.limitation"]._renew_today(self.company, date(2031, 1, 16))
        self.assertFalse(self.found(known).is_missed, "somebody was asked in time")
        self.assertEqual(len(known.activity_ids), 1)

    def test_a_dismissed_suit_that_leaves_a_claim_barred_is_told(self):
        move = self.invoice(self.company_debtor())
        suit = self.env["recovery.limitation.event"].create(
            {
                "partner_id": move.partner_id.id,
                "company_id": self.company.id,
                "kind": "suit",
                "date": date(2030, 1, 5),
                "move_line_ids": self.item(move).ids,
            }
        )
        self.env["recovery.limitation"]._renew_today(self.company, date(2032, 1, 5))
        self.assertEqual(self.found(move).state, "stopped")
        self.assertFalse(move.activity_ids)
        suit.is_dismissed = True
        self.env["recovery.limitation"]._renew_today(self.company, date(2032, 1, 6))
        self.assertTrue(self.found(move).is_missed)
        self.assertIn("Time-barred since", move.activity_ids.summary)

    def test_claims_show_and_find_it(self):
        move = self.invoice(self.company_debtor())
        self.renew(day(1))
        claims = self.env["recovery.claim"]
        claim = claims.search([("move_line_id", "=", self.item(move).id)])
        self.assertEqual(claim.date_limitation, date(2031, 1, 15))
        near = [("company_id", "=", self.company.id), ("date_limitation", "<=", "2031-01-15")]
        self.assertEqual(claims.search(near), claim)
        self.assertFalse(claims.search([*near, ("date_limitation", "<", "2031-01-15")]))

    def test_worklist_asks_to_act(self):
        move = self.invoice(self.company_debtor())
        worklist = self.env["recovery.worklist"]
        for on, action in ((date(2030, 10, 16), False), (date(2030, 10, 17), "limitation")):
            self.renew(on)
            worklist._refresh(self.company, on)
            rows = worklist.search([("company_id", "=", self.company.id)])
            self.assertEqual(rows.action, action, on)
        self.assertEqual(rows.partner_id, move.partner_id)
        case = self.begin(self.env["recovery.case"]._open(move.partner_id, self.item(move)), self.order)
        self.step(case, "fr_order_order").date_done = date(2030, 7, 20)  # to be served by 21 October
        worklist._refresh(self.company, date(2030, 10, 17))
        self.assertEqual(worklist.search([("company_id", "=", self.company.id)]).action, "case_deadline")
