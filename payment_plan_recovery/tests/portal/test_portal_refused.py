"""A form that is refused comes back as it was sent: nobody types a long letter twice."""

from lxml import html
from odoo.tests import tagged

from .portal_common import PortalCommon

LETTER = 'Our buyer left; "he" signed <nothing>.'


@tagged("post_install", "-at_install")
class TestPortalRefused(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill, cls.other = cls.late_invoice(600), cls.late_invoice(90)

    def setUp(self):
        super().setUp()
        self.login()
        self.root = self.link()._path()

    def refused(self, path, **data):
        """Send a form that is refused; return the page that answers."""
        answer = self.post(self.root + path, **data)
        page = html.fromstring(answer.text)
        self.assertTrue(
            page.xpath("//div[@role='alert'][contains(@class, 'alert-warning')]"), answer.text[:500]
        )
        return page

    def page(self, path):
        return html.fromstring(self.url_open(self.root + path).text)

    def assert_typed(self, answer, path, /, **data):
        """Assert that the form which is sent to ``path`` is filled with ``data``."""
        [form] = answer.xpath(f"//form[contains(@action, '{path}')]")
        self.assertEqual({name: form.fields[name] or "" for name in data}, data)
        return form

    def test_asking_for_a_plan(self):
        said = {"description": LETTER, "amount": "-3", "date": "2030-01-31"}
        self.assert_typed(self.refused("/ask", **said), "/ask", **said)

    def test_a_dispute(self):
        said = {"description": LETTER, "amount": "x", "cause": "quantity"}
        items = {self.item(move).id for move in (self.bill, self.other)}
        form = self.assert_typed(self.refused("/dispute", items=list(items), **said), "/dispute", **said)
        ticked = form.xpath(".//input[@name='items'][@checked]/@value")
        self.assertEqual(set(map(int, ticked)), items)
        self.assertIn("Choose your files again", form.text_content())

    def test_a_dispute_from_a_later_page_of_the_list(self):
        self.invoices([(10, self.bill.invoice_date_due, {})] * 90)
        [form] = self.page("/dispute/page/2").xpath("//form[contains(@action, '/dispute')]")
        item = form.xpath(".//input[@name='items']/@value")[0]
        said = {"description": LETTER, "amount": "x", "page": form.fields["page"], "cause": "price"}
        form = self.assert_typed(self.refused("/dispute", items=item, **said), "/dispute", **said)
        self.assertEqual(form.xpath(".//input[@name='items'][@checked]/@value"), [item])

    def test_a_letter(self):
        page = self.refused("/write", body=LETTER + "x" * 10_000)
        self.assert_typed(page, "/write", body=LETTER + "x" * 10_000)
        self.assertTrue(page.xpath("//details[@open]"))

    def test_an_answer_in_an_exchange(self):
        self.post(f"{self.root}/write", body="Good day")
        asked = self.env["recovery.request"].search([])
        path = f"/requests/{asked.id}"
        self.assert_typed(self.refused(path, body=LETTER + "x" * 10_000), path, body=LETTER + "x" * 10_000)

    def test_a_promise(self):
        self.assert_typed(self.refused("/promise", date="1999-12-31"), "/promise", date="1999-12-31")

    def test_contact_data(self):
        self.debtor.city = "Lyon"
        page = self.refused("/data", new_city="Lyon", new_street="x" * 11_000)
        self.assert_typed(page, "/data", new_city="Lyon", new_street="x" * 11_000)

    def test_refusing_an_offer(self):
        plan = self.plan(self.bill)
        plan.action_propose()
        page = self.refused(f"/plans/{plan.id}/refuse", reason="x" * 11_000)
        self.assert_typed(page, "/refuse", reason="x" * 11_000)

    def test_no_form_is_filled_before(self):
        form = self.assert_typed(self.page("/dispute"), "/dispute", description="", amount="")
        self.assertNotIn("Choose your files again", form.text_content())
        self.assert_typed(self.page("/ask"), "/ask", description="", amount="", date="")
        self.assert_typed(self.page(""), "/write", body="")
        plan = self.plan(self.bill)
        plan.action_propose()
        self.assert_typed(self.page(f"/plans/{plan.id}"), "/refuse", reason="")
