"""Every route of the portal, asked by everybody who must not see the debtor's file.

The routes come from the server's own map, so that a new one is asked too; one whose address needs a word that
``words`` does not know fails the test.
"""

from datetime import timedelta

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .portal_common import PortalCommon, visitors_rules

#: Where anybody may be, and where the visitor's own file is shown.
OPEN = {"/r", "/my/statement", "/my/plans", "/my/plans/page/<int:page>"}
#: Odoo's own, which say of invoices what Odoo lets a customer read; see test_portal_overdue.py, test_portal_plan.py.
OF_ODOO = ("/invoice/", "/my/invoices/")


@tagged("post_install", "-at_install")
class TestPortalIsolation(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.name = "Boulangerie Secrète"
        cls.bill = cls.late_invoice(300)
        cls.running = cls.active_plan(cls.late_invoice(600))
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})
        cls.own = cls.portal_user("isolated_own", cls.contact("own", cls.debtor))
        cls.make_file()
        cls.env.flush_all()

    @classmethod
    def make_file(cls):
        """What the addresses of the routes name."""
        about = {"partner_id": cls.debtor.id, "company_id": cls.company.id}
        said = {"description": "Boulangerie Secrète says", **about}
        dispute = cls.env["recovery.dispute"].create({"move_line_ids": cls.item(cls.bill).ids, **said})
        request = cls.env["recovery.request"].sudo().create({"kind": "message", **said})
        received = cls.env["account.payment"].create(
            {
                "partner_id": cls.debtor.id,
                "amount": 40,
                "payment_type": "inbound",
                "partner_type": "customer",
            }
        )
        received.action_post()
        assert received in cls.debtor.sudo()._portal_receipts(cls.company)
        cls.words = {
            "dispute_id": dispute.id,
            "request_id": request.id,
            "file_id": cls.make_file_of(dispute).id,
            "company_id": cls.company.id,
            "partner_id": cls.debtor.id,
            "plan_id": cls.running.id,
            "paper": "statement",
            "choice": "next",
            "chosen": "overdue",
            "payment_id": received.id,
            "move_id": cls.bill.id,
            "notice_id": 1,
            "page": 1,
        }

    @classmethod
    def make_file_of(cls, dispute):
        """A file that the debtor reads with what was written about its dispute."""
        file = cls.env["ir.attachment"].create(
            {"name": "Boulangerie Secrète.txt", "raw": b"Boulangerie Secr"}
        )
        dispute.message_post(
            body=file.name,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=file.ids,
        )
        return dispute._exchanged().attachment_ids

    def test_mail_s_own_routes_open_no_history_by_a_token(self):
        token = self.running._portal_ensure_token()
        said = "Said to the debtor"
        self.running.message_post(body=said, subtype_xmlid="mail.mt_comment")
        self.login()
        thread = {"thread_model": "recovery.plan", "thread_id": self.running.id, "token": token}
        for route, words in (
            ("/mail/message/post", {"post_data": {"body": "From nobody"}}),
            ("/mail/chatter_fetch", {}),
            ("/portal/chatter_init", {}),
        ):
            with self.subTest(route), mute_logger("odoo.http"):
                try:
                    answer = str(self.make_jsonrpc_request(route, thread | words))
                except JsonRpcException as error:
                    answer = str(error)
                self.assertNotIn("Said to the debtor", answer)
                self.assertNotIn("'can_react': True", answer)
        self.assertFalse(self.env["mail.message"].search([("body", "ilike", "From nobody")]))

    # -- routes ----------------------------------------------------------------------------

    def rules(self):
        """The addon's rules of the server's map for visitors: everything that is not for the back office."""
        for rule in visitors_rules(self.env):
            if rule.rule not in OPEN and not rule.rule.startswith(OF_ODOO):
                yield rule

    def urls(self, **ways):
        """(address, rule) of every rule whose words are known."""
        words = self.words | ways
        for rule in self.rules():
            names = {argument for argument in rule.arguments if argument != "code"}
            self.assertLessEqual(names, words.keys(), f"{rule.rule}: say which record it is asked about")
            if "code" in rule.arguments and "code" not in words:
                continue
            yield rule.build({name: words[name] for name in rule.arguments})[1], rule

    def ask(self, url, rule):
        """Return the text of the answer to whatever the route takes."""
        if rule.endpoint.routing["type"] == "jsonrpc":
            try:
                with mute_logger("odoo.http"):
                    return str(self.make_jsonrpc_request(url, {"amount": 200.0}))
            except JsonRpcException as error:
                return str(error)
        methods = rule.endpoint.routing.get("methods") or ["GET"]
        return (self.post(url) if methods == ["POST"] else self.url_open(url)).text

    def assert_closed(self, papers=("%PDF",), **ways):
        before = self.file_size()
        # known before: each answer would have them read again, with all that stands beside them
        secrets = ("Boulangerie Secr", self.bill.name, self.running.name, *papers)
        for url, rule in self.urls(**ways):
            with self.subTest(url=url):
                text = self.ask(url, rule)
                for secret in secrets:
                    self.assertNotIn(secret, text)
        self.assertEqual(self.file_size(), before, "something was written to the file")

    def file_size(self):
        """How many records there are about the debtor."""
        self.env.invalidate_all()
        models = ("recovery.promise", "recovery.hold", "recovery.contact", "recovery.dispute")
        models += ("recovery.request", "recovery.signature", "payment.transaction")
        return [
            self.env[model].sudo().search_count([("partner_id", "=", self.debtor.id)]) for model in models
        ]

    # -- who asks --------------------------------------------------------------------------

    def test_the_debtor_itself_gets_in(self):
        """Without this the others could pass because nothing is there for anybody."""
        self.login(self.own)
        link = self.link()
        for url in (
            f"/my/creditor/{self.company.id}",
            link._path(),
            f"{link._path()}/plans/{self.running.id}",
            "/my/statement",
            "/my/plans",
        ):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200, url)
            self.assertEqual(answer.headers["Cache-Control"], "no-store", url)
            self.assertEqual(answer.headers["X-Frame-Options"], "SAMEORIGIN", url)

    def test_the_public(self):
        self.login()
        self.assert_closed()

    def test_another_debtor(self):
        self.login(self.portal_user("isolated_other", self.contact("other", self.stranger)))
        self.assert_closed()

    def test_another_company_s_debtor(self):
        company = self.setup_other_company(name="Elsewhere")["company"]
        stranger = self.env["res.partner"].create({"name": "Elsewhere's debtor", "company_id": company.id})
        contact = self.contact("elsewhere", stranger, company_id=company.id)
        self.login(
            self.portal_user(
                "isolated_elsewhere", contact, company_id=company.id, company_ids=[(6, 0, company.ids)]
            )
        )
        self.assert_closed()

    def test_a_contact_of_the_debtor_without_rights(self):
        contact = self.contact("warehouse", self.debtor, recovery_no_portal=True)
        self.login(self.portal_user("isolated_warehouse", contact))
        self.assert_closed()

    def test_an_employee_who_does_not_collect(self):
        partner = self.env["res.partner"].create({"name": "Employee"})
        self.login(self.portal_user("isolated_employee", partner, groups="base.group_user"))
        self.assert_closed()

    def test_a_contact_that_left(self):
        contact = self.contact("left", self.debtor)
        self.login(self.portal_user("isolated_left", contact))
        self.assertIn(self.bill.name, self.url_open(f"/my/creditor/{self.company.id}").text)
        for parent in (self.stranger, self.stranger.browse()):
            with self.subTest(parent.name):
                contact.parent_id = parent
                self.assert_closed()

    def test_a_login_that_was_put_away_while_it_looked(self):
        user = self.portal_user("isolated_away", self.contact("away", self.debtor))
        self.login(user)
        user.active = False
        user.partner_id.active = False
        self.assert_closed()

    def test_a_collector_of_another_company(self):
        company = self.setup_other_company(name="Collects elsewhere")["company"]
        partner = self.env["res.partner"].create({"name": "Collector"})
        self.login(
            self.portal_user(
                "isolated_collector",
                partner,
                groups="payment_plan_recovery.group_recovery_user",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
        )
        self.assert_closed()

    def test_the_link_of_a_plan_that_ended(self):
        self.login()
        code = self.link(plan=self.running).code
        self.assertIn(self.running.name, self.url_open(f"/r/{code}").text)
        self.running.action_cancel()
        self.assert_closed(code=code)

    def test_a_link_that_was_replaced(self):
        self.login()
        former = self.link()
        former._revoke()
        self.assertNotEqual(self.link(), former)
        self.assert_closed(code=former.code)

    def test_links_that_open_nothing(self):
        self.login()
        link = self.link()
        code = link.code
        tampered = code[:-1] + ("A" if code[-1] != "A" else "B")
        for name, other in (("tampered", tampered), ("cut", code[:-1]), ("of words", "A" * 16)):
            with self.subTest(name):
                self.forget_attempts()
                self.assert_closed(code=other)
        expired = self.link()
        expired.date_expires = self.today - timedelta(days=1)
        self.forget_attempts()
        self.assert_closed(code=expired.code)
        revoked = self.link()
        revoked._revoke()
        self.forget_attempts()
        self.assert_closed(code=revoked.code)

    def test_the_link_of_another_debtor_with_this_one_s_numbers(self):
        self.login()
        self.assert_closed(papers=(), code=self.link(self.stranger).code)  # it opens the stranger's own

    def test_the_debtor_s_link_with_another_creditor(self):
        company = self.setup_other_company(name="Sister")["company"]
        self.login()
        code = self.link(company=company).code
        before = self.file_size()
        for url, rule in self.urls(code=code):
            if rule.rule.startswith("/r/") and rule.rule != "/r/<string:code>":
                with self.subTest(url=url):
                    text = self.ask(url, rule)
                    self.assertNotIn(self.bill.name, text)
                    self.assertNotIn(self.running.name, text)
        self.assertEqual(self.file_size(), before)

    def test_the_link_of_one_plan(self):
        other = self.active_plan(self.late_invoice(90))
        self.login()
        code = self.link(plan=other).code
        for url, rule in self.urls(code=code):
            if rule.rule.startswith("/r/") and rule.rule != "/r/<string:code>":
                with self.subTest(url=url):
                    text = self.ask(url, rule)
                    self.assertNotIn(self.bill.name, text)
                    self.assertNotIn(self.running.name, text)

    def test_a_number_that_is_not_there_and_one_that_is_another_s_sound_alike(self):
        self.login(self.portal_user("isolated_curious", self.contact("curious", self.stranger)))
        for path in ("/my/plans/%s", "/my/creditor/%s"):
            known = self.running.id if "plans" in path else self.company.id
            pages = [self.url_open(path % number) for number in (known, 999_999)]
            self.assertEqual(pages[0].status_code, pages[1].status_code)
            self.assertEqual(*(page.text.partition("<main>")[2].partition("</main>")[0] for page in pages))

    def forget_attempts(self):
        self.env["recovery.portal.attempt"].sudo().search([]).unlink()
