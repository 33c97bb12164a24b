"""Signatures of agreements: what each party was shown, how it was known, and what it did, kept as evidence.

The document is printed once and kept; its fingerprint is of the very file that was shown. The words that would be
printed now are compared with it before anything is signed, so that nobody signs what has changed meanwhile.
"""

import base64
import hashlib
import io
import secrets
from datetime import timedelta

from lxml import html
from markupsafe import escape
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, hmac
from PIL import Image

from ...tools.mention import same_words, typed_amount
from ..message.amount_words import amount_in_words

AGREEMENT = "payment_plan_recovery.report_agreement"
#: How long a document that was shown may be signed, and how long a code is good.
SHOWN_FOR = timedelta(hours=2)
CODE_FOR = timedelta(minutes=15)
#: What a drawn or typed signature is, and how long it may be in base64.
PICTURES = ("PNG", "JPEG")
MOST_PICTURE = 2 * 1024 * 1024
#: Dots of the largest signature: a small file may hold a picture that no machine prints.
MOST_DOTS = 10_000_000
#: The brightest grey: a sheet that nobody wrote on.
WHITE = 255
#: Fields of a contact to which a one-time code goes.
ADDRESSES = ("email", "phone")
#: Characters of an address that show when it is masked.
SHOWN_CHARACTERS = 2


class RecoverySignature(models.Model):
    """One party's signature of a plan's agreement, or its attempt."""

    _name = "recovery.signature"
    _description = "Signature"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "id desc"
    _rec_name = "name"

    plan_id = fields.Many2one("recovery.plan", required=True, index=True, ondelete="restrict", protected=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="plan_id.partner_id")
    party = fields.Selection(
        [("debtor", "The debtor"), ("creditor", "The creditor")], required=True, protected=True
    )
    state = fields.Selection(
        [("shown", "Shown"), ("confirmed", "Consent given"), ("signed", "Signed")],
        default="shown",
        required=True,
        protected=True,
    )
    name = fields.Char(string="Signatory", protected=True, help="Who signed, as typed by that person.")
    capacity = fields.Char(protected=True, help="In what capacity: manager, the debtor itself …")
    signature = fields.Binary(attachment=True, protected=True, help="The signature as it was drawn or typed.")
    document_id = fields.Many2one(
        "ir.attachment", string="Document shown", protected=True, ondelete="restrict", help="The very file."
    )
    document_sha256 = fields.Char(
        string="SHA-256", protected=True, help="Fingerprint of the file that was shown."
    )
    words_sha256 = fields.Char(
        protected=True, help="Fingerprint of the words of the document, to see whether they have changed."
    )
    shown_at = fields.Datetime(protected=True, help="When the document was shown.")
    code_hash = fields.Char(protected=True, groups="base.group_system")
    code_address = fields.Char(
        string="Code sent to", protected=True, help="Address known before, to which the one-time code went."
    )
    code_sent_at = fields.Datetime(string="Code sent", protected=True)
    confirmed_at = fields.Datetime(
        string="Consent given", protected=True, help="When the code was typed and the consent given."
    )
    consent = fields.Text(protected=True, help="What the signatory agreed to, in the words shown.")
    mention = fields.Text(
        string="Sum by hand", protected=True, help="The sum in figures and words, as typed (C. civ. 1376)."
    )
    signed_at = fields.Datetime(string="Signed", protected=True)
    ip_address = fields.Char(string="Network address", protected=True)
    user_agent = fields.Char(string="Browser", protected=True)
    user_id = fields.Many2one("res.users", string="Login", protected=True, help="Whose login it was.")
    link_id = fields.Many2one(
        "recovery.portal.link", protected=True, ondelete="set null", help="The link it came in by."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_unsigned(self):
        if self.filtered(lambda one: one.state == "signed"):
            raise UserError(self.env._("A signature is evidence and is not deleted."))

    # -- showing ---------------------------------------------------------------------------

    @api.model
    def _show(self, plan, party, trace):
        """Print the agreement of ``plan`` and keep it as it is shown now.

        :param trace: how the signatory came in: ip_address, user_agent, user_id, link_id
        """
        printer = self.env["ir.actions.report"].with_company(plan.company_id)
        pdf = printer.with_context(lang=plan._language())._recovery_print(AGREEMENT, plan)[plan]
        signature = self.create(
            {
                "plan_id": plan.id,
                "party": party,
                "document_sha256": hashlib.sha256(pdf).hexdigest(),
                "words_sha256": self._words_of(plan),
                "shown_at": fields.Datetime.now(),
                **trace,
            }
        )
        signature.document_id = signature._keep(pdf, plan.name)
        return signature

    def _keep(self, pdf, name):
        """Keep a file of the signature."""
        return self.env["ir.attachment"].create(
            {
                "name": f"{name}.pdf".replace("/", "-"),
                "raw": pdf,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    @api.model
    def _words_of(self, plan):
        """Return the fingerprint of what the agreement says now, in words and figures, whatever link it carries."""
        printer = self.env["ir.actions.report"].with_company(plan.company_id)
        printer = printer.with_context(recovery_without_link=True)
        page, _kind = printer._render_qweb_html(AGREEMENT, plan.ids)
        words = " ".join(html.fromstring(page).text_content().split())
        return hashlib.sha256(words.encode()).hexdigest()

    def _is_current(self):
        """Whether the document may still be signed as it was shown."""
        return self.state != "signed" and self.shown_at > fields.Datetime.now() - SHOWN_FOR

    # -- one-time code ---------------------------------------------------------------------

    def _addresses(self):
        """Return where a one-time code may go: {key: (contact, channel, masked address)}, all known before."""
        found = {}
        contacts = self.plan_id.partner_id._recovery_addressees()
        changed = self._changed_since_offer(contacts)
        for contact in contacts:
            if contact.email_normalized and (contact.id, "email") not in changed:
                found[f"email-{contact.id}"] = (contact, "email", _masked_mail(contact.email_normalized))
            number = contact._recovery_text_number(self.company_id)
            if number and (contact.id, "phone") not in changed:
                found[f"sms-{contact.id}"] = (contact, "sms", f"{number[:4]}…{number[-SHOWN_CHARACTERS:]}")
        return found

    def _changed_since_offer(self, contacts):
        """Return {(contact id, field)}: the addresses that are others than when the offer was made, as tracked."""
        offered = self.plan_id.proposed_at
        if not offered:  # before that was noted
            return set()
        offered += timedelta(seconds=1)  # noted without fractions of a second
        values = self.env["mail.tracking.value"].search(
            [
                ("mail_message_id.model", "=", "res.partner"),
                ("mail_message_id.res_id", "in", contacts.ids),
                ("field_id.name", "in", (*ADDRESSES, "parent_id")),
                ("create_date", ">", offered),
            ]
        )
        changed = {(value.mail_message_id.res_id, value.field_id.name) for value in values}
        others = contacts.filtered(
            lambda contact: contact.create_date > offered or (contact.id, "parent_id") in changed
        )
        return changed | {(contact.id, name) for contact in others for name in ADDRESSES}

    def _send_code(self, key):
        """Send a new one-time code to the address of ``key``.

        :raise UserError: an address that is not one of the debtor's, or too many codes within the hour
        """
        addresses = self._addresses()
        if key not in addresses:
            raise UserError(self.env._("Choose one of the addresses we know."))
        self.env["recovery.portal.attempt"]._spend("code_sent", self.plan_id)
        contact, channel, masked = addresses[key]
        code = f"{secrets.randbelow(10**6):06}"
        self.write(
            {
                "code_hash": self._hash(code),
                "code_address": masked,
                "code_sent_at": fields.Datetime.now(),
            }
        )
        words = self.env._(
            "Your code to sign agreement %(plan)s with %(company)s: %(code)s. It is good for 15 minutes.",
            plan=self.plan_id.name,
            company=self.company_id.name,
            code=code,
        )
        self._deliver_code(contact, channel, words)

    def _deliver_code(self, contact, channel, words):
        if channel == "sms":
            number = contact._recovery_text_number(self.company_id)
            self.env["sms.sms"].create({"number": number, "partner_id": contact.id, "body": words})
            self.env.ref("sms.ir_cron_sms_scheduler_action")._trigger()
            return
        self.env["mail.mail"].create(
            {
                "subject": self.env._("Your code to sign %s", self.plan_id.name),
                "body_html": escape(words),
                "email_from": self.company_id.email_formatted or self.env.user.email_formatted,
                "auto_delete": True,
                **contact._recovery_mail_to(),
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _hash(self, code):
        return hmac(self.env(su=True), "recovery-signature", (self.id, code))

    def _check_code(self, code):
        """Refuse a code that is wrong or too old; only so many are tried within the hour."""
        self.env["recovery.portal.attempt"]._spend("code_tried", self.plan_id)
        is_late = not self.code_sent_at or self.code_sent_at < fields.Datetime.now() - CODE_FOR
        typed = "".join(character for character in code or "" if character.isdigit())
        return not is_late and bool(self.code_hash) and consteq(self.code_hash, self._hash(typed))

    # -- consent ---------------------------------------------------------------------------

    def _asks_for_mention(self):
        """Whether the signatory types the sum: a natural person's acknowledgment needs it (C. civ. 1376)."""
        return not self.plan_id.partner_id.is_company

    def _asked_words(self):
        """Return the sum in words, in the language of the agreement."""
        plan = self.plan_id.with_context(lang=self.plan_id._language())
        return amount_in_words(plan.amount_total, plan.currency_id)

    def _confirm(self, name, capacity, figures="", words=""):
        """Take the consent of who typed the code.

        :raise UserError: the sum in figures or words is not that of the agreement, or no name
        """
        if not (name or "").strip():
            raise UserError(self.env._("Write your name."))
        plan = self.plan_id
        if self._asks_for_mention():
            typed = typed_amount(figures)
            if typed is None or plan.currency_id.compare_amounts(float(typed), plan.amount_total):
                raise UserError(self.env._("The sum in figures is not that of the agreement."))
            if not same_words(words, self._asked_words()):
                raise UserError(self.env._("The sum in words is not that of the agreement."))
        self.write(
            {
                "state": "confirmed",
                "code_hash": False,  # it was typed: it is good for one consent
                "name": name.strip(),
                "capacity": (capacity or "").strip(),
                "mention": f"{figures} ({words})" if self._asks_for_mention() else False,
                "consent": self._consent_words(),
                "confirmed_at": fields.Datetime.now(),
            }
        )

    def _consent_words(self):
        return self.env._(
            "I have read the agreement of which this is the fingerprint (SHA-256 %s), I agree to it and sign it "
            "electronically, with the same effect as by hand.",
            self.document_sha256,
        )

    # -- signing ---------------------------------------------------------------------------

    def _sign(self, image):
        """Sign what was shown.

        :param image: the signature as it was drawn or typed, a picture in base64
        :raise UserError: no consent yet, no picture, the offer is no longer open, or it says something else by now
        """
        if self.state != "confirmed":
            raise UserError(self.env._("Type the code and give your consent first."))
        if not _is_picture(image):
            raise UserError(self.env._("Draw or type your signature."))
        self._check_unchanged()  # last: it prints the agreement, for nobody who has not come that far
        self.write(
            {
                "state": "signed",
                "signature": image,
                "signed_at": fields.Datetime.now(),
            }
        )

    def _check_unchanged(self):
        """Refuse what is no longer what was shown."""
        is_open = self.plan_id.state == ("proposed" if self.party == "debtor" else "accepted")
        if not is_open or not self._is_current() or self.words_sha256 != self._words_of(self.plan_id):
            raise UserError(
                self.env._("The agreement has changed since it was shown. Read it again, then sign.")
            )


def _is_picture(image):
    """Whether a browser's signature is the picture that it draws, no larger than one, and not an empty sheet."""
    if not isinstance(image, str) or len(image) > MOST_PICTURE:
        return False
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(image, validate=True)), formats=PICTURES)
        if picture.width * picture.height > MOST_DOTS:
            return False
        inked = picture.convert("RGBA")
    except (ValueError, OSError, SyntaxError, Image.DecompressionBombError):
        return False
    paper = Image.new("RGBA", inked.size, "white")
    darkest, _lightest = Image.alpha_composite(paper, inked).convert("L").getextrema()
    return darkest < WHITE


def _masked_mail(address):
    name, _at, domain = address.partition("@")
    return f"{name[:SHOWN_CHARACTERS]}…@{domain}"
