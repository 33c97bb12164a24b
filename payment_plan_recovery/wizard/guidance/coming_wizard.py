"""Coming from elsewhere: a look at what comes, what does not and why, and then the same for good."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RecoveryComingWizard(models.TransientModel):
    """Brings policies, history and limits from another addon into one company."""

    _name = "recovery.coming.wizard"
    _description = "Coming from Elsewhere"

    source = fields.Selection(
        lambda self: self.env["recovery.coming"]._installed_selection(),
        string="Coming from",
        required=True,
        default=lambda self: next(iter(dict(self.env["recovery.coming"]._installed_selection())), False),
        help="Addons of which there is something in this database.",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    default_policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Policy of counted reminders",
        compute="_compute_default_policy_id",
        store=True,
        readonly=False,
        check_company=True,
        help="Where the other addon only counts reminders, the first is the first level of this policy, and so on.",
    )
    state = fields.Selection([("look", "Look"), ("done", "Done")], default="look", readonly=True)
    line_ids = fields.One2many("recovery.coming.wizard.line", "wizard_id", readonly=True)

    @api.depends("company_id")
    def _compute_default_policy_id(self):
        for wizard in self:
            wizard.default_policy_id = wizard.company_id._recovery_creditor().recovery_dunning_policy_id

    def action_look(self):
        """List what would come, what would not and why; nothing is kept of it."""
        self.ensure_one()
        savepoint = self.env.cr.savepoint()
        try:
            told = self._bring()
        finally:
            self.env.flush_all()
            savepoint.close(rollback=True)
        return self._tell(told, "look")

    def action_bring(self):
        """Bring it in for good. What came before does not come twice."""
        self.ensure_one()
        return self._tell(self._bring(), "done")

    def _bring(self):
        if not self.source:
            raise UserError(self.env._("There is nothing of another addon in this database."))
        source = self.env["recovery.coming"]._thing(self.source)
        self.company_id.check_access("read")  # tables are read below, and those know no rights
        creditor = self.company_id._recovery_creditor()
        found = source._read(creditor)
        found.left += source._gone()
        return self.env["recovery.coming.bring"]._bring(
            creditor, source._label(), found, self.default_policy_id
        )

    def _tell(self, told, state):
        self.write(
            {
                "state": state,
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create({"name": what, "comes": comes, "reason": why})
                        for what, comes, why in told
                    ),
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Coming from elsewhere"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class RecoveryComingWizardLine(models.TransientModel):
    """One thing of the other addon, and what becomes of it."""

    _name = "recovery.coming.wizard.line"
    _description = "What Comes"
    _order = "id"

    wizard_id = fields.Many2one("recovery.coming.wizard", required=True, index=True, ondelete="cascade")
    name = fields.Char(string="What", readonly=True)
    comes = fields.Boolean(readonly=True, help="Whether it comes.")
    reason = fields.Text(
        string="How, or why not", readonly=True, help="What it becomes here, or why it does not."
    )
