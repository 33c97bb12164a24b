"""The panel of the first set-up: the steps, what is there already, and where the rest is done."""

from odoo import api, fields, models


class RecoverySetup(models.TransientModel):
    """How far the set-up of a company has come."""

    _name = "recovery.setup"
    _description = "First Set-up"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many("recovery.setup.line", "setup_id", string="Steps", readonly=True)
    done_count = fields.Integer(compute="_compute_done_count", string="Done")
    step_count = fields.Integer(compute="_compute_done_count", string="Number of steps")

    @api.depends("line_ids.is_done")
    def _compute_done_count(self):
        for setup in self:
            setup.step_count = len(setup.line_ids)
            setup.done_count = len(setup.line_ids.filtered("is_done"))

    @api.depends("company_id")
    def _compute_display_name(self):
        for setup in self:
            setup.display_name = self.env._("First set-up of %s", setup.company_id.name)

    @api.model
    def action_open_panel(self):
        """Look at every step anew and open the panel, for the company the user works in."""
        steps = self.env["recovery.setup.step"]._things()
        setup = self.create(
            {
                "company_id": self.env.company.id,
                "line_ids": [fields.Command.create({"code": code}) for code in steps],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First set-up"),
            "res_model": self._name,
            "res_id": setup.id,
            "views": [(False, "form")],
        }


class RecoverySetupLine(models.TransientModel):
    """One step, as it stands."""

    _name = "recovery.setup.line"
    _description = "Step of the Set-up of a Company"
    _order = "id"

    setup_id = fields.Many2one("recovery.setup", required=True, readonly=True, ondelete="cascade")
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(compute="_compute_step", string="Step")
    advice = fields.Char(compute="_compute_step", help="What to do, and why.")
    found = fields.Char(compute="_compute_step", help="What there is already.")
    is_done = fields.Boolean(compute="_compute_step", string="Done")

    @api.depends("code", "setup_id.company_id")
    def _compute_step(self):
        for line in self:
            step, company = self.env["recovery.setup.step"]._thing(line.code), line.setup_id.company_id
            line.name, line.advice, line.found = step._label(), step._advice(), step._found(company)
            line.is_done = bool(line.found)

    def action_open(self):
        """Open where the step is done."""
        self.ensure_one()
        return self.env["recovery.setup.step"]._thing(self.code)._action(self.setup_id.company_id)
