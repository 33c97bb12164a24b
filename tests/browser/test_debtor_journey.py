"""A debtor's way from the link in a mail to a plan it chose, signed and began to pay, and a dispute that is answered.

The mails go through a real SMTP server on loopback; the payment is taken by Odoo's simulated provider.
"""

import io
import re
import sys
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent))

from aiosmtpd.controller import Controller
from driver import Visitor
from odoo.addons.payment_plan_recovery.tests.portal.portal_common import PortalCommon
from odoo.tests import tagged
from PIL import Image

from dev.session import free_port

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


class Letterbox:
    """What the mail server took: {address: [mails]}."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def last(self, pattern):
        """Return what ``pattern`` finds in the last mail that has it."""
        for mail in reversed(self.mails):
            body = mail.get_body(("html", "plain")).get_content()
            found = re.search(pattern, body)
            if found:
                return found.group(1)
        raise AssertionError(f"no mail has {pattern}: {[mail['Subject'] for mail in self.mails]}")


@tagged("post_install", "-at_install")
class TestDebtorJourney(PortalCommon):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", True)
        self.debtor.write({"lang": "fr_FR", "phone": False})
        self.company.write(
            {
                "country_id": self.env.ref("base.fr").id,
                "email": "creditor@example.com",
                "recovery_portal_plans": True,
                "recovery_portal_signatory_id": self.env.user.id,
                "recovery_confirm_promises": True,
            }
        )
        self.today = self.company._recovery_today()  # a French day begins at another hour
        self.env.user.email = "collector@example.com"
        self.company.partner_id.lang = "fr_FR"
        provider = self.env.ref("payment.payment_provider_demo").sudo().copy({"company_id": self.company.id})
        journal = self.company_data["default_journal_bank"]
        provider.write({"state": "test", "is_published": True, "journal_id": journal.id})
        self.first, self.second = self.late_invoice(600, 40), self.late_invoice(300, 20)
        self.coming = self.invoice(120, self.today.replace(year=self.today.year + 1))
        self.letterbox = self.mail_server()

    def mail_server(self):
        """A mail server that takes what is sent, in place of none: Odoo sends nothing in tests by itself."""
        letterbox, port = Letterbox(), free_port()
        controller = Controller(letterbox, hostname="127.0.0.1", port=port)
        controller.start()
        self.addCleanup(controller.stop)
        servers = self.env["ir.mail_server"].sudo()
        servers.create({"name": "Loopback", "smtp_host": "127.0.0.1", "smtp_port": port})
        self.patch(type(servers), "_disable_send", lambda _self: False)
        return letterbox

    def send_mails(self):
        """What the mail queue's job does."""
        self.env.invalidate_all()
        mails = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
        mails.send()
        failed = mails.exists().filtered(lambda mail: mail.state == "exception")
        self.assertFalse(failed, failed.mapped("failure_reason"))

    def test_from_the_mail_to_a_plan_that_is_paid_and_a_dispute_that_is_answered(self):
        self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": 300,
                "date_promised": self.today,
                "move_line_ids": self.item(self.second).ids,
            }
        )
        self.send_mails()
        link = self.letterbox.last(r'href="([^"]*/r/[A-Z0-9]{16})"')
        with Visitor.of(self) as visitor:
            self.account(visitor, link)
            plan = self.choose(visitor)
            self.sign(visitor, plan)
            self.pay_first(visitor, plan)
            self.raise_dispute(visitor, link)

    def account(self, visitor, link):
        """The link of the mail opens the account, and asks for a plan."""
        visitor.open(self.base_url() + "/r/" + link.rpartition("/r/")[2])
        visitor.sees("#claims")
        visitor.rest()
        self.assertIn(self.first.name, visitor.text())
        visitor.picture("account")
        visitor.click("#acts a[href$='/ask']")
        visitor.type("#description", "Un gros client a fermé, la trésorerie manque.")
        visitor.type("#amount", "250")
        visitor.type("#date", self.today)
        visitor.picture("ask")
        visitor.click("form[action$='/ask'] button")

    def choose(self, visitor):
        """Ways to pay within policy stand side by side; one becomes an offer."""
        visitor.sees("#choose form button")
        visitor.picture("choose")
        visitor.click("#choose form button")
        visitor.sees("#offer")
        visitor.picture("offer")
        visitor.rest()
        plan = self.env["recovery.plan"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(plan.state, "proposed")
        return plan

    def sign(self, visitor, plan):
        """The code comes by mail; the signature is drawn from the name; both have signed."""
        visitor.click("#offer form[action$='/sign'] button")
        visitor.click("form[action$='/sign/code'] button")
        visitor.sees("#one_time_code")
        visitor.rest()
        self.send_mails()
        visitor.type("#one_time_code", self.letterbox.last(r"(\d{6})\. "))
        visitor.type("#name", "Anne Martin")
        visitor.type("#capacity", "Gérante")
        visitor.click("#consent")
        visitor.picture("sign")
        visitor.click("form[action$='/sign/confirm'] button")
        visitor.sees(".o_portal_sign_submit:not([disabled])")
        visitor.picture("signature")
        self.draw(visitor)
        visitor.click_until(".o_portal_sign_submit:not([disabled])", "a[href$='/signed']")
        visitor.rest()
        self.assertEqual((plan.state, plan.signed_by), ("active", "Anne Martin, Gérante"))
        self.send_mails()
        self.assertTrue(self.letterbox.last(f"({plan.name})"))
        [file] = [part for mail in self.letterbox.mails for part in mail.iter_attachments()][:1]
        self.assertEqual(file.get_content_type(), "application/pdf")

    def draw(self, visitor):
        """Nothing is signed with an empty sheet; what a finger draws is kept, also on a pad that was turned."""
        visitor.click(".o_web_sign_draw_button")
        visitor.sees(".o_portal_sign_submit[disabled]")
        visitor.turned(844, 390)
        visitor.draw("canvas.o_web_sign_signature")
        visitor.sees(".o_portal_sign_submit:not([disabled])")
        drawn = visitor.inked("canvas.o_web_sign_signature")
        self.assertAlmostEqual(drawn, 0.75, delta=0.1, msg="nothing is cut at the old width")
        visitor.turned(390, 844)
        visitor.sees(".o_portal_sign_submit[disabled]")
        visitor.draw("canvas.o_web_sign_signature")
        visitor.click(".o_web_sign_draw_clear a")
        visitor.sees(".o_portal_sign_submit[disabled]")
        visitor.draw("canvas.o_web_sign_signature")
        self.assertIn("Accepter", visitor.text(".o_portal_sign_submit"))

    def pay_first(self, visitor, plan):
        """The first instalment is paid with the simulated provider, and the plan follows."""
        visitor.click("#pay a[href*='choice=next']")
        visitor.sees("#o_payment_form, form[name='o_payment_form'], .o_payment_form")
        visitor.click("input[name='o_payment_radio']")
        visitor.sees("button[name='o_payment_submit_button']:not([disabled])")
        visitor.picture("pay")
        visitor.click("button[name='o_payment_submit_button']")
        visitor.sees("tr .text-bg-success")
        visitor.rest()
        first = plan.instalment_ids.sorted("number")[0]
        self.assertEqual(plan.amount_paid, first.amount)
        visitor.picture("plan")

    def papers(self):
        """Two files on the debtor's own machine."""
        folder = Path(self.enterContext(TemporaryDirectory()))
        picture = io.BytesIO()
        Image.new("RGB", (600, 400), "wheat").save(picture, "PNG")
        for name, content in (("bon de livraison.pdf", PDF), ("photo.png", picture.getvalue())):
            (folder / name).write_bytes(content)
            yield folder / name

    def raise_dispute(self, visitor, link):
        """What is in no plan is disputed, answered by the collector, and read by the debtor."""
        visitor.open(self.base_url() + "/r/" + link.rpartition("/r/")[2])
        visitor.click("#acts a[href$='/dispute']")
        visitor.sees("#cause")
        visitor.rest()
        visitor.click(f"#item_{self.item(self.coming).id}")
        visitor.type("#cause", "goods")
        visitor.type("#description", "La farine livrée était humide.")
        visitor.choose("#files", *self.papers())
        visitor.picture("dispute_form")
        visitor.click_twice("form[action$='/dispute'] button")
        visitor.sees("#body")
        visitor.rest()
        self.assertIn("bon de livraison.pdf", visitor.text())
        self.assertIn("photo.png", visitor.text())
        dispute = self.env["recovery.dispute"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(dispute.hold_id.kind, "dispute")
        dispute.message_post(
            body="Nous regardons avec le transporteur.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        dispute.answer = "Vous avez raison : un avoir de 120 euros est établi."
        dispute.action_accept()
        self.env.flush_all()
        visitor.open(visitor.address())
        visitor.sees("#rating")
        self.assertIn("un avoir de 120 euros", visitor.text())
        self.assertIn("transporteur", visitor.text())
        visitor.picture("dispute")
        visitor.rest()
        told = self.env["recovery.contact"].search(
            [("partner_id", "=", self.debtor.id), ("is_incoming", "=", True)]
        )
        self.assertGreaterEqual(len(told), 2, "the collector's side shows what the debtor did")
