"""A notice: one message to one debtor, from its approval to its sending."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common.array_text import array_text
from ..common.guarded_fields import as_action

#: States in which nothing has gone out yet.
UNSENT_STATES = ("draft", "approved", "queued", "to_post", "failed")


class RecoveryNotice(models.Model):
    """One message to one debtor at one level over some claims."""

    _name = "recovery.notice"
    _description = "Notice"
    _inherit = [
        "recovery.answered",
        "recovery.guarded.fields",
        "recovery.follows.debtor",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _by_actions = True
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True, copy=False)
    run_id = fields.Many2one(
        "recovery.dunning.run", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, index=True, readonly=True)
    contact_id = fields.Many2one(
        "res.partner",
        string="Addressed to",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Whom the notice is written to: the debtor's contact for invoices, when the channel reaches it.",
    )
    level_id = fields.Many2one(
        "recovery.dunning.level", required=True, index=True, ondelete="restrict", readonly=True
    )
    date = fields.Date(required=True, readonly=True, help="Date of the notice; deadlines count from it.")
    channel = fields.Selection(
        lambda self: self.env["recovery.channel"]._selection(),
        required=True,
        help="How the notice reaches the debtor.",
    )
    state = fields.Selection(
        [
            ("draft", "To approve"),
            ("approved", "Approved"),
            ("queued", "Queued"),
            ("to_post", "To post"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("ignored", "Ignored"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        help="Only a sent notice counts as a level done. To post: the letter is printed and archived. "
        "Ignored: the claims are proposed again at the same level.",
    )
    line_ids = fields.One2many("recovery.notice.line", "notice_id", string="Claims", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user, protected=False
    )
    amount_total = fields.Monetary(
        help="Total of the claims when the notice was made, in company currency; of one that went, of those it asked "
        "for.",
        readonly=True,
    )
    date_sent = fields.Datetime(
        readonly=True, copy=False, help="When the mail server took it, or the letter was posted."
    )
    words_id = fields.Many2one(
        "recovery.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The message it went out with.",
    )
    failure_reason = fields.Text(readonly=True, copy=False)
    attachment_id = fields.Many2one(
        "ir.attachment", string="Document", readonly=True, copy=False, help="The PDF that went out."
    )
    document_sha256 = fields.Char(
        string="SHA-256", readonly=True, copy=False, help="Fingerprint of the PDF that went out."
    )
    next_attempt = fields.Datetime(
        string="Next attempt",
        readonly=True,
        copy=False,
        help="When a queued notice is tried, again when the last attempt failed.",
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True, copy=False)
    claim_count = fields.Integer(string="Number of claims", compute="_compute_claim_count")

    # The drain's way to the next notices, however many were sent in years.
    _queue = models.Index("(next_attempt, id) WHERE state = 'queued'")

    @api.depends("line_ids")
    def _compute_claim_count(self):
        counts = dict(
            self.env["recovery.notice.line"]._read_group(
                [("notice_id", "in", self.ids)], ["notice_id"], ["__count"]
            )
        )
        for notice in self:
            notice.claim_count = counts.get(notice._origin, 0)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = notice.name or self.env._("Notice to %s", notice.partner_id.display_name)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_given_up(self):
        """What was sent, or is on its way, is evidence; and without it a claim would get its level again."""
        kept = self.filtered(lambda notice: notice.state not in ("draft", "cancelled", "ignored"))
        if kept:
            raise UserError(
                self.env._(
                    "%s cannot be deleted: it is part of the debtor's file. Cancel or ignore it while it is "
                    "not sent.",
                    kept[0].display_name,
                )
            )

    # Steps -------------------------------------------------------------------------------

    def _after_confirm(self):
        """Take charge of new notices: number them, choose their channel and queue the approved ones.

        What a run's statement gave them already is left alone, and they are not read: see
        :meth:`_columns_of_run`.
        """
        self.flush_recordset(["name", "contact_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, name IS NULL, contact_id IS NULL, state = 'approved'
                  FROM recovery_notice
                 WHERE id = ANY(%s::int[]) AND (name IS NULL OR contact_id IS NULL OR state = 'approved')
                 ORDER BY id
                """,
                array_text(self.ids),
            )
        )
        self.browse(row[0] for row in rows if row[1])._give_references()
        self.browse(row[0] for row in rows if row[2])._choose_channels()
        self.browse(row[0] for row in rows if row[3])._queue_for_sending()
        self._trigger_sending()

    def _columns_of_run(self, company) -> dict[str, SQL]:
        """What the outbox gives a notice as a run inserts it: {column: SQL over ``planned``}.

        ``planned`` has partner_id, level_id, channel, needs_approval and, when the channel is the first
        preference or was chosen by hand (``by_hand``), contact_id.
        """
        return {
            "name": self._next_reference(company),
            "contact_id": SQL("planned.contact_id"),
            "channel_by_hand": SQL("planned.by_hand"),
            "state": SQL("CASE WHEN planned.needs_approval THEN 'draft' ELSE 'queued' END"),
            "next_attempt": SQL(
                "CASE WHEN planned.needs_approval THEN NULL ELSE %s::timestamp END", fields.Datetime.now()
            ),
            "attempt_count": SQL("0"),
            "is_uncertain": SQL("FALSE"),
        }

    def _next_reference(self, company) -> SQL:
        """The next number of the notices' sequence as SQL; NULL when only the sequence itself can tell."""
        sequence = self._sequence(company)
        if sequence.implementation != "standard" or sequence.use_date_range:
            return SQL("NULL::varchar")
        prefix, suffix = sequence._get_prefix_suffix()
        digits = "9" * (18 - sequence.padding) + "0" * sequence.padding
        return SQL(
            "%(prefix)s || to_char(nextval(%(sequence)s), %(digits)s) || %(suffix)s",
            prefix=prefix or "",
            # the sequence's own name in PostgreSQL, made by ir.sequence from its id
            sequence=f"ir_sequence_{sequence.id:03d}",
            digits=f"FM{digits}",
            suffix=suffix or "",
        )

    def action_approve(self):
        """Approve notices and queue them.

        Raises UserError when one of them is not waiting for approval.
        """
        self.check_access("write")
        self._require_state("draft", "approved")
        as_action(self).state = "approved"
        self._queue_for_sending()

    def action_send(self):
        """Queue approved, failed or delayed notices to be sent now; letters not posted yet to be printed again.

        Raises UserError when one of them is not approved yet, or went out already.
        """
        self._require_state("approved", "queued", "to_post", "failed")
        self._queue_for_sending()

    def action_ignore(self):
        """Set unsent notices aside: their claims are proposed again at the same level.

        Raises UserError when one of them went out already.
        """
        self._withdraw("ignored")

    def action_cancel(self):
        """Cancel unsent notices; their claims are free for a new proposal.

        Raises UserError when one of them went out already.
        """
        self._withdraw("cancelled")

    def action_recovery_hold(self):
        """A new hold on the items of the notices; on the debtor when they are about instalments."""
        return self.env["recovery.hold"]._new_action(self.partner_id, self.line_ids.move_line_id)

    def action_recovery_promise(self):
        """A new promise for the items of the notices."""
        return self.env["recovery.promise"]._new_action(self.partner_id, self.line_ids.move_line_id)

    def _withdraw(self, state):
        self._require_state(*UNSENT_STATES)
        self._require_no_open_attempt()
        self.check_access("write")
        as_action(self.line_ids).is_live = False
        as_action(self).write({"state": state, "next_attempt": False})
        self._take_back()

    def _require_state(self, *states):
        """Refuse notices in any other state than ``states``."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        self._require(
            self.filtered(lambda notice: notice.state in states),
            self.env._("Choose notices that are: %s.", ", ".join(labels[state] for state in states)),
        )

    def _require(self, fit, explanation):
        """Refuse ``self`` unless all of it is among ``fit``, naming the others."""
        unfit = self - fit
        if unfit:
            names = ", ".join(unfit[:10].mapped("display_name"))
            raise UserError(self.env._("Not possible for %(names)s. %(why)s", names=names, why=explanation))

    @api.model
    def _day_sent(self):
        """Return the creditor's day on which the notice went out, its date before that."""
        return self.company_id._recovery_day(self.date_sent) if self.date_sent else self.date

    def _sequence(self, company):
        """The sequence of the company's notices, else that of all companies."""
        return self.env["ir.sequence"]._recovery_of("recovery.notice", company)

    def _give_references(self):
        """Number the notices, a whole company's in one query where its sequence allows."""
        for company, notices in self.grouped("company_id").items():
            notices.flush_recordset(["name"])
            self.env.cr.execute(
                SQL(
                    """
                    -- Materialized: a plan that scanned it once for each notice would draw numbers in vain.
                    WITH numbered AS MATERIALIZED (
                        SELECT ordered.id, %s AS name
                          FROM (SELECT id FROM recovery_notice WHERE id IN %s ORDER BY id) ordered
                    )
                    UPDATE recovery_notice notice
                       SET name = numbered.name
                      FROM numbered
                     WHERE notice.id = numbered.id
                    """,
                    self._next_reference(company),
                    tuple(notices.ids),
                )
            )
            notices.invalidate_recordset(["name"])
            notices._give_unbroken_references(company)
