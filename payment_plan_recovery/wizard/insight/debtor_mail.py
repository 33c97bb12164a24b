"""A mail that a person writes to a debtor: filled with what is known, kept among the debtor's interactions."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime
from odoo.tools.mail import is_html_empty

from ...tools.deadline import deadline

#: Late invoices up to which they are proposed to go with the mail.
ATTACHED = 10
#: Days to pay that words ask for which are of no level.
DAYS_TO_PAY = 8


class RecoveryDebtorMail(models.TransientModel):
    """Whom it goes to, in which words, with which invoices; whether one may write today is seen before."""

    _name = "recovery.debtor.mail"
    _description = "Mail to a Debtor"
    _inherit = "recovery.dialog"
    _about = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    answers_id = fields.Many2one(
        "recovery.contact", readonly=True, help="Mail whose reply this one answers: it is read then."
    )
    addressee_ids = fields.Many2many("res.partner", compute="_compute_addressee_ids")
    contact_id = fields.Many2one(
        "res.partner",
        string="To",
        compute="_compute_contact_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('id', 'in', addressee_ids)]",
        help="A contact of the debtor; who represents it alone, where somebody does.",
    )
    message_ids = fields.Many2many(
        "recovery.message", string="Messages to choose from", compute="_compute_message_ids"
    )
    message_id = fields.Many2one(
        "recovery.message",
        compute="_compute_message_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('id', 'in', message_ids)]",
        help="Plain ones, or those of the level reached, filled with what is owed. Choose before you write: they take "
        "the place of what stands below.",
    )
    subject = fields.Char(
        compute="_compute_words",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="In the debtor's language.",
    )
    body = fields.Html(
        string="Text",
        compute="_compute_words",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Your bank account, your telephone and the debtor's link to its account stand below it by themselves.",
    )
    open_invoice_ids = fields.Many2many("account.move", compute="_compute_open_invoice_ids")
    invoice_ids = fields.Many2many(
        "account.move",
        "recovery_debtor_mail_invoice_rel",
        string="With the invoices",
        compute="_compute_invoice_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('id', 'in', open_invoice_ids)]",
        help="Their PDFs go with the mail. A reply holds these until it is read, and without any all that is owed.",
    )
    is_asked = fields.Boolean(
        string="The debtor expects this mail",
        compute="_compute_is_asked",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="It answers the debtor, or was announced: it goes though the contact budget is used up, and counts for "
        "what follows.",
    )
    obstacle = fields.Char(
        compute="_compute_obstacle", help="Why no mail may go to this address or to this debtor."
    )
    date_allowed = fields.Date(
        compute="_compute_date_allowed", help="When the contact budget lets one more mail go, if not today."
    )
    goes_at = fields.Char(
        string="Goes from", compute="_compute_goes_at", help="When quiet hours end, if it is quiet now."
    )
    is_held = fields.Boolean(
        related="partner_id.recovery_on_hold", help="The debtor or some of its invoices are on hold."
    )

    # What is known -------------------------------------------------------------------------------

    def _debtor(self):
        return self.partner_id.commercial_partner_id.with_company(self.company_id)

    def _claims(self):
        """Return (everything open, what of it is late, what is to be asked for) of the debtor, with the creditor.

        Asked for is what is late, or everything where nothing is, but for what is disputed, promised or let go.
        """
        claims = self.env["recovery.claim"].search(
            [
                ("partner_id", "=", self._debtor().id),
                ("company_id", "in", self.company_id._recovery_branch_ids()),
            ]
        )
        today = self.company_id._recovery_today()
        held = self._holds(today).filtered(lambda hold: not hold.amount).move_line_ids
        chased = claims - claims._wholly_let_go(today)
        late = chased.filtered(lambda claim: claim.date_due < today)
        return claims, late, (late or chased).filtered(lambda claim: claim.move_line_id not in held)

    def _holds(self, date):
        return self.env["recovery.hold"].with_company(self.company_id)._standing(date, self._debtor())

    def _content(self):
        """Return what is known of the debtor: what is asked for, else everything open; to be paid on a working day.

        Of an item that is disputed in part the rest is asked for.
        """
        today = self.company_id._recovery_today()
        claims, _late, asked = self._claims()
        told = asked or claims
        content = self._debtor()._recovery_content(self.company_id, today, told)
        parts = {hold.move_line_ids: hold.amount for hold in self._holds(today) if hold.amount}
        for number, claim in enumerate(told.sorted("date_due")):
            if part := parts.get(not claim.instalment_id and claim.move_line_id):
                whole = content.claims[number]
                rest = max(whole.currency.round(whole.residual - part), 0.0)
                content.claims[number] = replace(whole, residual=rest, disputed=min(part, whole.residual))
        days = self.message_id.level_id.payment_days or DAYS_TO_PAY
        closed = self.company_id._recovery_closed_days(today)
        return replace(content, deadline=deadline(today, days, closed=closed))

    @api.depends("partner_id")
    def _compute_addressee_ids(self):
        for mail in self:
            mail.addressee_ids = mail.partner_id._recovery_addressees()

    @api.depends("partner_id", "company_id")
    def _compute_contact_id(self):
        """The first whom a mail reaches."""
        contacts = self.env["recovery.contact"]
        for mail in self:
            people = mail.partner_id._recovery_addressees()
            reached = (one for one in people if not contacts._why_not_mailed(one, mail.company_id))
            mail.contact_id = next(reached, people[:1])

    @api.depends("partner_id", "company_id")
    def _compute_message_ids(self):
        """The plain words that fit the debtor, then those of the furthest level reached; a formal notice is no mail."""
        messages = self.env["recovery.message"]
        for mail in self:
            debtor, (_claims, late, _asked) = mail._debtor(), mail._claims()
            level = late.level_reached_id.sorted(lambda level: (level.sequence, level.id))[-1:]
            words = messages.search([("occasion", "=", "by_hand")])
            if level.letter_kind != "formal_notice":
                words |= level.message_ids
            mail.message_ids = words.filtered(lambda one, debtor=debtor: debtor.id in one._fitting(debtor))

    @api.depends("partner_id", "company_id", "answers_id")
    def _compute_message_id(self):
        """The plain words where something is to be asked for; an answer begins with nothing.

        Nobody asks who keeps a plan when the next instalments come: it was agreed.
        """
        for mail in self:
            _claims, late, asked = mail._claims()
            asks = (asked & late) or asked.filtered(lambda claim: not claim.instalment_id)
            mail.message_id = mail.message_ids._origin[:1] if asks and not mail.answers_id else False

    @api.depends("message_id")
    def _compute_words(self):
        for mail in self:
            message = mail.message_id._origin
            if message:
                content = mail._content()
                mail.subject, mail.body = (
                    message._render("subject", content),
                    message._render("body", content),
                )
            elif mail.answers_id and not mail.subject:
                mail.subject = f"Re: {mail.answers_id.outcome}"

    @api.depends("partner_id", "company_id")
    def _compute_open_invoice_ids(self):
        for mail in self:
            mail.open_invoice_ids = _invoices(mail._claims()[0])

    @api.depends("partner_id", "company_id", "answers_id")
    def _compute_invoice_ids(self):
        for mail in self:
            _claims, late, asked = mail._claims()
            invoices = _invoices(late & asked)
            mail.invoice_ids = invoices if not mail.answers_id and len(invoices) <= ATTACHED else False

    # Whether it may go -----------------------------------------------------------------------------

    @api.depends("answers_id")
    def _compute_is_asked(self):
        for mail in self:
            mail.is_asked = bool(mail.answers_id)

    @api.depends("contact_id", "company_id")
    def _compute_obstacle(self):
        contacts = self.env["recovery.contact"]
        for mail in self:
            mail.obstacle = (
                contacts._why_not_mailed(mail.contact_id, mail.company_id) if mail.contact_id else False
            )

    @api.depends("partner_id", "company_id")
    def _compute_date_allowed(self):
        contacts = self.env["recovery.contact"]
        for mail in self:
            day = contacts._mail_allowed_on(mail._debtor(), mail.company_id)
            mail.date_allowed = day if day > mail.company_id._recovery_today() else False

    @api.depends("contact_id", "company_id")
    def _compute_goes_at(self):
        contacts = self.env["recovery.contact"]
        for mail in self:
            moment = mail.contact_id and contacts._mail_goes_at(mail.contact_id, mail.company_id)
            mail.goes_at = moment and format_datetime(self.env, moment, dt_format="short")

    def action_send(self):
        """Send the mail, keep it among the debtor's interactions, and count it.

        :raise AccessError: the user may not note interactions
        :raise UserError: the contact, the debtor or the contact budget says no; nothing is written
        """
        self.ensure_one()
        contacts = self.env["recovery.contact"].with_company(self.company_id)
        contacts.check_access("create")
        self._require_written()
        self._require_allowed()
        contacts._mail_debtor(self.contact_id, self._content(), self.subject, self.body, self.invoice_ids)
        if self.answers_id:
            self.answers_id.action_read_reply()
        return {"type": "ir.actions.act_window_close"}

    def _require_written(self):
        """Refuse a mail without words, and what is not the debtor's.

        :raise UserError: subject or text is missing; the addressee or an invoice is another debtor's
        """
        if not (self.subject or "").strip() or is_html_empty(self.body):
            raise UserError(self.env._("Write a subject and a text first: an empty mail goes to nobody."))
        foreign = (
            self.contact_id not in self.partner_id._recovery_addressees()
            or self.invoice_ids - _invoices(self._claims()[0])
            or self.answers_id.partner_id not in (self._debtor(), self.env["res.partner"])
        )
        if foreign:
            raise UserError(
                self.env._(
                    "Choose one of %s's own contacts, and invoices that are open on its account.",
                    self.partner_id.display_name,
                )
            )

    def _require_allowed(self):
        """Refuse to write to whom no mail may go, or more often than the contact budget lets.

        :raise UserError: why, and what to do
        """
        if self.obstacle:
            raise UserError(self.obstacle)
        if self.date_allowed and not self.is_asked:
            raise UserError(
                self.env._(
                    "The contact budget is used up until %s. Wait, or say that the debtor expects this mail.",
                    format_date(self.env, self.date_allowed),
                )
            )


def _invoices(claims):
    """Return the invoices among ``claims``: what can be printed as one."""
    return claims.move_line_id.move_id.filtered(lambda move: move.is_sale_document(include_receipts=True))
