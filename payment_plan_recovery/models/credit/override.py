from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.company_words import in_words_of_company
from ..solvency.credit_terms import MANAGER
from ..solvency.res_partner import READERS

#: States in which a request stands: not decided, or not used yet.
OPEN_STATES = ("requested", "approved")


class RecoveryCreditOverride(models.Model):
    """Leave to let one document of a debtor pass once, although the credit rules are against it."""

    _name = "recovery.credit.override"
    _description = "Credit Approval"
    _inherit = ["recovery.guarded.fields", "recovery.four.eyes", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "display_name"
    _rec_names_search = ["partner_id.display_name"]

    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("used", "Used"),
            ("refused", "Refused"),
            ("lapsed", "Lapsed"),
        ],
        default="requested",
        required=True,
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        index=True,
        help="Approved: the document may pass once. Used: it has. Lapsed: the document grew or became another "
        "debtor's, and approval was asked for anew.",
    )
    res_model = fields.Char(string="Document model", required=True, readonly=True, asked=True)
    res_id = fields.Many2oneReference(
        string="Document number",
        model_field="res_model",
        required=True,
        readonly=True,
        asked=True,
        index=True,
    )
    document_name = fields.Char(string="Document", compute="_compute_document_name", help="What is to pass.")
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, protected=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, protected=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        readonly=True,
        protected=True,
        help="Total of the document when approval was asked for; a larger one needs a new approval.",
    )
    figures = fields.Text(
        readonly=True,
        protected=True,
        groups=READERS,
        help="The debtor's standing and the rules it passed, when approval was asked for.",
    )
    reason = fields.Text(required=True, tracking=True, asked=True, help="Why the document should pass.")
    decision_reason = fields.Text(
        string="Reason of the decision", tracking=True, help="Why it was approved or refused."
    )
    requested_by_id = fields.Many2one(
        "res.users",
        string="Requested by",
        readonly=True,
        protected=True,
        default=lambda self: self.env.user,
        help="Who asked for the credit.",
    )
    approver_id = fields.Many2one(
        "res.users",
        string="Decided by",
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        help="Who decided.",
    )
    date_decided = fields.Datetime(string="Decided on", readonly=True, protected=True, copy=False)
    date_used = fields.Datetime(
        string="Used on", readonly=True, protected=True, copy=False, help="When the document passed."
    )

    _one_open = models.UniqueIndex(
        "(res_model, res_id) WHERE state IN ('requested', 'approved')",
        "Approval of this document was asked for already.",
    )

    @api.depends("res_model", "res_id")
    def _compute_document_name(self):
        for model, overrides in self.grouped("res_model").items():
            # sudo: only the document's name is shown, to whom may read the request.
            documents = self.env[model].sudo().browse(overrides.mapped("res_id")).exists()
            names = {document.id: document.display_name for document in documents}
            for override in overrides:
                override.document_name = names.get(override.res_id, "")

    @api.depends("partner_id", "res_model", "res_id")
    def _compute_display_name(self):
        for override in self:
            override.display_name = f"{override.partner_id.display_name} · {override.document_name}"

    @api.model_create_multi
    def create(self, vals_list):
        """Ask for approval. Debtor, amount and figures are the document's, whatever the caller says."""
        self.check_access("create")
        requests = [self._request(vals) for vals in vals_list]
        for request in requests:
            self._lapse_outgrown(request)
        # sudo: the request keeps figures for the approver that its author may not read.
        overrides = super(RecoveryCreditOverride, self.sudo()).create(requests).sudo(self.env.su)
        for override in overrides:
            override._notify_approver()
        return overrides

    def write(self, vals):
        if "decision_reason" in vals and not self.env.su:
            self._require_deciding()
        return super().write(vals)

    def _asked(self):
        return self  # to make a request is to ask

    def _require_deciding(self):
        """Make sure that the user may decide on the requests.

        :raises AccessError: no recovery manager
        :raises UserError: decided already, or one's own
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a recovery manager decides on credit beyond the rules."))
        self.check_access("write")
        for override in self:
            if override.state != "requested":
                raise UserError(self.env._("%s is decided already.", override.display_name))
            if override.requested_by_id & self.env.user._recovery_person():
                raise UserError(
                    self.env._(
                        "%s is your own request: another manager has to decide.", override.display_name
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(override.state != "requested" for override in self):
            raise UserError(
                self.env._("A decided approval belongs to the debtor's file and cannot be deleted.")
            )

    def _request(self, vals):
        # The form and any other caller may name the document by the context alone.
        vals = {**self.default_get(["res_model", "res_id"]), **vals}
        document = self.env[vals["res_model"]].browse(vals["res_id"])
        document.check_access("read")
        # sudo: the figures are kept for the approver, the requester may be from the sales team.
        facts = document.sudo()._credit_request_values()
        return {
            "reason": vals.get("reason"),
            "res_model": vals["res_model"],
            "res_id": vals["res_id"],
            **facts,
            "state": "requested",
            "requested_by_id": self.env.user.id,
            **dict.fromkeys(("approver_id", "date_decided", "date_used", "decision_reason")),
        }

    def _lapse_outgrown(self, request):
        """A request or approval that no longer covers its document makes way for the new one."""
        # sudo: whoever may ask for the document's approval anew may not read every request.
        outgrown = self.sudo().search(
            [
                ("res_model", "=", request["res_model"]),
                ("res_id", "=", request["res_id"]),
                ("state", "in", OPEN_STATES),
                *("|", ("amount", "<", request["amount"])),
                *(
                    "|",
                    ("partner_id", "!=", request["partner_id"]),
                    ("company_id", "!=", request["company_id"]),
                ),
            ]
        )
        outgrown.activity_unlink(["mail.mail_activity_data_todo"])
        outgrown.state = "lapsed"
        outgrown.flush_recordset(["state"])  # the index that allows one at a time meets the new one next

    def _document(self):
        self.ensure_one()
        # sudo: only the document's name is shown, to whom may read the request.
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _notify_approver(self):
        # sudo: who asks may not be allowed to see who approves.
        override = self.sudo()
        approver = override.env["recovery.solvency.check"]._other_manager(self.env.user, override.company_id)
        if approver:
            words = in_words_of_company(override).env
            override.activity_schedule(
                "mail.mail_activity_data_todo", summary=words._("Approve credit"), user_id=approver.id
            )

    def action_ask(self):
        """Close the form: saving it asked."""
        return {"type": "ir.actions.act_window_close"}

    def action_approve(self):
        """Let the document pass, once. Logged with who, when and why."""
        self._decide("approved")

    def action_refuse(self):
        """Do not let the document pass; a reason is due."""
        for override in self:
            if not (override.decision_reason or "").strip():
                raise UserError(self.env._("Say why the credit is refused."))
        self._decide("refused")

    def action_open_document(self):
        """Open the document the approval is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _decide(self, state):
        self._require_deciding()
        # sudo: the right was checked just above; the fields are closed to any other path.
        self.sudo().write(
            {"state": state, "approver_id": self.env.user.id, "date_decided": fields.Datetime.now()}
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        for override in self:
            document, words = override._document(), in_words_of_company(override).env
            body = (
                words._("Credit approved: it may pass once. %s", override.decision_reason or override.reason)
                if state == "approved"
                else words._("Credit refused: %s", override.decision_reason)
            )
            document.message_post(body=body, author_id=self.env.user.partner_id.id)
