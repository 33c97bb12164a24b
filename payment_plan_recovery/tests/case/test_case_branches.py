"""What is known and done of a debtor in one branch counts in the others; a sister company knows nothing of it."""

from datetime import date, timedelta

from odoo import Command
from odoo.tests import tagged

from ..plan.plan_branch_common import PlanBranchCommon


@tagged("post_install", "-at_install")
class TestCaseBranches(PlanBranchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._recovery_today()
        cls.ours = cls.invoice(60)
        cls.theirs = cls.invoice(50, company_id=cls.sister.id)

    def of_debtor(self, model, company, **values):
        return (
            self.env[model].sudo().create({"partner_id": self.debtor.id, "company_id": company.id, **values})
        )

    def seen_in(self, *companies):
        """Return the debtor as a collector sees it who works in ``companies`` only."""
        return self.as_worker(self.debtor, *companies)

    def promise(self, company, *moves, **values):
        return self.of_debtor(
            "recovery.promise",
            company,
            currency_id=self.currency.id,
            amount=10,
            date_promised=self.today,
            move_line_ids=[Command.set(self.item(*moves).ids if moves else [])],
            **values,
        )

    def notice(self, company, *moves, **values):
        """A notice of ``company`` over ``moves`` that went out today."""
        level = self.env["recovery.dunning.level"].search([], limit=1)
        return (
            self.env["recovery.notice"]
            .sudo()
            .create(
                {
                    "partner_id": self.debtor.id,
                    "company_id": company.id,
                    "currency_id": self.currency.id,
                    "date": self.today,
                    "level_id": level.id,
                    "channel": "email",
                    "state": "sent",
                    "date_sent": f"{self.today} 12:00:00",
                    "line_ids": [
                        Command.create(
                            {
                                "move_line_id": item.id,
                                "level_id": level.id,
                                "amount_residual": item.amount_residual,
                            }
                        )
                        for item in self.item(*moves)
                    ],
                    **values,
                }
            )
        )

    # -- cases -----------------------------------------------------------------------------

    def test_what_branches_are_owed_leaves_as_a_case_of_each(self):
        items = self.item(self.ours, self.northern, self.southern)
        cases = self.env["recovery.case"]._open(self.debtor, items)
        self.assertEqual(
            {case.company_id: case.line_ids.move_line_id for case in cases},
            {
                self.company: self.item(self.ours),
                self.north: self.item(self.northern),
                self.south: self.item(self.southern),
            },
        )
        with self.refused("one debtor and one creditor"):
            self.env["recovery.case"]._open(self.debtor, self.item(self.ours, self.theirs))

    def test_the_evidence_tells_what_was_said_to_any_branch(self):
        case = self.env["recovery.case"]._open(self.debtor, self.item(self.northern))
        for company in (self.company, self.south, self.sister):
            self.of_debtor("recovery.contact", company, outcome=f"Spoke with {company.name}")
        self.promise(self.company, self.northern, note="For this one")
        self.promise(self.company, self.southern, note="For another one")
        chronology = self.env["report.payment_plan_recovery.report_case_chronology"]
        told = {entry.detail for entry in chronology._acts(case)}
        self.assertLessEqual({f"Spoke with {self.company.name}", "Spoke with South", "For this one"}, told)
        self.assertFalse({"Spoke with Sister", "For another one"} & told)

    # -- limitation ------------------------------------------------------------------------

    def expires(self, move):
        limitation = self.env["recovery.limitation"]
        limitation._renew(move.company_id, self.today, self.item(move).ids)
        return limitation.search([("move_line_id", "=", self.item(move).id)]).expires_on

    def test_an_agreement_signed_in_the_company_interrupts_the_branchs_limitation(self):
        self.debtor.country_id = self.company.country_id = self.env.ref("base.fr")
        before = self.expires(self.northern)
        self.active_plan(self.ours, self.northern)
        self.assertEqual(before, date(2030, 10, 31))
        self.assertEqual(self.expires(self.northern), date(2031, 1, 15))
        self.assertEqual(self.expires(self.southern), date(2030, 11, 30))

    def test_money_in_the_company_interrupts_the_branchs_limitation(self):
        self.debtor.country_id = self.company.country_id = self.env.ref("base.fr")
        self.receive_in(self.company, 20, "2026-02-03", self.northern)
        self.assertEqual(self.expires(self.northern), date(2031, 2, 3))

    # -- what is known of the debtor -------------------------------------------------------

    def test_a_letter_of_one_branch_counts_for_the_budget_of_the_other(self):
        self.company.recovery_contact_gap_days = 4
        self.notice(self.south, self.southern)
        notices = self.env["recovery.notice"]
        for company in (self.company, self.north):
            first = notices._first_day_for(self.debtor, company, "phone")
            self.assertGreaterEqual(first, self.today + timedelta(days=4))
        self.assertLessEqual(notices._first_day_for(self.debtor, self.sister, "phone"), self.today)

    def test_broken_promises_and_causes_are_known_in_every_branch(self):
        promise = self.promise(self.company)
        promise._judge(promise.date_deadline + timedelta(days=1))
        cause = self.env["recovery.cause"].search([], limit=1)
        self.of_debtor("recovery.contact", self.north, outcome="No cash", cause_id=cause.id)
        for company, known in ((self.company, cause), (self.north, cause), (self.sister, cause.browse())):
            here = self.seen_in(company)
            self.assertEqual(here.recovery_cause_id, known, company.name)
            self.assertEqual(here.recovery_promises_broken, int(bool(known)), company.name)

    def test_who_called_back_from_the_company_called_back_for_the_branch(self):
        due = self.of_debtor(
            "recovery.contact",
            self.north,
            outcome="On holiday",
            date=self.today - timedelta(days=3),
            date_next=self.today - timedelta(days=1),
        )
        worklist = self.env["recovery.worklist"]

        def to_call():
            worklist._refresh(self.company, self.today)
            rows = worklist.search([("partner_id", "=", self.debtor.id), ("res_model", "=", due._name)])
            return rows.mapped("res_id")

        self.assertEqual(to_call(), due.ids)
        self.of_debtor("recovery.contact", self.sister, outcome="Spoke with them")
        self.assertEqual(to_call(), due.ids)
        self.of_debtor("recovery.contact", self.company, outcome="Spoke")
        self.assertEqual(to_call(), [])

    def test_the_call_sheet_knows_what_was_agreed_with_any_branch(self):
        self.promise(self.company, note="Soon")
        for company, known in ((self.north, True), (self.sister, False)):
            call = self.as_worker(self.env["recovery.contact"], company).new(
                {"partner_id": self.debtor.id, "company_id": company.id}
            )
            self.assertEqual(bool(call._call_facts()["promise"]), known, company.name)
            self.assertTrue(call.call_sheet)

    # -- replies ---------------------------------------------------------------------------

    def test_a_reply_holds_what_it_is_about_in_every_branch(self):
        plan = self.active_plan(self.ours, self.northern, company_id=self.north.id)
        notice = self.notice(self.company, self.southern)
        about = {plan: self.item(self.ours, self.northern), notice: self.item(self.southern)}
        promise = self.promise(self.company, self.southern, self.invoice(30, company_id=self.north.id))
        about[promise] = promise.move_line_ids
        reply = "Wait"
        for record, items in about.items():
            message = record.message_post(body=reply, message_type="comment", subtype_xmlid="mail.mt_note")
            record.sudo()._note_reply(message)
            self.assertEqual(record.reply_hold_id.move_line_ids, items, record)
            self.assertEqual(record.reply_hold_id.company_id, record.company_id)

    # -- capacity --------------------------------------------------------------------------

    def test_capacity_counts_what_every_branch_received(self):
        for company, amount in ((self.company, 600), (self.north, 1200)):
            self.receive_in(company, amount, str(self.today))
        capacity = self.of_debtor("recovery.capacity", self.north)
        capacity.action_from_ledger()
        self.assertEqual(capacity.cash_flow, 150)
        apart = self.of_debtor("recovery.capacity", self.sister)
        apart.action_from_ledger()
        self.assertEqual(apart.cash_flow, 0)
