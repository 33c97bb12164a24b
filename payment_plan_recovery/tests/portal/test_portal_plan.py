"""The debtor's pages and payments over HTTP: who sees a plan, and money that pays it once and nothing else."""

from datetime import date

from odoo.addons.payment.tests.http_common import PaymentHttpCommon
from odoo.exceptions import AccessError
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import format_date, mute_logger

from ..plan.plan_common import PlanCommon

SECRET = "portal-secret"  # noqa: S105 of users who live as long as the test


@tagged("post_install", "-at_install")
class TestPortalPlan(PlanCommon, PaymentHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", True)
        cls.debtor_user = cls.make_portal_user("martin", cls.debtor)
        cls.other_user = cls.make_portal_user("stranger", cls.env["res.partner"].create({"name": "Stranger"}))
        journal = cls.company_data["default_journal_bank"]
        cls._create_dummy_payment_method_for_provider(provider=cls.provider, journal=journal)
        line = journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.provider
        )
        line.payment_account_id = cls.inbound_payment_method_line.payment_account_id
        cls.bill = cls.invoice(300)
        cls.running = cls.active_plan(cls.bill)
        cls.url = f"/my/plans/{cls.running.id}"

    @classmethod
    def make_portal_user(cls, login, parent):
        contact = cls.env["res.partner"].create(
            {"name": f"Contact {login}", "parent_id": parent.id, "email": f"{login}@example.com"}
        )
        return new_test_user(
            cls.env,
            f"portal_{login}",
            groups="base.group_portal",
            partner_id=contact.id,
            password=SECRET,
        )

    def setUp(self):
        self.enable_post_process_patcher = False  # payments are booked for real
        super().setUp()
        self.set_registry_readonly_mode(False)  # papers are counted in a transaction of their own

    def login(self, user):
        self.authenticate(user.login, SECRET)

    def begin(self, choice="next", amount=100.0, token=None, **more):
        """Begin a payment as the form would; return the transaction."""
        route = self._build_url(f"{self.url}/transaction/{choice}")
        data = {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method.id,
            "token_id": None,
            "amount": amount,
            "flow": "direct",
            "tokenization_requested": False,
            "payment_reference": "as Odoo's form sends it",
            "landing_route": self.url,
            "access_token": token,
            **more,
        }
        found = self.make_jsonrpc_request(route, data)
        return self.env["payment.transaction"].sudo().search([("reference", "=", found["reference"])])

    def pay_online(self, transaction):
        transaction._set_done()
        transaction._post_process()

    # -- who sees what ---------------------------------------------------------------------

    def test_the_debtor_sees_its_plans_and_one_of_them(self):
        self.login(self.debtor_user)
        self.assertIn(self.running.name, self.url_open("/my/plans").text)
        page = self.url_open(self.url).text
        for words in (self.running.name, "Pay online", "Instalments", self.bill.name):
            self.assertIn(words, page)
        self.assertEqual(
            self.url_open(f"{self.url}/paper/statement").headers["Content-Type"], "application/pdf"
        )

    def test_nobody_else_sees_them(self):
        for user in (None, self.other_user):
            with self.subTest(user=user and user.login):
                self.authenticate(user and user.login, user and SECRET)
                for page in (self.url, f"{self.url}?access_token=wrong", f"{self.url}/paper/agreement"):
                    found = self.url_open(page)
                    self.assertNotIn(self.running.name, found.text)
                    self.assertNotEqual(found.headers["Content-Type"], "application/pdf")
                self.assertNotIn(self.running.name, self.url_open("/my/plans").text)

    def test_a_link_opens_its_plan_until_the_plan_ends(self):
        self.authenticate(None, None)
        token = self.running._portal_ensure_token()
        self.assertIn(self.running.name, self.url_open(f"{self.url}/open?access_token={token}").text)
        second = self.active_plan(self.invoice(90))
        self.assertNotIn(second.name, self.url_open(f"/my/plans/{second.id}/open?access_token={token}").text)
        link = self.debtor._recovery_portal_link(self.company, self.running)
        self.assertIn(self.running.name, self.url_open(link._path()).text)
        self.assertEqual(self.url_open(f"{link._path()}/plans/{second.id}").status_code, 404)
        self.running.action_cancel()
        self.assertFalse(self.running.access_token)
        self.assertNotIn(self.running.name, self.url_open(f"{self.url}/open?access_token={token}").text)
        self.assertEqual(self.url_open(link._path()).status_code, 404)

    def test_a_plan_that_was_signed_says_what_became_of_it(self):
        self.login(self.debtor_user)
        user = self.running.user_id
        user.email = "collector@example.com"
        self.pay(self.bill, 100, date(2026, 2, 1))
        self.running.action_cancel()
        self.pay(self.bill, 50, date(2026, 3, 1))
        never_signed = self.plan(self.invoice(90))
        never_signed.action_propose()
        never_signed.action_cancel()
        signed = self.plan(self.invoice(70))
        signed.action_propose()
        signed.action_accept()
        signed.action_cancel()
        page = self.url_open(self.url).text
        today = format_date(self.env, self.company._recovery_today(), lang_code="en_US")
        for words in (
            f"cancelled on {today}",
            "150.00",
            user.name,
            "mailto:collector@example.com",
            "Cancelled",
        ):
            with self.subTest(words):
                self.assertIn(words, page)
        self.assertNotIn("Pay online", page)
        self.assertIn("70.00", self.url_open(f"/my/plans/{signed.id}").text)
        self.assertEqual(self.url_open(f"/my/plans/{never_signed.id}").status_code, 404)
        self.pay(self.bill, 150, date(2026, 4, 1))
        self.assertIn("Nothing is open any more", self.url_open(self.url).text)
        account = self.url_open(f"/my/creditor/{self.company.id}").text
        self.assertEqual(
            [plan.name in account for plan in (self.running, signed, never_signed)], [True, True, False]
        )

    def test_a_plan_that_was_renegotiated_leads_to_the_one_in_its_place(self):
        self.login(self.debtor_user)
        self.running.action_renegotiate("Longer")
        revision = self.running.revision_ids
        revision.action_propose()
        revision.action_accept()
        self.assertNotIn("took the place", self.url_open(self.url).text)
        revision.action_activate()
        page = self.url_open(self.url).text
        self.assertIn("took the place", page)
        self.assertIn(f"/plans/{revision.id}", page)
        self.assertNotIn("Still open today", page, "it is paid by the other one")

    def test_a_draft_is_not_shown(self):
        draft = self.plan(self.invoice(90))
        self.login(self.debtor_user)
        self.assertNotIn("Pay online", self.url_open(f"/my/plans/{draft.id}").text)

    def test_the_portal_has_no_right_on_plans(self):
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.running.with_user(self.debtor_user).read(["name"])

    # -- paying ----------------------------------------------------------------------------

    def test_an_instalment_is_paid_and_matched_with_what_the_plan_covers(self):
        other = self.invoice(500)
        self.login(self.debtor_user)
        transaction = self.begin()
        self.assertEqual((transaction.amount, transaction.recovery_plan_id), (100, self.running))
        self.pay_online(transaction)
        self.assertEqual(self.running.amount_paid, 100)
        self.assertEqual(self.item(other).amount_residual, 500, "money of a plan pays nothing else")
        self.assertEqual(transaction.payment_id.partner_id, self.debtor, "whoever paid, it is the debtor's")

    def test_the_server_says_how_much(self):
        self.login(self.debtor_user)
        for choice, amount in (
            ("next", 1.0),
            ("all", 100.0),
            ("part", 301.0),
            ("part", -5.0),
            ("nothing", 100.0),
        ):
            refused = self.assertRaises(JsonRpcException)
            with self.subTest(choice=choice, amount=amount), refused, mute_logger("odoo.http"):
                self.begin(choice, amount)
        for forged in ({"currency_id": 1}, {"partner_id": 1}, {"custom_create_values": {}}):
            with self.subTest(forged=forged), self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.begin(**forged)
        self.assertFalse(self.running.sudo().transaction_ids)

    def test_before_it_is_in_force_and_once_it_has_ended_nothing_is_paid_on_it(self):
        self.login(self.debtor_user)
        offer = self.plan(self.invoice(90))
        offer.action_propose()
        self.running.action_cancel()
        for plan in (offer, self.running):
            self.url = f"/my/plans/{plan.id}"
            with self.subTest(plan.state), self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.begin("all", plan.amount_residual)
        self.assertFalse(offer.transaction_ids | self.running.transaction_ids)

    def test_no_means_of_payment_but_those_offered_begins_anything(self):
        self.login(self.debtor_user)
        hidden = self.provider.copy({"state": "test", "is_published": False})
        closed = self.provider.copy({"state": "disabled"})
        for forged in (
            {"provider_id": hidden.id},
            {"provider_id": closed.id},
            {"provider_id": "abc"},
            {"provider_id": [self.provider.id]},
            {"provider_id": 10**20},
            {"payment_method_id": None},
            {"payment_method_id": 10**20},
            {"flow": "validation"},
            {"flow": None},
            {"flow": "token", "token_id": None},
        ):
            with self.subTest(str(forged)), self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.begin(**forged)
        transaction = self.begin(is_validation=True)
        self.assertEqual((transaction.operation, transaction.amount), ("online_direct", 100))

    def test_the_last_payment_by_a_plan_s_own_link_leads_to_a_page_that_is_still_there(self):
        self.authenticate(None, None)
        self.url = self.debtor._recovery_portal_link(self.company, self.running)._path() + self.url[3:]
        self.assertIn("/plans/", self.begin().landing_route)
        last = self.begin("all", 300.0)
        self.pay_online(last)
        self.running.monitor(self.company._recovery_today())
        self.assertEqual(self.running.state, "completed")
        self.assertEqual(self.url_open(self.url).status_code, 404, "the link has ended with its plan")
        self.assertIn("Thank you", self.url_open(last.landing_route).text)

    def test_who_pays_what_is_late_reads_so_at_once(self):
        self.login(self.debtor_user)
        self.running.monitor(self.company._recovery_today())
        self.assertNotIn(">In force<", self.url_open(self.url).text)
        self.pay_online(self.begin("late", self.running._portal_amounts()["late"]))
        page = self.url_open(self.url).text
        for words in ("has reached us", ">In force<"):
            self.assertIn(words, page)
        self.assertIn(self.running.state, ("late", "in_default"), "which the next night ends")

    def test_the_same_sum_is_offered_once(self):
        """The last instalment, late, is what is late, what is next and everything."""
        self.login(self.debtor_user)
        self.assertIn("Next instalment", self.url_open(self.url).text, "of several that are late")
        self.pay_online(self.begin("part", 200.0))
        page = self.url_open(self.url).text
        told = [words in page for words in ("What is late", "Next instalment", "Everything")]
        self.assertEqual(told, [True, False, False])

    def test_a_stranger_pays_nothing_in_its_name(self):
        self.login(self.other_user)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.begin()

    def test_a_part_is_paid(self):
        self.login(self.debtor_user)
        page = self.url_open(f"{self.url}?choice=part&amount=150").text
        self.assertRegex(page, r"<h5>Pay\s.*150\.00.*</h5>", "how much, beside the button")
        self.pay_online(self.begin("part", 150.0))
        self.assertEqual(
            [row.amount_paid for row in self.running.instalment_ids.sorted("number")], [100, 50, 0]
        )

    def test_a_second_window_does_not_pay_twice(self):
        self.login(self.debtor_user)
        first, second = self.begin(), self.begin()
        self.assertEqual((first.state, second.state), ("cancel", "draft"))
        second._set_pending()
        self.assertEqual(self.running._portal_amounts(), {"next": 100, "late": 200, "all": 200})
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.begin("all", 300.0)

    def test_money_of_a_window_left_behind_is_booked(self):
        self.login(self.debtor_user)
        left_behind, second = self.begin(), self.begin()
        self.assertEqual(left_behind.state, "cancel")
        left_behind._post_process()  # as the cron does before the provider reports
        self.pay_online(left_behind)
        self.assertEqual((left_behind.state, self.running.amount_paid), ("done", 100))
        self.pay_online(second)
        self.assertEqual(self.running.amount_paid, 200, "what was taken twice pays the next instalment")

    def test_a_payment_under_way_is_announced_and_the_debtor_left_alone(self):
        self.login(self.debtor_user)
        self.begin()._set_pending()
        hold = self.env["recovery.hold"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual((hold.kind, hold.date_from), ("promise", self.company._recovery_today()))
        self.assertEqual(self.running.amount_paid, 0)

    def test_what_is_paid_back_is_owed_again(self):
        self.login(self.debtor_user)
        transaction = self.begin()
        self.pay_online(transaction)
        refund = transaction._create_child_transaction(100, is_refund=True)
        self.pay_online(refund)
        self.assertEqual(self.running.amount_paid, 0)
        self.assertEqual(self.item(self.bill).amount_residual, 300)

    def test_the_last_payment_completes_the_plan(self):
        self.login(self.debtor_user)
        self.pay_online(self.begin("all", 300.0))
        self.running.monitor(date(2026, 2, 1))
        self.assertEqual(self.running.state, "completed")

    # -- Odoo's own pages ------------------------------------------------------------------

    def test_a_covered_invoice_is_not_paid_around_its_plan(self):
        self.assertFalse(self.bill._has_to_be_paid())
        self.assertIn(self.running.name, self.bill._get_online_payment_error())
        self.login(self.debtor_user)
        route = self._build_url(f"/invoice/transaction/{self.bill.id}")
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.make_jsonrpc_request(
                route, {"access_token": self.bill._portal_ensure_token(), "amount": 300.0}
            )

    def test_an_invoice_takes_no_more_than_it_asks_for(self):
        free = self.invoice(80)
        route = self._build_url(f"/invoice/transaction/{free.id}")
        token = free._portal_ensure_token()
        data = {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method.id,
            "token_id": None,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "/my",
            "access_token": token,
        }
        for amount in (0.0, -1.0, 80.01):
            with self.subTest(amount=amount), self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.make_jsonrpc_request(route, {**data, "amount": amount})
        self.assertTrue(self.make_jsonrpc_request(route, {**data, "amount": 80.0}))

    def test_the_home_page_counts_plans(self):
        self.login(self.debtor_user)
        found = self.make_jsonrpc_request(
            self._build_url("/my/counters"), {"counters": ["recovery_plan_count"]}
        )
        self.assertEqual(found["recovery_plan_count"], 1)
