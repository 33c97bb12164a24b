"""The debtor's account over HTTP: what is open, nobody else's, and a promise whose amount the server decides."""

import re
from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.addons.base.tests.common import HttpCase
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import Request
from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from ..plan.plan_common import PlanCommon

SECRET = "portal-secret"  # noqa: S105 of users who live as long as the test


@tagged("post_install", "-at_install")
class TestPortalStatement(PlanCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._recovery_today()
        cls.late = cls.invoice(300)
        cls.coming = cls.invoice(70, cls.today + timedelta(days=30))
        cls.url = f"/my/creditor/{cls.company.id}"

    def setUp(self):
        super().setUp()
        self.set_registry_readonly_mode(False)  # papers are counted in a transaction of their own

    def login(self, login, partner):
        contact = self.env["res.partner"].create({"name": login, "parent_id": partner.id})
        new_test_user(self.env, login, groups="base.group_portal", partner_id=contact.id, password=SECRET)
        return self.authenticate(login, SECRET)

    def rows(self, *domain, **page):
        found = self.debtor._portal_found(self.company, *domain, **page)
        return self.debtor._portal_rows(self.company, found)

    def charge_lateness(self):
        """Price lateness as French law does between professionals."""
        self.company.write({"recovery_charge_since": "2000-01-01", "recovery_charge_law": "debtor"})
        self.debtor.write({"country_id": self.env.ref("base.fr").id, "is_company": True})
        self.env.ref("base.EUR").rate_ids = [Command.create({"name": "2000-01-01", "rate": 1.0})]

    def promise(self, day, **more):
        data = {"csrf_token": Request.csrf_token(self), "date": day, **more}
        return self.url_open(f"{self.url}/promise", data=data)

    def promises(self):
        return self.env["recovery.promise"].search([("partner_id", "=", self.debtor.id)])

    def test_what_is_open_is_shown_in_the_debtors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.login("portal_fr", self.debtor)
        for lang, total in (("en_US", "370.00"), ("fr_FR", "370,00")):
            with self.subTest(lang=lang):
                self.debtor.lang = lang
                content, _opened = self.debtor._portal_account(self.company)
                for day in (self.today, date(2027, 2, 1)):
                    self.assertEqual(content.day(day), format_date(content.env, day), "as Odoo words it")
                page = self.url_open(self.debtor._recovery_portal_link(self.company)._path()).text
                # Odoo's signature pad speaks the page's language only where the page says which it is
                self.assertIn(f'<html lang="{lang.replace("_", "-")}"', page)
                page = self.url_open("/my/statement").text
                for words in (self.late.name, self.coming.name, total):
                    self.assertIn(words, page)
        self.assertEqual(self.url_open(f"{self.url}/statement").headers["Content-Type"], "application/pdf")

    def test_many_claims_come_page_by_page(self):
        self.login("portal_many", self.debtor)
        moves = [self.late, self.coming, self.invoice(20, self.today + timedelta(days=40))]
        with patch.object(CustomerPortal, "_items_per_page", 2):
            for path in ("", "/dispute"):
                first, second = (self.url_open(self.url + path + more).text for more in ("", "/page/2"))
                shown = [[move.name in page for move in moves] for page in (first, second)]
                self.assertEqual(shown, [[True, True, False], [False, False, True]], path)
                self.assertIn(f"{self.url}{path}/page/2", first)
                beyond = self.url_open(f"{self.url}{path}/page/9999999999").text
                self.assertIn(moves[2].name, beyond, "the last page")
        page = self.url_open(self.url).text
        self.assertIn("390.00", page, "the total is of all pages")
        self.assertLess(page.index("Pay all that is overdue"), page.index(self.late.name), "above the rows")

    def assert_pages(self, rows, opened):
        """What a page shows are the ``rows`` that stand there, and its sums are of all pages."""
        for offset, limit in ((0, 4), (4, 100), (10_000, 4)):
            _content, there = self.debtor._portal_account(self.company, offset, limit)
            told = [row.claim for row in self.debtor._portal_rows(self.company, there.page)]
            self.assertEqual(told, [row.claim for row in rows[offset : offset + limit]])
            self.assertEqual(there[:3], opened[:3])

    def test_the_sums_are_those_of_the_statement(self):
        self.charge_lateness()
        planned = self.invoice(500, self.today - timedelta(days=200))
        self.active_plan(planned)
        settled = self.invoice(90, self.today - timedelta(days=100))
        self.receive(self.item(settled), 90, self.today - timedelta(days=10))
        self.assertFalse(self.env["recovery.charge"]._renew(self.company, self.today), "nothing lacks a rate")
        for days in (0, 1, 30, 31, 60, 61, 90, 91):
            self.invoice(10 + days, self.today - timedelta(days=days))
        foreign = self.setup_other_currency("GBP")
        self.invoice(40, self.today - timedelta(days=45), currency_id=foreign.id)
        entry = self.receive(self.item(self.late), 350, self.today - timedelta(days=1))
        entry.line_ids.remove_move_reconcile()
        theirs = self.debtor.copy({"name": "Somebody else"})
        self.invoice(7000, self.today - timedelta(days=60), partner_id=theirs.id)
        bounced = self.item(self.invoice(80, self.today))
        self.env["recovery.charge"]._add_bank_fee(bounced, 15, self.today)  # nothing else is owed for it yet
        content, opened = self.debtor._portal_account(self.company)
        whole = self.debtor._recovery_content(self.company, self.today)
        self.debtor._state_charges({self.debtor.id: whole})
        self.assertTrue(whole.charged, "months late cost something")
        for name in ("charged", "balances", "ageing", "credits", "oldest_due", "days_late"):
            self.assertEqual(getattr(content, name), getattr(whole, name), name)
        self.assertGreater(len(whole.claims), len(content.claims))
        claims = self.env["recovery.claim"].search(self.debtor._recovery_portal_domain(self.company))
        free = claims.filtered(lambda claim: not claim.instalment_id)
        self.assertEqual((opened.count, opened.unplanned), (len(claims), min(free.mapped("date_due"))))
        rows = self.rows()
        # all is owed to one company, which the account's lines need not name
        told = [replace(claim, branch="") for claim in claims._contents(content.date, {}, {})]
        self.assertEqual([row.claim for row in rows], told)
        for row, claim in zip(rows, claims, strict=True):
            about = (claim.move_line_id.id, claim.move_id.id, claim.plan_id.id)
            self.assertEqual(tuple(one or False for one in row[:3]), about)
        self.assert_pages(rows, opened)
        page = self.rows([("instalment_id", "=", False)], offset=2, limit=3)
        self.assertEqual([row.move_line_id for row in page], free[2:5].move_line_id.ids)
        plans = self.debtor._portal_file(self.company)["plans"]
        next_dues = {plan.id: plan.next_date_due for plan in plans}
        self.assertEqual(plans._portal_next_dues(is_money_open=True), next_dues)

    def test_the_total_says_what_it_is_made_of(self):
        """What lateness costs and what came in unmatched stand under the total to pay, each by itself."""
        self.charge_lateness()
        entry = self.receive(self.item(self.late), 30, self.today)
        entry.line_ids.remove_move_reconcile()
        self.login("portal_sums", self.debtor)
        page = self.url_open(self.url).text
        content, _opened = self.debtor._portal_account(self.company)
        self.assertTrue(content.charged, "months late cost something")
        for sums in (content.totals, content.charged, content.less_credits, content.balances):
            self.assertIn(content.sums(sums), page)

    def test_who_has_all_in_a_plan_is_offered_nothing_that_would_be_refused(self):
        self.login("portal_planned", self.debtor)
        acts = ("Pay all that is overdue", "Pay the invoices ticked", "promise_date", "/ask", "/dispute")
        page = self.url_open(self.url).text
        for act in acts:
            self.assertIn(act, page)
        plan = self.active_plan(self.late, self.coming, date_start=self.today - timedelta(days=40))
        page = self.url_open(self.url).text
        for act in acts:
            self.assertNotIn(act, page)
        self.assertIn(f"/plans/{plan.id}#pay", page, "an instalment leads to where it is paid")
        self.pay(self.late, 130, self.today)
        self.env.flush_all()
        self.assertEqual(plan._portal_next_dues(is_money_open=False), {plan.id: plan.next_date_due})

    def test_a_row_says_what_it_is_held_for(self):
        rows = {
            "In dispute": self.late,
            "30.00": self.invoice(80, self.today - timedelta(days=9)),
            "Promised by": self.invoice(81, self.today - timedelta(days=8)),
            "Plan asked for": self.invoice(82, self.today - timedelta(days=7)),
            "not in force yet": self.invoice(83, self.today - timedelta(days=6)),
            "": self.invoice(84, self.today - timedelta(days=5)),
        }
        items = [self.item(move) for move in rows.values()]
        disputes = self.env["recovery.dispute"]
        for item, part in zip(items[:2], (0, 30), strict=True):
            values = {"move_line_ids": item.ids, "amount": part, "description": "Stale"}
            disputes.create({"partner_id": self.debtor.id, **values})
        about = {"partner_id": self.debtor.id, "company_id": self.company.id}
        day = self.today + timedelta(days=3)
        self.env["recovery.promise"].create(
            {**about, "amount": 81, "date_promised": day, "move_line_ids": items[2].ids}
        )
        asked = {"kind": "negotiation", "date_from": self.today, "date_until": day, "reason": "Asked"}
        self.env["recovery.hold"].create({**about, **asked, "move_line_ids": [*items[3].ids, *items[4].ids]})
        self.env["recovery.hold"].create({**about, **asked, "kind": "manual", "move_line_ids": items[5].ids})
        offer = self.plan(rows["not in force yet"])
        offer.action_propose()
        rows_shown = self.rows()
        told = {self.env["account.move"].browse(row.move_id): row.said for row in rows_shown}
        for words, move in rows.items():
            with self.subTest(words):
                self.assertEqual(len(told[move]), 1 if words else 0, told[move])
                self.assertIn(words, "".join(told[move]))
        self.assertEqual(told[self.coming], [], "why we leave it alone otherwise is ours")
        self.assertIn(offer.name, told[rows["not in force yet"]][0])
        self.login("portal_rows", self.debtor)
        page = self.url_open(self.url).text
        for [words] in filter(None, told.values()):
            self.assertIn(words, page)

    def test_a_number_is_text_whatever_it_says(self):
        number = """<b>"1'</b>"""
        self.late.name = number
        self.login("portal_text", self.debtor)
        page = self.url_open(self.url).text
        self.assertNotIn(number, page)
        self.assertEqual(page.count("&lt;b&gt;&#34;1&#39;&lt;/b&gt;"), 2, "in the link, and to be read aloud")

    def received(self):
        page = self.url_open(self.url).text
        return page.partition("<h5>What we received</h5>")[2].partition("</section>")[0]

    def test_what_went_back_is_listed_as_that(self):
        self.login("portal_back", self.debtor)
        came = self.receive(self.item(self.late), 110, self.today - timedelta(days=4))
        paid_back = self.env["account.payment"].create(
            {
                "partner_id": self.debtor.id,
                "amount": 45,
                "date": self.today,
                "payment_type": "outbound",
                "partner_type": "customer",
            }
        )
        paid_back.action_post()
        returned = self.env["account.bank.statement.line"].create(
            {
                "journal_id": came.journal_id.id,
                "date": self.today - timedelta(days=1),
                "amount": -110,
                "partner_id": self.debtor.id,
                "counterpart_account_id": self.item(self.late).account_id.id,
            }
        )
        self.assertTrue(returned.move_id.line_ids.filtered(lambda line: line.balance > 0).account_id)
        page = self.received()
        self.assertEqual(re.findall(r"-?\d+\.\d\d", page), ["-45.00", "-110.00", "110.00"])
        self.assertEqual(page.count("Paid back or returned by the bank"), 2)
        self.assertNotIn("/receipts/", page)
        self.assertEqual(self.url_open(f"{self.url}/receipts/{paid_back.id}").status_code, 404)

    def test_what_was_received_is_listed_whatever_way_it_came(self):
        self.login("portal_received", self.debtor)
        self.receive(self.item(self.late), 110, self.today - timedelta(days=4))
        theirs = self.invoice(99, partner_id=self.env["res.partner"].create({"name": "Stranger"}).id)
        self.receive(self.item(theirs), 91, self.today)
        paid = self.env["account.payment"].create(
            {
                "partner_id": self.debtor.id,
                "amount": 45,
                "payment_type": "inbound",
                "partner_type": "customer",
            }
        )
        paid.action_post()
        page = self.received()
        self.assertEqual(re.findall(r"\d+\.\d\d", page), ["45.00", "110.00"])
        self.assertEqual(re.findall(r"/receipts/(\d+)", page), [str(paid.id)])

    def test_a_payment_of_several_invoices_is_one(self):
        """The bank's entry has an item for each invoice: the debtor looks for the sum that it paid."""
        self.login("portal_together", self.debtor)
        item = self.item(self.late)
        entry = self.receive(item, 110, self.today - timedelta(days=4))
        entry.line_ids.remove_move_reconcile()
        entry.button_draft()
        whole = entry.line_ids.filtered(lambda line: line.account_id == item.account_id)
        part = {"account_id": item.account_id.id, "partner_id": self.debtor.id, "balance": -40.0}
        entry.write({"line_ids": [Command.update(whole.id, {"balance": -70.0}), Command.create(part)]})
        entry.action_post()
        self.assertEqual(len(entry.line_ids), 3)
        self.assertEqual(re.findall(r"\d+\.\d\d", self.received()), ["110.00"])
        with patch("odoo.addons.payment_plan_recovery.models.portal.page.LISTED", 1):
            self.assertEqual(
                re.findall(r"\d+\.\d\d", self.received()), ["110.00"], "whole, however few are listed"
            )

    def test_what_is_late_and_all_disputed_is_not_offered_as_what_is_overdue(self):
        """It is paid by ticking it: what would be refused is not offered."""
        self.login("portal_disputed", self.debtor)
        acts = ("Pay all that is overdue", "promise_date", "/ask")
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "dispute",
                "reason": "Wrong quantity",
                "date_until": "2100-01-01",
                "move_line_ids": [Command.set(self.item(self.late).ids)],
            }
        )
        page = self.url_open(self.url).text
        for act in acts:
            self.assertNotIn(act, page)
        self.assertIn("Pay the invoices ticked", page)
        other = self.invoice(20, self.today - timedelta(days=3))
        page = self.url_open(self.url).text
        for act in acts:
            self.assertIn(act, page)
        self.assertIn("20.00", self.url_open(f"{self.url}/pay").text)
        self.receive(self.item(other), 20, self.today)
        self.assertNotIn(acts[0], self.url_open(self.url).text)
        hold.action_end()
        self.assertIn(acts[0], self.url_open(self.url).text)

    def test_nobody_else_sees_it(self):
        self.login("portal_stranger", self.env["res.partner"].create({"name": "Stranger"}))
        self.assertNotIn(self.late.name, self.url_open("/my/statement").text)
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertEqual(self.url_open(f"{self.url}/statement").status_code, 404)
        self.assertEqual(self.promise(str(self.today)).status_code, 404)
        self.authenticate(None, None)
        self.assertNotIn(self.late.name, self.url_open("/my/statement").text)
        self.assertFalse(self.promises())

    def test_a_promise_is_for_what_is_late_and_stops_chasing(self):
        self.login("portal_martin", self.debtor)
        day = self.today + timedelta(days=7)
        self.promise(str(day), amount="1", partner_id="1")
        promise = self.promises()
        self.assertEqual((promise.amount, promise.date_promised), (300, day))
        self.assertEqual(promise.move_line_ids, self.item(self.late))
        self.assertEqual(promise.hold_id.kind, "promise")
        self.assertTrue(promise.activity_ids, "the person responsible is told")
        self.promise(str(day))
        self.assertEqual(self.promises(), promise, "one promise at a time")

    def test_after_a_broken_promise_the_debtor_pays_or_writes(self):
        self.login("portal_broken", self.debtor)
        self.promise(str(self.today))
        promise = self.promises()
        promise._close("broken", self.today)
        self.assertIn("was not kept", self.promise(str(self.today)).text)
        self.assertEqual(self.promises(), promise)

    def test_who_promises_again_reads_what_a_debtor_can_do(self):
        self.login("portal_late", self.debtor)
        for words in ("your promise is noted", "You have promised this already"):
            self.assertIn(words, self.promise(str(self.today)).text)

    def test_a_promise_out_of_bounds_is_refused(self):
        self.login("portal_late", self.debtor)
        for day in (
            "",
            "tomorrow",
            str(self.today - timedelta(days=1)),
            str(self.today + timedelta(days=15)),
        ):
            with self.subTest(day=day):
                self.assertIn("Choose a day", self.promise(day).text)
        self.assertFalse(self.promises())
