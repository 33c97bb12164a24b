"""Interactions with debtors besides notices: they count for the contact budget like any other."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...tools.deadline import deadline

_lt = LazyTranslate(__name__)

#: What is said of an interaction of which nothing was noted.
NO_OUTCOME = _lt("No outcome noted")
#: What came of an interaction, and after how many days one comes back to it where nothing else was agreed.
RESULTS = {
    "promised": ("Promises to pay", None),
    "looking": ("Looks into it", 5),
    "plan": ("Asks for a plan", 2),
    "disputes": ("Disputes", None),
    "refuses": ("Refuses to pay", 1),
    "message": ("Message left", 2),
    "unreached": ("Nobody reached", 1),
    "wrong": ("Wrong number or address", 1),
}
#: What is noted later of a mail that went: what came of it. What it said stays.
AFTERWARDS = {"result", "cause_id", "date_next"}


class RecoveryContact(models.Model):
    """A call, mail or visit: what was said is told here, to those who may read it, and not in the contact's history."""

    _name = "recovery.contact"
    _description = "Interaction with a debtor"
    _inherit = [
        "recovery.answered",
        "recovery.guarded.fields",
        "recovery.debtor.mixin",
        "recovery.cause.noted",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _cause_told = (4, "date")
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="restrict",
        help="Who was called, written to or visited.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Day of the interaction.",
    )
    channel = fields.Selection(
        lambda self: self._kinds(),
        string="Kind",
        required=True,
        default="phone",
        help="By telephone, mail or visit.",
    )
    is_incoming = fields.Boolean(
        string="By the debtor",
        help="The debtor called, wrote or did it online: it does not count for the contact budget.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Made by",
        default=lambda self: self.env.user,
        help="Who called, wrote or went there.",
    )
    result = fields.Selection(
        [(code, label) for code, (label, _days) in RESULTS.items()],
        string="Outcome",
        falsy_value_label=NO_OUTCOME,
        help="What came of it, to count and to filter by.",
    )
    date_next = fields.Date(
        string="Call back on",
        compute="_compute_date_next",
        store=True,
        readonly=False,
        precompute=True,
        help="Day on which the worklist asks to come back to the debtor, unless somebody did before.",
    )
    outcome = fields.Text(
        string="What was said", required=True, help="What was said and agreed; part of the debtor's file."
    )

    is_automatic = fields.Boolean(
        string="By itself",
        readonly=True,
        copy=False,
        protected=True,
        help="The product wrote to the debtor and noted it: such an interaction is not changed by hand.",
    )
    is_mailed = fields.Boolean(
        string="Mail from here",
        readonly=True,
        copy=False,
        protected=True,
        help="The mail was written here and went out from here: it stays as it was sent, with what comes back.",
    )
    invoice_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        readonly=True,
        copy=False,
        protected=True,
        help="Invoices that went with the mail: a reply to it holds these until somebody has read it, and without any "
        "all that the debtor owes.",
    )

    #: The worklist looks for what is to be read, among all that was ever noted.
    _unread_reply = models.Index("(company_id) WHERE has_unread_reply")

    def _kinds(self):
        """Return what an interaction may be: a channel of notices, a visit, or an act of the debtor online."""
        return [
            *self.env["recovery.channel"]._selection(),
            ("visit", self.env._("Visit")),
            ("portal", self.env._("Portal")),
        ]

    @api.depends("company_id")
    def _compute_date(self):
        """Today by the clock of the company, unless a day was given."""
        for contact in self:
            contact.date = contact.date or (contact.company_id or self.env.company)._recovery_today()

    @api.depends("result", "date")
    def _compute_date_next(self):
        """Come back after the days that the outcome asks for, on a day on which the creditor works."""
        waiting = self.filtered(lambda contact: contact.date and RESULTS.get(contact.result, (None, None))[1])
        (self - waiting).date_next = False
        for company, contacts in waiting.grouped(lambda one: one.company_id or self.env.company).items():
            closed = company._recovery_closed_days(min(contacts.mapped("date")))
            for contact in contacts:
                contact.date_next = deadline(contact.date, RESULTS[contact.result][1], closed=closed)

    @api.model_create_multi
    def create(self, vals_list):
        """The history of an interaction is its mail and what comes back: that it was noted stands in its fields."""
        quiet = self.with_context(tracking_disable=True)
        return super(RecoveryContact, quiet).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._require_by_hand(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_automatic(self):
        self._require_by_hand()

    def _require_by_hand(self, vals=()):
        """Leave to the product what it noted itself, and of a mail that went what it said.

        :raise UserError: a client would change such an interaction
        """
        if self.env.su:
            return
        kept = self.filtered("is_automatic")
        if not vals or vals.keys() - AFTERWARDS:
            kept |= self.filtered("is_mailed")
        if kept:
            raise UserError(
                self.env._("This interaction was noted when it took place. Note another one instead.")
            )

    def _items_of_reply(self):
        """Return what is open of the invoices that went with the mail, all that is owed where none went."""
        items = self.invoice_ids._recovery_receivable_items()
        if items:
            return self._still_owed(items)
        owed = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "in", self.company_id._recovery_branch_ids()),
        ]
        return items if self.env["recovery.claim"].search_count(owed, limit=1) else None

    @api.model
    def _last_sql(self, companies) -> SQL:
        """Return a query of (partner_id, date): each debtor's last interaction with any of the ``companies``."""
        return SQL(
            """
            SELECT partner_id, MAX(date) AS date
              FROM recovery_contact
             WHERE company_id = ANY(%s)
             GROUP BY partner_id
            """,
            companies.ids,
        )

    @api.model
    def _due_sql(self, companies, date) -> SQL:
        """Return a query of (partner_id, company_id, since, res_id): who is to be called back by ``date``.

        The ``companies`` belong to one creditor. Whoever came back to the debtor since, on a later day or later that
        day, said anew when to call.
        """
        return SQL(
            """
            SELECT due.partner_id, due.company_id, due.date_next AS since, due.id AS res_id
              FROM recovery_contact due
             WHERE due.company_id = ANY(%s) AND due.date_next <= %s
               AND NOT EXISTS (
                   SELECT FROM recovery_contact later
                    WHERE later.partner_id = due.partner_id AND later.company_id = ANY(%s)
                      AND later.is_automatic IS NOT TRUE AND (later.date, later.id) > (due.date, due.id)
                   )
            """,
            companies.ids,
            date,
            companies.ids,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_judged(self):
        self.env["recovery.judgement"]._drop(self.company_id)

    @api.model
    def _last_of_debtor_sql(self, company: SQL, debtor: SQL) -> SQL:
        """Return an expression: the day of a debtor's last interaction with the creditor, or NULL; both are columns."""
        return SQL(
            "(SELECT MAX(made.date) FROM recovery_contact made WHERE made.partner_id = %s AND %s)",
            debtor,
            self.env["res.company"]._recovery_together_sql(SQL("made.company_id"), company),
        )

    @api.model
    def _made_sql(self, company, debtor_ids=None) -> SQL:
        """Return a query of the contacts of ``company`` with its branches: debtor, channel and day.

        :param debtor_ids: look at these debtors only
        """
        return SQL(
            "SELECT made.partner_id, made.channel, made.date FROM recovery_contact made"
            " WHERE made.company_id = ANY(%s) AND made.is_incoming IS NOT TRUE AND %s",
            list(company._recovery_branch_ids()),
            SQL("TRUE") if debtor_ids is None else SQL("made.partner_id = ANY(%s::int[])", debtor_ids),
        )
