"""One act on the claims of several debtors: shown first, done debtor by debtor where one of them refuses."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...models.claim.promise import PROMISED_DAYS
from ...models.common.counted import counted

#: Claims of one go: the browser waits for all of them, half a minute on a small server for promises of a debtor each.
MOST = 1000


class RecoveryBulk(models.TransientModel):
    """What to do about the claims chosen, and what came of it for each debtor."""

    _name = "recovery.bulk"
    _description = "Several Debtors at Once"
    _inherit = ["recovery.hold.asked"]

    act = fields.Selection(
        lambda self: self.env["recovery.bulk.act"]._selection(),
        string="What",
        required=True,
        default="hold",
        help="What is done for each debtor.",
    )
    state = fields.Selection([("asked", "To do"), ("done", "Done")], default="asked", readonly=True)
    line_ids = fields.One2many("recovery.bulk.line", "bulk_id", string="Debtors")
    date_promised = fields.Date(
        string="To be paid by",
        default=lambda self: self.env.company._recovery_day_in(PROMISED_DAYS),
        help="Day by which each debtor said the money arrives.",
    )
    level_id = fields.Many2one(
        "recovery.dunning.level",
        string="Next level",
        domain="[('policy_id.claim_kind', '=', 'item')]",
        help="Level at which the invoices are chased next, whatever its delay.",
    )
    way = fields.Selection(
        lambda self: self.env["recovery.case"]._fields["way"]._description_selection(self.env),
        default="litigation",
        help="What kind of case the claims go to.",
    )
    reason = fields.Text(help="What was said or found; part of each debtor's file.")
    has_made = fields.Boolean(compute="_compute_has_made")
    summary = fields.Char(
        compute="_compute_summary", help="How many claims and debtors were chosen, and what becomes of them."
    )

    @api.depends("line_ids.res_id")
    def _compute_has_made(self):
        for asked in self:
            asked.has_made = any(asked.line_ids.mapped("res_id"))

    @api.depends(
        "state", "line_ids.claim_count", "line_ids.is_wanted", "line_ids.is_refused", "line_ids.outcome"
    )
    def _compute_summary(self):
        for asked in self:
            asked.summary = asked._summary_done() if asked.state == "done" else asked._summary_asked()

    def _summary_asked(self):
        wanted = self.line_ids.filtered(lambda line: line.is_wanted and line.claim_count)
        return self.env._(
            "Chosen: %(chosen)s of %(debtors)s. This is about %(claims)s of %(wanted)s.",
            chosen=counted(self.env, "claim", len(self.line_ids.claim_ids)),
            debtors=counted(self.env, "debtor", len(self.line_ids.partner_id)),
            claims=counted(self.env, "claim", sum(wanted.mapped("claim_count"))),
            wanted=counted(self.env, "debtor", len(wanted.partner_id)),
        )

    def _summary_done(self):
        told = self.line_ids.filtered("outcome")
        return self.env._(
            "Done for %(done)s, refused for %(refused)s, left alone: %(left)s.",
            done=counted(self.env, "debtor", len(told.filtered(lambda line: not line.is_refused).partner_id)),
            refused=len(told.filtered("is_refused").partner_id),
            left=len((self.line_ids - told).partner_id),
        )

    @api.model
    def _check_number(self, claims):
        """Refuse more than one go takes, and a list that could not hand over all that was chosen on it.

        :raise UserError: fewer have to be chosen
        """
        if len(claims) > MOST:
            raise UserError(
                self.env._(
                    "Chosen: %(claims)s, and one go takes %(most)s: filter the list, or choose page by page.",
                    claims=counted(self.env, "claim", len(claims)),
                    most=MOST,
                )
            )
        handed, domain = self.env.context.get("active_ids") or (), self.env.context.get("active_domain")
        if domain is not None and len(handed) >= self._handed_over():
            total = self.env[self.env.context["active_model"]].search_count(domain)
            if total > len(handed):
                raise UserError(
                    self.env._(
                        "%(total)s rows are chosen, and the list hands over the first %(handed)s only:"
                        " filter it first.",
                        total=total,
                        handed=len(handed),
                    )
                )

    @api.model
    def _handed_over(self):
        """Return how many chosen rows Odoo's list hands over; the others it leaves out and says nothing."""
        # sudo: the client is told of the setting when it starts, whoever looks
        return int(self.env["ir.config_parameter"].sudo().get_param("web.active_ids_limit", 20000))

    @api.model
    def _open(self, claims, act):
        """Return the window that asks about ``claims``, a line for each debtor, company and currency.

        :raise UserError: more are chosen than one go takes
        """
        self._check_number(claims)
        asked = self.create(
            {
                "act": act,
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": debtor.id,
                            "company_id": company.id,
                            "currency_id": currency.id,
                            "claim_ids": [Command.set(owed.ids)],
                        }
                    )
                    for (debtor, company, currency), owed in claims._by_counterparty().items()
                ],
            }
        )
        return asked._window()

    def _window(self):
        return {
            "type": "ir.actions.act_window",
            "name": (
                self.env._("Several debtors at once")
                if len(self.line_ids.partner_id) > 1
                else self.line_ids.partner_id.display_name
            ),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _thing(self):
        return self.env["recovery.bulk.act"]._thing(self.act)

    def action_apply(self):
        """Do it for every debtor that is ticked; one that refuses is named and loses nothing of the others.

        :raise UserError: something needed is missing, or nothing is left to do
        """
        self.ensure_one()
        act = self._thing()
        act._check(self)
        left_out = act._left_out(self, self.line_ids.claim_ids)
        taken = {line: line.claim_ids.filtered(lambda claim: claim not in left_out) for line in self.line_ids}
        work = {line: claims for line, claims in taken.items() if line.is_wanted and claims}
        if not work:
            raise UserError(
                self.env._("Nothing is left to do: every debtor is left out, for the reason given.")
            )
        refused = self._carry_out(act, work)
        for line in work:
            line.outcome = refused.get(line) or self.env._("Done")
            line.is_refused = line in refused
        self.state = "done"
        return self._window()

    def _carry_out(self, act, work):
        """Do it for all of ``work`` together; where that is refused, for each half, down to who refuses.

        :return: {line: why it was refused}
        """
        try:
            with self.env.cr.savepoint():
                made = act._do(self, work)
                self.env.flush_all()
        except UserError as refusal:
            if len(work) == 1:
                return dict.fromkeys(work, str(refusal))
            lines = list(work)
            halves = lines[: len(lines) // 2], lines[len(lines) // 2 :]
            first, second = (self._carry_out(act, {line: work[line] for line in half}) for half in halves)
            return first | second
        for line, record in made.items():
            line.write({"res_model": record._name, "res_id": record.id})
        return {}

    def action_open_made(self):
        """List what was made."""
        self.ensure_one()
        made = self.line_ids.filtered("res_id")
        return {
            "type": "ir.actions.act_window",
            "name": self._thing()._label(),
            "res_model": made[:1].res_model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", made.mapped("res_id"))],
        }

    def action_close(self):
        """Go back to the list, as it is now."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}


#: What is told of a debtor stays as it was asked about: once it is done, its own outcome leaves nothing to do.
KEPT = {"store": True, "compute_sudo": False}


class RecoveryBulkLine(models.TransientModel):
    """The claims of one debtor, company and currency, and what came of the act."""

    _name = "recovery.bulk.line"
    _description = "Debtor among Several"

    bulk_id = fields.Many2one("recovery.bulk", required=True, ondelete="cascade", index=True)
    is_wanted = fields.Boolean(string="Do it", default=True, help="Untick to leave the debtor out.")
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True, required=True)
    company_id = fields.Many2one("res.company", readonly=True, required=True)
    currency_id = fields.Many2one("res.currency", readonly=True, required=True)
    claim_ids = fields.Many2many("recovery.claim", string="Claims", readonly=True)
    claim_count = fields.Integer(
        string="Number of claims", compute="_compute_told", **KEPT, help="Claims that the act is about."
    )
    amount = fields.Monetary(
        string="Owed", compute="_compute_told", **KEPT, help="Still owed of these claims."
    )
    left_out = fields.Text(
        string="Left out", compute="_compute_told", **KEPT, help="Claims that the act is not about, and why."
    )
    outcome = fields.Char(readonly=True, help="What came of it.")
    is_refused = fields.Boolean(readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(
        string="Made", model_field="res_model", readonly=True, help="What was made for the debtor."
    )

    @api.depends("claim_ids", "bulk_id.act", "bulk_id.level_id")
    def _compute_told(self):
        """Asked once for all debtors of a dialog."""
        for asked, lines in self.grouped("bulk_id").items():
            act = asked._thing()
            claims = lines.claim_ids._origin
            left_out = act._left_out(asked, claims)
            for line in lines:
                own = line.claim_ids._origin
                taken = own.filtered(lambda claim, left_out=left_out: claim not in left_out)
                line.claim_count = len(taken)
                line.amount = sum(taken.mapped("amount_residual"))
                line.left_out = act._told({claim: left_out[claim] for claim in own - taken})
