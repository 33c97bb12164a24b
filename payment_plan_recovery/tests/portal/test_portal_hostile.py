"""What no browser sends, and what clumsy people do: it is refused in words, and nothing is taken for the whole."""

import io
from unittest.mock import patch

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ...models.portal.attempt import LIMITS
from .portal_common import PortalCommon, visitors_rules

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@tagged("post_install", "-at_install")
class TestPortalHostile(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill, cls.other = cls.late_invoice(600), cls.late_invoice(90)
        cls.running = cls.active_plan(cls.late_invoice(300))
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})

    def setUp(self):
        super().setUp()
        self.login()
        self.root = self.link()._path()
        self.plan_path = f"/plans/{self.running.id}"

    def forget_attempts(self):
        self.env["recovery.portal.attempt"].sudo().search([]).unlink()

    def told(self, path, words, **data):
        """Send a form and expect ``words`` on the page that answers."""
        self.forget_attempts()
        with self.subTest(path=path, data=str(data)[:80]):
            answer = self.post(self.root + path, **data)
            self.assertEqual(answer.status_code, 200)
            self.assertIn(words, answer.text)

    def written(self):
        """How many records there are about the debtor."""
        self.env.invalidate_all()
        models = ("recovery.promise", "recovery.dispute", "recovery.request", "recovery.signature")
        return [self.env[model].sudo().search_count([]) for model in models]

    # -- addresses -------------------------------------------------------------------------

    def test_numbers_that_are_none_open_nothing_and_mean_nothing(self):
        before = self.written()
        for number in ("\u00b2", "\u0661", "-1", "1;DROP TABLE x", "9" * 30, "9" * 5000, "x"):
            with self.subTest(number=number[:20]):
                for path in ("?page=", "/dispute?page="):
                    self.assertEqual(self.url_open(f"{self.root}{path}{number}").status_code, 200)
                self.assertIn("Nothing is left", self.url_open(f"{self.root}/pay?items={number}").text)
        for path in ("plans", "invoices", "notices", "receipts", "disputes", "requests"):
            self.assertEqual(self.url_open(f"{self.root}/{path}/{'9' * 30}").status_code, 404, path)
        self.assertEqual(self.url_open(f"{self.root}/page/{'9' * 30}").status_code, 200)
        self.assertEqual(self.written(), before)

    def test_a_code_that_no_letter_carries_opens_nothing(self):
        for code in ("%00AAAAAAAAAAAAAAA", "A" * 5000, "%C3%A9", "AAAAAAAAAAAAAAA%27"):
            self.forget_attempts()
            self.assertEqual(self.url_open(f"/r/{code}").status_code, 404, code[:20])

    def test_whoever_reloads_an_answer_is_back_where_it_was(self):
        """The answer to a form stands at an address where things are done; a browser that reopens it only looks."""
        before = self.written()
        for path, shown in (
            ("/promise", "claims"),
            ("/write", "claims"),
            *(
                (self.plan_path + act, "Instalments")
                for act in ("/choose", "/refuse", "/sign/code", "/sign/confirm", "/autopay", "/rate")
            ),
        ):
            with self.subTest(path):
                answer = self.url_open(self.root + path)
                self.assertEqual(answer.status_code, 200)
                self.assertIn(shown, answer.text)
        self.assertEqual(self.written(), before, "looking does nothing")

    def test_a_loop_that_prints_papers_is_stopped(self):
        paid = self.env["account.payment"].create({"partner_id": self.debtor.id, "amount": 5})
        paid.action_post()
        papers = (
            "/statement",
            f"/invoices/{self.bill.id}",
            f"/receipts/{paid.id}",
            f"{self.plan_path}/paper/statement",
        )
        with patch.dict(LIMITS, paper=2):
            for path in papers:
                self.forget_attempts()
                with self.subTest(path):
                    answers = [self.url_open(self.root + path) for _time in range(3)]
                    self.assertEqual([answer.status_code for answer in answers], [200, 200, 429])
                    self.assertEqual(answers[0].headers["Content-Type"], "application/pdf")
                    self.assertIn("in an hour", answers[2].text)
                    self.assertEqual(answers[2].headers["Retry-After"], "3600")
            self.assertEqual(self.url_open(f"{self.root}/invoices/{self.bill.id}").status_code, 429)
            self.assertIn(self.bill.name, self.url_open(self.root).text, "looking goes on")
            self.assertEqual(self.url_open(f"{self.link(self.stranger)._path()}/statement").status_code, 200)

    def test_an_invoice_that_is_kept_as_a_file_is_not_counted(self):
        self.bill.message_main_attachment_id = self.bill.invoice_pdf_report_id = self.env[
            "ir.attachment"
        ].create(
            {
                "name": "kept.pdf",
                "raw": PDF,
                "res_model": "account.move",
                "res_id": self.bill.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        with patch.dict(LIMITS, paper=0):
            answer = self.url_open(f"{self.root}/invoices/{self.bill.id}")
        self.assertEqual((answer.status_code, answer.content), (200, PDF))

    def test_a_token_of_letters_that_none_has_opens_nothing(self):
        token = self.running._portal_ensure_token()
        for letters in ("\u00e9", token[:-1]):
            answer = self.url_open(f"/my/plans/{self.running.id}/open?access_token={letters}")
            self.assertNotIn(self.running.name, answer.text)
            self.assertLess(answer.status_code, 500)
            call = f"/invoice/transaction/{self.bill.id}", {"access_token": letters, "amount": 5}
            with mute_logger("odoo.http"), self.assertRaisesRegex(JsonRpcException, "ValidationError"):
                self.make_jsonrpc_request(*call)

    # -- what no browser sends -------------------------------------------------------------

    def every_address(self):
        """(address, rule) of every page that the debtor's link opens, by the server's own map."""
        words = {
            "code": self.root.rpartition("/")[2],
            "paper": "agreement",
            "choice": "next",
            "chosen": "overdue",
        }
        for rule in visitors_rules(self.env):
            if rule.rule.startswith("/r/"):
                known = {name: words.get(name, 1) for name in rule.arguments}
                if "plan_id" in known:
                    known["plan_id"] = self.running.id
                yield rule.build(known)[1], rule

    def test_no_method_and_no_body_breaks_a_page(self):
        before = self.written()
        forms = {"files": [("body", ("a.txt", io.BytesIO(b"words"), "text/plain"))]}
        for address, _rule in self.every_address():
            self.forget_attempts()
            for method, sent in (
                ("HEAD", {}),
                ("OPTIONS", {}),
                ("PUT", {"data": "x"}),
                ("DELETE", {}),
                ("PATCH", {"json": {"a": 1}}),
                ("POST", {"json": {"params": {"code": "x", "plan_id": 5}}}),
                ("POST", {"json": ["x"]}),
                ("POST", {"json": {"params": [1]}}),
                (
                    "POST",
                    {"data": b"\x00\xff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
                ),
                ("POST", forms),
                ("GET", {"headers": {"Accept-Language": "x" * 5000, "User-Agent": "\xe9" * 5000}}),
            ):
                with self.subTest(method=method, address=address, sent=str(sent)[:40]):
                    answer = self.opener.request(method, self.base_url() + address, timeout=60, **sent)
                    self.assertLess(answer.status_code, 500)
        self.assertEqual(self.written(), before)

    def test_words_of_the_way_in_are_not_taken_from_the_query(self):
        for address, rule in self.every_address():
            self.forget_attempts()
            if "GET" not in (rule.methods or {"GET"}):
                continue
            for query in (
                "self=1&visit=2&plan=3&code=x&company_id=9&partner_id=9&plan_id=9&function=1&words=1",
                "amount=1&amount=2&choice=next&choice=all&page=1&page=x&items=1&items=&done[]=1",
                "%00=%00&%ff=%ff&done=%00",
            ):
                with self.subTest(address=address, query=query):
                    answer = self.url_open(f"{address}?{query}")
                    self.assertLess(answer.status_code, 500)
                    if rule.endpoint.routing["type"] == "http":
                        self.assertEqual(answer.headers.get("Cache-Control"), "no-store")
            # Odoo itself breaks on NUL in an address that no route takes.
            takes_any = rule.rule.endswith((":code>", ":paper>"))
            for tail in ("/..%2f..", "//", *(["%00", "%00x"] if takes_any else [])):
                self.assertLess(self.url_open(address + tail).status_code, 500, address + tail)

    # -- forms -----------------------------------------------------------------------------

    def test_files_in_place_of_words_say_nothing(self):
        before = self.written()
        for path, name in (
            ("/promise", "date"),
            ("/write", "body"),
            ("/ask", "description"),
            ("/dispute", "description"),
            ("/data", "new_email"),
            (f"{self.plan_path}/rate", "rating"),
        ):
            files = [(name, ("a.txt", io.BytesIO(b"words"), "text/plain"))]
            self.told(path, 'role="alert"', files=files, items=self.item(self.bill).id, cause="price")
        self.assertEqual(self.written(), before)

    def test_what_nobody_can_read_is_refused(self):
        before = self.written()
        for path, name in (("/write", "body"), ("/data", "new_city"), ("/ask", "description")):
            self.told(path, "characters at most", **{name: "x" * 20_000})
        self.assertEqual(self.written(), before)

    def test_a_name_of_several_lines_adds_nothing_to_the_head_of_a_mail(self):
        """Odoo lets a contact's own login write its name, and copies it as it is into the head of what is sent."""
        self.company.email = "creditor@example.com"
        self.debtor.name = "Evil\r\nBcc: victim@example.com"
        offer = self.plan(self.bill)
        offer.action_propose()
        self.post(f"{self.root}/plans/{offer.id}/sign")
        self.post(f"{self.root}/plans/{offer.id}/sign/code", address=f"email-{self.debtor.id}")
        [mail] = self.env["mail.mail"].sudo().search([("subject", "like", offer.name)])
        [head] = mail._prepare_outgoing_list()
        message = self.env["ir.mail_server"]._build_email__(
            email_from=mail.email_from, email_to=head["email_to"], subject=mail.subject, body="Hello"
        )
        text = message.as_string().partition("Content-Type")[0]
        self.assertNotRegex(text, r"[\r\n]Bcc")
        self.assertIn("Evil Bcc: victim@example.com", text)

    def test_words_with_what_no_text_has_are_kept_without(self):
        self.post(f"{self.root}/write", body="Good\0 day")
        self.assertEqual(self.env["recovery.request"].search([]).description, "Good day")

    def test_words_named_as_the_code_names_its_own_are_no_matter(self):
        self.post(
            f"{self.root}/data", new_city="Lyon", author="x", debtor="1", company="2", plan="3", visit="4"
        )
        self.assertEqual(self.env["recovery.request"].search([]).new_city, "Lyon")

    def test_an_amount_that_is_none_is_not_taken_for_the_whole(self):
        before = self.written()
        item = self.item(self.bill).id
        for amount in ("abc", "-5", "nan", "inf", "1e400", "12,50 apples", "--"):
            self.told(
                "/dispute", "in figures", items=item, cause="price", description="Too dear", amount=amount
            )
            self.told("/ask", "in figures", description="No money", amount=amount)
            for page in (f"/pay?amount={amount}", f"{self.plan_path}?choice=part&amount={amount}"):
                self.assertIn("in figures", self.url_open(self.root + page).text, page)
        self.assertEqual(self.written(), before)

    def test_an_amount_is_read_as_people_write_it(self):
        for number, amount in enumerate(("12,50", "12.5", " 12,50 \u20ac", "012,50")):
            bill = self.late_invoice(100 + number)
            data = {"items": self.item(bill).id, "cause": "price", "description": "Too dear"}
            self.post(f"{self.root}/dispute", **data, amount=amount)
            self.assertEqual(self.env["recovery.dispute"].search([], limit=1, order="id desc").amount, 12.5)

    # -- what an account says --------------------------------------------------------------

    def test_a_debtor_who_owes_only_costs_or_has_money_left_is_told(self):
        self.running.action_cancel()
        for move in (self.bill, self.other, *self.running.item_ids.move_id):
            self.receive(self.item(move), self.item(move).amount_residual, self.today)
        self.assertIn("Nothing is open", self.url_open(self.root).text)
        entry = self.receive(self.item(self.late_invoice(50)), 50, self.today)
        entry.line_ids.remove_move_reconcile()
        self.receive(self.item(self.late_invoice(80)), 80, self.today)
        self.env.invalidate_all()
        self.env["account.move"].search([("amount_total", "=", 50), ("state", "=", "posted")]).filtered(
            "invoice_date"
        ).button_draft()
        page = self.url_open(self.root).text
        self.assertNotIn("Nothing is open", page)
        self.assertIn("not yet set against", page)

    def test_a_language_that_was_put_away_since_is_not_spoken(self):
        """Odoo keeps a language that people have, yet an import or an uninstalled addon may leave one behind."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_lang SET active = FALSE WHERE code = 'fr_FR'")
        self.env.registry.clear_cache("stable")
        self.addCleanup(self.env.registry.clear_cache, "stable")
        self.assertEqual(self.debtor._recovery_lang(self.company), "en_US")
        self.assertEqual(self.url_open(self.root).status_code, 200)
