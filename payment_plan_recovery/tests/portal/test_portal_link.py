"""Links to the portal: how long they open what, and what carries them."""

import re
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import html_sanitize, mute_logger

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalLink(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.late_invoice(300)

    def setUp(self):
        super().setUp()
        self.login()

    def opens(self, link):
        page = self.url_open(link._path())
        return page.status_code == 200 and self.bill.name in page.text

    def test_a_link_opens_the_account_and_leaves_no_trace_of_itself(self):
        page = self.url_open(self.link()._path())
        self.assertIn(self.bill.name, page.text)
        self.assertIn(f"<title>{self.company.name}</title>", page.text, "what its tab is called")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_a_link_ends_on_its_day_by_hand_and_with_the_switches(self):
        for name, end in (
            ("expired", lambda link: link.write({"date_expires": self.today - timedelta(days=1)})),
            ("revoked", lambda link: link.action_revoke()),
            ("debtor", lambda link: self.debtor.write({"recovery_no_portal": True})),
        ):
            with self.subTest(name):
                link = self.link()
                self.assertTrue(self.opens(link))
                end(link)
                self.assertEqual(self.url_open(link._path()).status_code, 404)
        self.assertFalse(self.link(), "who is to see nothing gets no link")
        self.debtor.recovery_no_portal = False
        link = self.link()
        self.company.recovery_portal = False
        self.assertEqual(self.url_open(link._path()).status_code, 404)
        self.assertFalse(self.link())
        self.company.recovery_portal = True
        link = self.link()
        self.debtor.active = False
        self.assertTrue(self.opens(link), "who is put away owes all the same")
        group = self.env["res.partner"].create({"name": "Group", "is_company": True})
        theirs = self.invoice(70, partner_id=group.id)
        self.debtor.write({"active": True, "is_company": False, "parent_id": group.id})
        page = self.url_open(link._path())
        self.assertEqual(page.status_code, 404, "it owes as a contact of its group by now")
        self.assertNotIn(theirs.name, page.text)

    def test_what_a_message_carries_is_open_for_half_a_life(self):
        self.company.recovery_portal_link_days = 100
        first = self.link()
        self.assertEqual(first.date_expires, self.today + timedelta(days=100))
        self.assertEqual(self.link(), first)
        first.date_expires = self.today + timedelta(days=49)
        second = self.link()
        self.assertNotEqual(second, first)
        self.assertTrue(self.opens(first), "what was sent stays open until its day")

    def test_a_batch_gets_its_links_in_a_fixed_number_of_queries(self):
        debtors = self.env["res.partner"].create([{"name": f"Debtor {number}"} for number in range(50)])
        self.env.flush_all()
        self.env.invalidate_all()
        debtors.mapped("recovery_no_portal")
        with self.assertQueryCount(20):
            links = [debtor._recovery_portal_link(self.company) for debtor in debtors]
            self.env.flush_all()
        self.assertEqual(len({link._url() for link in links}), 50)

    def test_the_code_of_a_letter_is_typed(self):
        link = self.link()
        self.assertIn(self.bill.name, self.url_open(f"/r?code={link._printed_code().lower()}").text)
        self.assertIn("code of 16 letters", self.url_open("/r").text)
        self.assertEqual(self.url_open("/r?code=AAAA-AAAA-AAAA-AAAA").status_code, 404)

    def test_nobody_guesses(self):
        link = self.link()
        for number in range(30):
            claimed = {"X-Forwarded-For": f"192.0.2.{number}"}  # whoever guesses may say anything of itself
            self.assertEqual(self.url_open(f"/r/{'A' * 14}{number + 20}", headers=claimed).status_code, 404)
        self.assertEqual(self.url_open(link._path()).status_code, 404, "that address of the network waits")
        self.come_from("127.0.0.2")
        self.assertEqual(self.url_open(link._path()).status_code, 200, "no other does")

    def test_words_and_papers_carry_it(self):
        content, _opened = self.debtor._portal_account(self.company)
        url = self.link()._url()
        fill = self.env["recovery.placeholder"]._fill
        self.assertEqual(fill("See {link}", content), f"See {url}")
        mail = self.env["ir.qweb"]._render(
            "payment_plan_recovery.mail_body", {"content": content, "body": "", "links": []}
        )
        self.assertIn(url, mail)
        kept = html_sanitize(mail, sanitize_style=True)  # as the message is that a mail is sent from
        styles = [" ".join(re.findall('style="([^"]*)"', page)) for page in (mail, kept)]
        styles = [set(re.findall(r"([a-z-]+):", style)) for style in styles]
        self.assertEqual(*styles, "a white word on no ground is not seen")
        paper = self.env["ir.qweb"]._render(
            "payment_plan_recovery.portal_link_on_paper", {"content": content}
        )
        self.assertIn(self.link()._printed_code(), paper)
        self.debtor.recovery_no_portal = True
        self.assertEqual(fill("See {link}", content), "See")

    def test_a_mail_about_a_plan_opens_that_plan_only(self):
        plan = self.active_plan(self.bill)
        link = self.link(plan=plan)
        self.assertIn(plan.name, self.url_open(link._path()).text)
        self.assertEqual(self.url_open(f"{link._path()}/statement").status_code, 404)
        plan.action_cancel()
        self.assertFalse(self.link(plan=plan))

    def test_the_office_passes_a_link_on_and_looks_without_acting(self):
        collector = self.collector("portal_collector")
        collector.password = "portal-secret"  # noqa: S105 lives as long as the test
        window = self.debtor.with_user(collector).action_recovery_portal_link()
        shared = self.env["recovery.portal.share"].browse(window["res_id"])
        self.assertEqual(shared.url, self.link()._url())
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.link().with_user(collector).read(["code"])
        self.login(collector)
        url = self.debtor.with_user(collector).action_recovery_as_debtor()["url"]
        page = self.url_open(url)
        self.assertIn(self.bill.name, page.text)
        self.assertIn("Nothing can be done here", page.text)
        answer = self.post(f"{url}/promise", date=str(self.today))
        self.assertEqual(answer.status_code, 403)
        self.assertFalse(self.env["recovery.promise"].search([("partner_id", "=", self.debtor.id)]))

    def test_ways_to_pay_carry_a_link_that_opens(self):
        """Where debtors choose online it opens the ways to pay, else the account: of the draft it would see nothing."""
        for chooses in (True, False):
            with self.subTest(chooses=chooses):
                self.company.recovery_portal_plans = chooses
                plan = self.plan(self.late_invoice(600))
                plan.action_print_options()
                link = self.debtor._recovery_portal_link(self.company, plan)
                self.assertEqual(link.plan_id, plan if chooses else plan.browse())
                page = self.url_open(link._path()).text
                self.assertIn("Choose how to pay" if chooses else 'id="claims"', page)

    def test_what_is_left_of_a_plan_that_ended_is_told_once(self):
        """It is owed as the invoices say, and stands among them."""
        plan = self.active_plan(self.late_invoice(777))
        plan.action_cancel()
        page = self.url_open(self.link()._path()).text
        self.assertIn(plan.name, page)
        row = page[page.index(plan.name) :].partition("</tr>")[0]
        self.assertNotIn("777", row)
