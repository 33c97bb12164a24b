"""The proposal of a run: the claims to be chased, as a person may change them."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common.guarded_fields import as_action
from ..common.labelled import labelled


class RecoveryDunningRunLine(models.Model):
    """One claim a run proposes to chase, at one level over one channel."""

    _name = "recovery.dunning.run.line"
    _description = "Dunning Proposal"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "run_id, partner_id, date_due, id"
    # Lines are made by the ten thousand, each with its run, which tells who made it and when.
    _log_access = False

    run_id = fields.Many2one("recovery.dunning.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id")
    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, index=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal item", index="btree_not_null", ondelete="cascade"
    )
    instalment_id = fields.Many2one("recovery.plan.instalment", index="btree_not_null", ondelete="cascade")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    level_id = fields.Many2one(
        "recovery.dunning.level",
        required=True,
        ondelete="cascade",
        protected=False,
        help="Level the claim has reached.",
    )
    notice_level_id = fields.Many2one(
        "recovery.dunning.level",
        required=True,
        ondelete="cascade",
        help="Level of the notice with the claim: the debtor's highest if the policy groups by debtor.",
    )
    channel = fields.Selection(
        lambda self: self.env["recovery.channel"]._selection(),
        required=True,
        protected=False,
        help="First channel of the level the debtor can be reached by.",
    )
    channel_by_hand = fields.Boolean(
        readonly=True, help="A person chose the channel: the debtor's own preference does not change it."
    )
    level_by_hand = fields.Boolean(
        string="Level chosen by hand",
        readonly=True,
        help="A person chose the level: it holds although the claim would get another one.",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True, help="The claim's own currency."
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    amount_residual = fields.Monetary(string="Owed", help="Owed at the run's date, in the claim's currency.")
    amount_company = fields.Monetary(
        string="Owed (company currency)",
        currency_field="company_currency_id",
        help="Owed at the run's date, in company currency.",
    )
    date_due = fields.Date(string="Due date", help="Day from which the claim is late.")
    days_late = fields.Integer(
        string="Days late",
        compute="_compute_days_late",
        help="Days from the due date to the run's date; 0 while the claim is not late.",
    )
    selected = fields.Boolean(
        default=True, protected=False, help="Untick to leave the claim out of this run."
    )
    policy_id = fields.Many2one(related="level_id.policy_id")
    run_state = fields.Selection(related="run_id.state")

    @api.depends("move_line_id.currency_id", "instalment_id.currency_id")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = line.move_line_id.currency_id or line.instalment_id.currency_id

    @api.depends("date_due", "run_id.date")
    def _compute_days_late(self):
        for line in self:
            line.days_late = max((line.run_id.date - line.date_due).days, 0) if line.date_due else 0

    @api.model
    def _claims_sql(self, run) -> SQL:
        """Return a query of the items that ``run`` is to chase: move_line_id, partner_id, date_due."""
        self.flush_model(["run_id", "selected", "move_line_id", "partner_id", "date_due"])
        return SQL(
            "SELECT move_line_id, partner_id, date_due FROM recovery_dunning_run_line"
            " WHERE run_id = %s AND selected AND move_line_id IS NOT NULL",
            run.id,
        )

    def write(self, vals):
        """Keep each debtor's notices in step with a changed level, channel or tick.

        Raises UserError when the run is finished, or a level does not fit a claim.
        """
        changed = {"selected", "level_id", "channel"} & vals.keys()
        if changed:
            self._check_open()
        result = super().write(vals)
        if "channel" in changed:
            as_action(self).channel_by_hand = True
        if "level_id" in changed:
            as_action(self).level_by_hand = True
        if "level_id" in changed:
            self._check_level()
        if {"selected", "level_id"} & changed:
            self._regroup()
        if "channel" in changed:
            self._check_channel(vals["channel"])
            self._siblings().filtered(lambda line: line.channel != vals["channel"]).channel = vals["channel"]
        return result

    def _check_open(self):
        finished = self.run_id.filtered(lambda run: run.state != "proposed")
        if finished:
            raise UserError(self.env._("“%s” is finished: its proposal cannot be changed.", finished[0].name))

    def _check_level(self):
        """A level chosen by hand belongs to the claim's own kind of policy and was not reached before."""
        for line in self:
            kind = "instalment" if line.instalment_id else "item"
            if line.level_id.policy_id.claim_kind != kind:
                raise UserError(
                    self.env._(
                        "“%s” is a level for another kind of claim. Choose another one.", line.level_id.name
                    )
                )
        done = self._levels_done()
        if done:
            raise UserError(
                self.env._(
                    "%(claim)s had “%(level)s” already: no claim gets a level twice. Choose another one.",
                    claim=done[0].move_id.name or done[0].instalment_id.display_name,
                    level=done[0].level_id.name,
                )
            )

    def _check_channel(self, channel):
        """A channel chosen by hand reaches the debtors."""
        unreached = self.env["recovery.dunning.reach"]._unreached(self.partner_id, channel)
        if unreached:
            raise UserError(
                self.env._(
                    "“%(channel)s” does not reach %(debtor)s. Complete the addresses, or choose another channel.",
                    channel=dict(self._fields["channel"]._description_selection(self.env))[channel],
                    debtor=unreached[0].display_name,
                )
            )

    def _levels_done(self):
        """Lines whose claim has a notice of their level that counts."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT line.id FROM recovery_dunning_run_line line WHERE line.id = ANY(%s) AND %s",
                self.ids,
                self.env["recovery.notice"]._had_level_sql(self.company_id[:1]._recovery_timezone()),
            )
        )
        return self.browse(row[0] for row in rows)

    def _siblings(self):
        """The ticked lines that go into the same notices."""
        notices = set(map(_notice_key, self))
        return self.search(
            [
                ("run_id", "in", self.run_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("notice_level_id", "in", self.notice_level_id.ids),
                ("selected", "=", True),
            ]
        ).filtered(lambda line: _notice_key(line) in notices)

    def _regroup(self):
        """Put the ticked lines of the same debtors into notices again, over channels that reach them."""
        self.flush_model()
        scope = self.env["recovery.dunning.scope"]
        for run, lines in self.grouped("run_id").items():
            statement = self.env["recovery.dunning.engine"]._regroup_statement(
                scope._read(run.company_id, run.date, lines.partner_id), run
            )
            unreachable = [row for row in self.env.execute_query(statement) if not row[1]]
            if unreachable:
                level = self.env["recovery.dunning.level"].browse(unreachable[0][0])
                raise UserError(
                    self.env._(
                        "No channel of “%s” reaches the debtor. Complete its addresses, or choose another "
                        "level.",
                        level.name,
                    )
                )
        self.invalidate_model(["notice_level_id", "channel"])

    # ---------------------------------------------------------------------
    # Screens
    # ---------------------------------------------------------------------

    def action_tick(self):
        """Chase the claims in this run."""
        self.selected = True

    def action_untick(self):
        """Leave the claims out of this run; the next one proposes them again."""
        self.selected = False

    def action_postpone(self):
        """Leave the claims alone until a date."""
        return self._hold_action(self.env._("Postpone"), "manual", whole_debtor=False)

    def action_hold(self):
        """Put the debtors of the claims on hold, whatever they owe."""
        return self._hold_action(self.env._("Put on hold"), "dispute", whole_debtor=True)

    def action_preview(self):
        """Show the notice that carries the first of the claims, made for real and then undone."""
        line = self[:1]
        line._check_open()
        preview = self.env["recovery.dunning.preview"].create(line._preview_values())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    def _preview_values(self):
        """Values of the preview of the line's notice. Raises UserError when there would be none."""
        wanted = SQL(
            "line.partner_id = %s AND line.notice_level_id = %s", self.partner_id.id, self.notice_level_id.id
        )
        with self.env.cr.savepoint() as savepoint:
            notice = self.env["recovery.dunning.confirmation"]._make_notices(
                self.run_id, wanted, debtors=self.partner_id
            )
            values = notice and notice._preview_values()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        if not values:
            raise UserError(
                self.env._("The claim is no longer to be chased: propose again to see what has changed.")
            )
        return {
            "partner_id": self.partner_id.id,
            "level_id": self.notice_level_id.id,
            "channel": self.channel,
            **values,
        }

    def _hold_action(self, name, kind, whole_debtor):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "recovery.dunning.postpone",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_line_ids": self.ids,
                "default_kind": kind,
                "default_whole_debtor": whole_debtor,
            },
        }

    @api.depends_context("lang")
    @api.depends("partner_id", "level_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = labelled(self.env, line.partner_id.display_name, line.level_id.name)


def _notice_key(line):
    """What tells the notice of a line from the others of a proposal."""
    return line.run_id, line.partner_id, line.notice_level_id
