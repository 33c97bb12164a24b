"""The link a debtor opens its file by: who has it sees what the debtor owes one creditor, for a while, and no more.

A link is drawn by chance, so that nothing can be read from it or counted with it, and kept, so that it can end: by
itself, with the plan it is about, or by hand. Mails carry it whole, text messages too, letters as a short address with
a code and as a QR code.
"""

import base64
import secrets
from datetime import timedelta

from odoo import api, fields, models

from ..common.qr_code import qr_png
from ..plan.plan import SIGNED_STATES

#: Letters and digits that are not taken for each other when read from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Thirty to the power of sixteen: 78 bits.
CODE_LENGTH = 16
#: What is read of a link to open it.
LINK_FIELDS = ("code", "company_id", "date_expires", "partner_id", "plan_id", "revoked_at")
#: A printed code comes in groups of four.
GROUP = 4


class RecoveryPortalLink(models.Model):
    """A debtor's way to its file with one creditor, or to one plan, without an account on the portal."""

    _name = "recovery.portal.link"
    _description = "Link to the Portal"
    _inherit = ["recovery.guarded.fields"]
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="cascade",
        protected=True,
        help="Whose file the link opens.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, protected=True, help="The creditor whose file it is."
    )
    plan_id = fields.Many2one(
        "recovery.plan",
        index="btree_not_null",
        ondelete="cascade",
        protected=True,
        check_company=True,
        help="The only plan that the link opens; empty when it opens the account with the creditor.",
    )
    # Nobody reads it: whoever has the code acts as the debtor. The office gets whole addresses to pass on.
    code = fields.Char(
        required=True,
        copy=False,
        protected=True,
        groups="base.group_system",
        default=lambda self: self._new_code(),
        help="What the address of the link ends with.",
    )
    date_expires = fields.Date(
        string="Open until", required=True, protected=True, help="Last day on which the link opens anything."
    )
    revoked_at = fields.Datetime(
        string="Ended", readonly=True, copy=False, protected=True, help="When it was ended before its day."
    )
    revoked_by_id = fields.Many2one("res.users", string="Ended by", readonly=True, copy=False, protected=True)

    _code_unique = models.Constraint("UNIQUE(code)", "Each link has a code of its own.")

    @api.model
    def _new_code(self):
        return "".join(secrets.choice(ALPHABET) for _position in range(CODE_LENGTH))

    # -- making ----------------------------------------------------------------------------

    @api.model
    def _to(self, company, debtor, plan=None):
        """Return the link of a message of ``company``: to the account of ``debtor`` with it, or to ``plan`` only.

        One that ends soon is replaced, so that what a message carries stays open for half a link's life at least; the
        former one stays open until its day. Debtors, or plans, that were read together get theirs together.
        """
        carried = self._carried(company, debtor, plan)
        if carried:
            return carried
        wanted = self._read_together(company, debtor, plan)
        self.create(
            [self._new_values(company, *each) for each in wanted if not self._carried(company, *each)]
        )
        return self._carried(company, debtor, plan)

    @api.model
    def _read_together(self, company, debtor, plan):
        """Return what is written to with ``debtor`` or ``plan``, most likely: [(debtor, plan or None)]."""
        if plan:
            plans = plan.browse(plan._prefetch_ids).exists()
            offered = plans.filtered(
                lambda one: one.company_id == company and one.state in ("proposed", *SIGNED_STATES)
            )
            return [(one.partner_id, one) for one in offered | plan]
        debtors = debtor.browse(debtor._prefetch_ids).exists()
        allowed = debtors.filtered(
            lambda one: one == one.commercial_partner_id and one._recovery_portal_allowed(company)
        )
        return [(one, None) for one in allowed | debtor]

    @api.model
    def _carried(self, company, debtor, plan):
        """Return the link that stays open longest, if it does long enough to be carried; else an empty one."""
        earliest = company._recovery_today() + timedelta(days=max(company.recovery_portal_link_days, 1) // 2)
        links = debtor.recovery_portal_link_ids.filtered(
            lambda link: (
                (link.company_id, link.plan_id) == (company, plan or link.plan_id.browse())
                and not link.revoked_at
                and link.date_expires >= earliest
            )
        )
        return links.sorted("date_expires")[-1:]

    @api.model
    def _new_values(self, company, debtor, plan):
        days = max(company.recovery_portal_link_days, 1)
        return {
            "partner_id": debtor.id,
            "company_id": company.id,
            "plan_id": plan.id if plan else False,
            "date_expires": company._recovery_today() + timedelta(days=days),
        }

    # -- opening ---------------------------------------------------------------------------

    @api.model
    def _typed(self, text):
        """Return what somebody typed from a letter as a code is written: capitals, nothing between them."""
        return "".join(character for character in (text or "").upper() if character in ALPHABET)

    @api.model
    def _opened_by(self, code):
        """Return the link of ``code`` if it opens anything today, by sudo; else an empty one.

        Wrong, expired and revoked codes look alike to whoever asks.
        """
        # sudo: the code itself is the right to see the file
        links = self.sudo()
        if len(code or "") != CODE_LENGTH or self._typed(code) != code:
            return links
        link = links.search_fetch([("code", "=", code)], LINK_FIELDS, limit=1)
        if not link:
            return links
        self.env["recovery.portal.page"]._fetch_parties(link.partner_id, link.company_id)
        return link if link._is_open() else links

    def _is_open(self):
        """Whether the link opens anything today; not that of a debtor which owes as a contact of another by now.

        Its file went along: the link opens nothing of the other's, and does not say that nothing is owed.
        """
        ended = self.revoked_at or self.date_expires < self.company_id._recovery_today()
        debtor = self.partner_id
        is_debtor = debtor == debtor.commercial_partner_id
        return not ended and is_debtor and debtor._recovery_portal_allowed(self.company_id)

    # -- ending ----------------------------------------------------------------------------

    def action_revoke(self):
        """End the links now: the next message carries others."""
        self.check_access("read")
        self.env["recovery.hold"].check_access("write")  # whoever may chase a debtor may end its links
        self._revoke()

    def _revoke(self):
        # sudo: links are written by the portal only; who may end them was checked, or a plan has ended
        self.sudo().filtered(lambda link: not link.revoked_at).write(
            {"revoked_at": fields.Datetime.now(), "revoked_by_id": self.env.uid}
        )

    # -- showing ---------------------------------------------------------------------------

    def _url(self):
        """Return the whole address, for mails, text messages and QR codes."""
        return f"{self.company_id.get_base_url()}{self._path()}"

    def _path(self):
        return f"/r/{self.sudo().code}"  # sudo: the address is passed on to the debtor

    def _short_address(self):
        """Return the address to type from paper; the code follows on the page."""
        return f"{self.company_id.get_base_url().partition('://')[2]}/r"

    def _printed_code(self):
        """Return the code in groups of four."""
        code = self.sudo().code  # sudo: printed on the debtor's own letter
        return "-".join(code[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))

    def _qr_code(self):
        """Return the address as a QR code, a data URI."""
        return "data:image/png;base64," + base64.b64encode(qr_png(self._url(), "M", 2)).decode()

    @api.autovacuum
    def _gc_ended(self):
        """Forget links that have been over for a year."""
        self.sudo().search(
            [("date_expires", "<", fields.Date.subtract(fields.Date.today(), years=1))], limit=10_000
        ).unlink()
