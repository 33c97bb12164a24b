"""Paying invoices online over HTTP: the server says how much, and the money pays what was chosen and nothing else."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .portal_pay_common import PortalPayCommon


@tagged("post_install", "-at_install")
class TestPortalPay(PortalPayCommon):
    # -- what is paid ----------------------------------------------------------------------

    def test_all_that_is_overdue_is_paid_and_nothing_else(self):
        page = self.url_open(f"{self.root}/pay").text
        self.assertIn(self.first.name, page)
        transaction = self.begin()
        self.assertEqual(transaction.landing_route, self.root, "where it leads is not the browser's to say")
        self.assertNotIn("has reached us", self.url_open(self.root).text)
        self.finish(transaction)
        self.assertRegex(self.url_open(self.root).text, r"your payment of\s.*500\.00.*\s+has reached us")
        self.assertEqual(self.left(self.first, self.second, self.coming), [0, 0, 70])
        self.assertEqual(transaction.payment_id.partner_id, self.debtor)

    def test_what_is_disputed_is_not_asked_and_paid_by_ticking_it(self):
        dispute = {
            "partner_id": self.debtor.id,
            "kind": "dispute",
            "reason": "Broken",
            "date_until": "2100-01-01",
        }
        part = self.env["recovery.hold"].create(
            {**dispute, "amount": 120, "move_line_ids": [Command.set(self.item(self.first).ids)]}
        )
        self.assertIn("380.00", self.url_open(f"{self.root}/pay").text)
        self.refused_to_begin()
        self.finish(self.begin(amount=380.0))
        self.assertEqual(self.left(self.first, self.second), [120, 0], "only what is disputed is left")
        self.refused_to_begin(amount=120.0)
        self.finish(self.begin(self.one(self.first), 20.0))
        part.amount = 0
        self.refused_to_begin(amount=100.0)
        self.finish(self.begin(self.one(self.first), 100.0))
        self.assertEqual(self.left(self.first), [0])

    def test_chosen_invoices_are_paid_and_a_part_of_one(self):
        self.finish(self.begin(self.one(self.second, self.coming), 270.0))
        self.assertEqual(self.left(self.first, self.second, self.coming), [300, 0, 0])
        self.finish(self.begin(self.one(self.first), 120.0))
        self.assertEqual(self.left(self.first), [180])

    def test_forged_amounts_and_items_are_refused(self):
        theirs = self.invoice(80, partner_id=self.env["res.partner"].create({"name": "Stranger"}).id)
        covered = self.invoice(60)
        self.active_plan(covered)
        for path, amount in (
            ("/pay/overdue", 500.01),
            ("/pay/overdue", 0.0),
            ("/pay/overdue", -5.0),
            ("/pay/overdue", "nan"),
            ("/pay/overdue", "inf"),
            ("/pay/overdue", "500 or so"),
            ("/pay/overdue", 1.0),
            (self.one(theirs), 80.0),
            (self.one(covered), 60.0),
            ("/pay/0", 500.0),
        ):
            with self.subTest(path=path, amount=amount):
                self.refused_to_begin(path, amount)
        for forged in ({"currency_id": 1}, {"custom_create_values": {}}, {"recovery_item_ids": []}):
            with self.subTest(forged=forged):
                self.refused_to_begin(**forged)

    def test_a_part_is_told_its_bounds_and_is_never_less_than_a_cent(self):
        page = f"{self.root}/pay?items={self.item(self.first).id}"
        self.assertIn('min="20.0" max="300.0"', self.url_open(page).text)
        for amount in ("19.99", "300.01"):
            refusal = self.url_open(f"{page}&amount={amount}").text
            self.assertRegex(refusal, r"between .{0,2}20\.00.{0,2} and .{0,2}300\.00", amount)
        self.company.recovery_portal_minimum = 0
        self.refused_to_begin(self.one(self.first), 0.004)
        self.assertIn("between", self.url_open(f"{page}&amount=0.004").text)
        self.finish(self.begin(self.one(self.first), 0.014))
        self.assertEqual(self.left(self.first), [299.99])

    def test_an_amount_that_changed_meanwhile_is_refused(self):
        self.pay(self.first, 100, self.today)
        self.refused_to_begin()
        self.finish(self.begin(amount=400.0))
        self.assertEqual(self.left(self.first, self.second), [0, 0])

    def test_two_accounts_are_two_payments(self):
        account = self.company_data["default_account_receivable"].copy()
        third = self.late_invoice(50)
        third.button_draft()
        self.item(third).account_id = account
        third.action_post()
        self.finish(self.begin())
        self.assertEqual(self.left(self.first, self.second, third), [0, 0, 50])
        self.finish(self.begin(amount=50.0))
        self.assertEqual(self.left(third), [0])

    def test_a_plan_over_two_accounts_is_paid_account_by_account(self):
        account = self.company_data["default_account_receivable"].copy()
        older, newer = self.late_invoice(60, 90), self.late_invoice(240, 80)
        newer.button_draft()
        self.item(newer).account_id = account
        newer.action_post()
        plan = self.active_plan(older, newer)  # 100 each month
        self.assertEqual(plan._portal_step("next"), (60, self.company, self.item(older).account_id))
        self.assertIn("two steps", self.url_open(f"{self.root}/plans/{plan.id}?choice=next").text)
        self.finish(self.begin_plan(plan, 60.0))
        self.assertEqual(plan.amount_paid, 60)
        self.finish(self.begin_plan(plan, 40.0))
        self.env.invalidate_all()
        self.assertEqual((plan.amount_paid, self.left(newer)), (100, [200]))

    def test_two_branches_are_two_payments(self):
        branch = self.setup_branch()
        theirs = self.late_invoice(80, company_id=branch.id)
        self.finish(self.begin())
        self.assertEqual(self.left(self.first, self.second, theirs), [0, 0, 80])
        transaction = self.begin(amount=80.0)
        transaction._set_pending()
        self.assertEqual((self.holds().company_id, self.holds().move_line_ids), (branch, self.item(theirs)))
        self.finish(transaction)
        self.assertEqual(self.left(theirs), [0])

    def begin_plan(self, plan, amount, choice="/next", **more):
        return self.begin(f"/plans/{plan.id}", amount, choice, **more)

    def test_an_instalment_of_two_branches_is_a_payment_to_each(self):
        north, south = self.setup_branch("North"), self.setup_branch("South")
        older, newer = (
            self.late_invoice(amount, days, company_id=branch.id)
            for amount, days, branch in ((60, 90, north), (240, 80, south))
        )
        plan = self.active_plan(older, newer)  # 100 each month
        page = self.url_open(f"{self.root}/plans/{plan.id}?choice=next").text
        for words in ("two steps", "This payment is to", f"{older.name} (North)", f"{newer.name} (South)"):
            self.assertIn(words, page)
        self.refused_to_begin(f"/plans/{plan.id}", 100.0, "/next")
        first = self.begin_plan(plan, 60.0)
        self.assertEqual((first.recovery_company_id, first.recovery_plan_id), (north, plan))
        first._set_pending()
        self.assertEqual(plan._portal_amounts()["next"], 40)
        second = self.begin_plan(plan, 40.0)
        self.assertEqual(second.recovery_company_id, south, "what is under way pays its own branch only")
        self.finish(second)
        self.assertEqual((self.left(older, newer), plan.amount_paid), ([60, 200], 40))
        self.finish(first)
        self.assertEqual((self.left(older, newer), plan.amount_paid), ([0, 200], 100))

    def test_money_that_waits_for_one_branch_is_not_asked_for_again_there(self):
        north, south = self.setup_branch("North"), self.setup_branch("South")
        older = self.late_invoice(100, 90, company_id=north.id)
        newer = self.late_invoice(200, 80, company_id=south.id)
        plan = self.active_plan(older, newer)
        credit = self.invoice(100, self.today, company_id=north.id, move_type="out_refund")
        self.assertTrue(self.item(credit).amount_residual < 0)
        covered = self.env["recovery.open.money"].covered(self.item(older, newer), self.today)
        steps = plan._portal_steps(plan._portal_amounts()["all"])
        paid = {step.company: step.amount for step in steps}
        for branch, move in ((north, older), (south, newer)):
            item = self.item(move)
            self.assertEqual(paid.get(branch, 0), item.amount_residual - covered.get(item.id, 0))

    def test_a_branch_s_own_provider_takes_nothing_for_another(self):
        north, south = self.setup_branch("North"), self.setup_branch("South")
        older = self.late_invoice(100, 90, company_id=north.id)
        newer = self.late_invoice(200, 80, company_id=south.id)
        plan = self.active_plan(older, newer)
        theirs = self.provider.copy({"company_id": south.id, "state": "test", "is_published": True})
        for foreign in (theirs.id, None, 0):
            self.refused_to_begin(f"/plans/{plan.id}", 100.0, "/next", provider_id=foreign)
            self.refused_to_begin(amount=500.0, provider_id=foreign)
        self.finish(self.begin_plan(plan, 100.0))
        self.assertEqual(self.left(older, newer), [0, 200])
        self.assertEqual(self.begin_plan(plan, 100.0, provider_id=theirs.id).recovery_company_id, south)

    # -- twice -----------------------------------------------------------------------------

    def test_a_double_click_pays_once(self):
        first, second = self.begin(), self.begin()
        self.assertEqual((first.state, second.state), ("cancel", "draft"))
        self.finish(second)
        self.refused_to_begin()
        self.assertEqual(self.left(self.first, self.second), [0, 0])

    def test_what_is_announced_is_held_and_not_paid_again(self):
        self.begin(self.one(self.first), 300.0)._set_pending()
        self.assertEqual(self.holds().move_line_ids, self.item(self.first))
        self.refused_to_begin()
        self.finish(self.begin(amount=200.0))
        self.assertEqual(self.left(self.first, self.second), [300, 0])
        self.assertIn("Announced", self.url_open(self.root).text)

    def test_the_hold_ends_when_the_payment_comes_fails_or_is_given_up(self):
        for end in ("_set_canceled", "_set_error", "_set_done"):
            with self.subTest(end):
                transaction = self.begin(self.one(self.coming), 70.0)
                transaction._set_pending()
                hold = transaction.recovery_hold_id
                self.assertGreater(hold.date_until, self.today)
                getattr(transaction, end)(**({"state_message": "no"} if end == "_set_error" else {}))
                self.assertEqual(hold.date_until, self.today)

    # -- afterwards ------------------------------------------------------------------------

    def test_a_receipt_is_mailed_and_shown(self):
        self.company.email = "creditor@example.com"
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("account.mail_template_data_payment_receipt").sudo()
        template.with_context(lang="fr_FR").subject = "Reçu"
        self.debtor.lang = "fr_FR"
        transaction = self.begin()
        self.finish(transaction.with_context(force_report_rendering=True))  # tests print HTML otherwise
        mail = self.env["mail.mail"].sudo().search([], order="id desc", limit=1)
        self.assertNotIn("Public", mail.body_html)
        self.assertEqual(mail.subject, "Reçu", "in the debtor's language, whoever pays")
        self.assertIn(self.debtor, mail.recipient_ids)
        self.assertEqual(mail.email_from, self.company.email_formatted, "who pays is no sender")
        self.assertEqual(mail.attachment_ids.mimetype, "application/pdf")
        name = transaction.payment_id.name.replace("/", "-")
        self.assertIn(mail.attachment_ids.name, (f"Receipt {name}.pdf", f"Reçu {name}.pdf"), "no report")
        self.assertIn(self.link()._url(), mail.body_html)
        receipt = self.url_open(f"{self.root}/receipts/{transaction.payment_id.id}")
        self.assertEqual(receipt.headers["Content-Type"], "application/pdf")

    def test_a_part_that_is_refunded_is_owed_again_and_no_more(self):
        transaction = self.begin()
        self.finish(transaction)
        for refunded, left in ((120, [0, 120]), (150, [70, 200])):
            self.finish(transaction._create_child_transaction(refunded, is_refund=True))
            self.assertEqual(self.left(self.first, self.second), left, "what was kept pays the oldest")

    def test_a_refund_is_owed_again(self):
        transaction = self.begin()
        self.finish(transaction)
        self.finish(transaction._create_child_transaction(500, is_refund=True))
        self.assertEqual(self.left(self.first, self.second), [300, 200])

    def test_a_chargeback_booked_by_accounting_is_owed_again(self):
        transaction = self.begin()
        self.finish(transaction)
        transaction.payment_id.action_cancel()
        self.assertEqual(self.left(self.first, self.second), [300, 200])

    # -- what needs no payment ---------------------------------------------------------------

    def test_money_that_waits_to_be_matched_is_not_asked_for_again(self):
        entry = self.receive(self.item(self.first), 350.0, self.today - timedelta(days=1))
        entry.line_ids.remove_move_reconcile()
        self.refused_to_begin(amount=500.0)
        self.refused_to_begin(self.one(self.first), 300.0)
        self.finish(self.begin(amount=150.0))
        self.assertEqual(sum(self.left(self.first, self.second)), 350.0, "what waits is matched by a person")

    def test_what_an_insolvency_took_in_is_declared_and_not_paid(self):
        published = self.today - timedelta(days=9)
        later = self.invoice(90, self.today - timedelta(days=1), invoice_date=published + timedelta(days=1))
        self.env["recovery.case"]._publish(self.debtor, self.company, published)
        self.assertNotIn(self.item(later), self.env["recovery.case.line"].search([]).move_line_id)
        self.refused_to_begin(self.one(self.first), 300.0)
        self.finish(self.begin(self.one(later), 90.0))
        self.assertEqual(self.left(self.first, later), [300, 0])

    def test_an_insolvency_that_holds_the_debtor_takes_money_only_for_what_arose_later(self):
        published = self.today - timedelta(days=9)
        later = self.invoice(90, self.today - timedelta(days=1), invoice_date=published + timedelta(days=1))
        plan = self.active_plan(self.late_invoice(240, 60))
        insolvency = {"kind": "insolvency", "date_from": published, "reason": "BODACC"}
        hold = self.env["recovery.hold"].create(
            {"partner_id": self.debtor.id, "date_review": self.today + timedelta(days=30), **insolvency}
        )
        self.refused_to_begin(self.one(self.first), 300.0)
        self.refused_to_begin(amount=590.0)
        for choice, amount in (("next", 80.0), ("late", 240.0), ("all", 240.0), ("part", 100.0)):
            with self.subTest(choice=choice):
                self.refused_to_begin(f"/plans/{plan.id}", amount, f"/{choice}")
        self.assertFalse(self.first._has_to_be_paid())
        self.assertIn("insolvency", self.first._get_online_payment_error())
        self.assertTrue(later._has_to_be_paid())
        self.finish(self.begin(amount=90.0))
        self.assertEqual(self.left(self.first, later), [300, 0])
        hold.action_end()
        hold.date_until = self.today - timedelta(days=1)
        self.finish(self.begin(self.one(self.first), 300.0))
        self.assertEqual(self.left(self.first), [0])

    def test_the_smallest_part_is_worth_the_same_in_every_currency(self):
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("2020-01-01", 100)])
        bill = self.late_invoice(30000, 50, currency_id=yen.id)
        plan = self.active_plan(self.late_invoice(30000, 50, currency_id=yen.id)).sudo()
        self.assertEqual(self.company.recovery_portal_minimum, 20)
        for amount, taken in ((1999, False), (2000, True)):
            with self.subTest(amount=amount):
                for check in (
                    lambda amount=amount: plan._portal_amount("part", amount),
                    lambda amount=amount: self.debtor._portal_check_part(
                        self.company, self.item(bill), amount, 30000
                    ),
                ):
                    if taken:
                        self.assertEqual(check(), amount)
                    else:
                        with self.refused("between ¥.?2,000 and"):
                            check()
        self.assertIn('min="2000.0"', self.url_open(f"{self.root}/pay?items={self.item(bill).id}").text)

    def test_a_part_that_goes_to_several_branches_is_paid_branch_by_branch(self):
        """The first branch gets less than the smallest part; of a third item it gets more once the others are paid."""
        branch = self.setup_branch()
        plan = self.active_plan(
            self.late_invoice(5, 90),
            self.late_invoice(200, 80, company_id=branch.id),
            self.late_invoice(95, 70),
            date_start=self.today,
        )
        path = f"/plans/{plan.id}"
        for part, paid in ((150, 5), (250, 50)):
            with self.subTest(part=part), self.env.cr.savepoint() as savepoint:
                page = self.url_open(f"{self.root}{path}?choice=part&amount={part}").text
                self.assertIn(f"whole={part}", page)
                asked = f"/part?left=300.0&whole={part}"
                self.assertEqual(self.begin(path, paid, asked).recovery_company_id, self.company)
                self.refused_to_begin(path, paid + 1, asked)
                savepoint.rollback()
                self.env.invalidate_all()
