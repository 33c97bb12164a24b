"""Steps of a case: what is to be done until when, and what was done."""

from odoo import api, fields, models

from ...tools.deadline import deadline
from ..common.res_company import FIRST_DAY
from .procedure_step import ACTORS

#: Activity that reminds of a deadline.
DEADLINE_ACTIVITY = "payment_plan_recovery.mail_activity_case_deadline"


class RecoveryCaseStep(models.Model):
    """One step of a case. Its deadline follows from the day of the step it counts from."""

    _name = "recovery.case.step"
    _description = "Step of a Case"
    _order = "case_id, sequence, id"

    case_id = fields.Many2one("recovery.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(related="case_id.partner_id")
    user_id = fields.Many2one(related="case_id.user_id")
    procedure_step_id = fields.Many2one(
        "recovery.procedure.step", string="Declared step", readonly=True, ondelete="set null"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    actor = fields.Selection(ACTORS, required=True, default="creditor", help="Who acts.")
    bound = fields.Selection(
        [("latest", "At the latest"), ("earliest", "Not before")],
        required=True,
        default="latest",
        help="At the latest: the right is lost or weakened afterwards. Not before: it cannot be done earlier.",
    )
    date_event = fields.Date(
        string="Counted from",
        compute="_compute_deadline",
        store=True,
        help="Day the deadline counts from.",
    )
    date_deadline = fields.Date(
        string="Deadline",
        compute="_compute_deadline",
        store=True,
        readonly=False,
        help="Last day to do it, or first day it can be done.",
    )
    date_done = fields.Date(string="Done on", help="Day it was done or happened.")
    state = fields.Selection(
        [
            ("planned", "Later"),
            ("open", "To do"),
            ("done", "Done"),
            ("void", "Does not apply"),
        ],
        compute="_compute_state",
        store=True,
        help="Later: what it counts from has not happened. Does not apply: another rule was in force that day.",
    )
    note = fields.Text(help="What to know, and what came of it.")
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")

    @api.depends("procedure_step_id", "case_id.date_begun", "case_id.step_ids.date_done")
    def _compute_deadline(self):
        closed = {}
        for step in self:
            declared = step.procedure_step_id
            if not declared:
                step.date_event, step.date_deadline = step.date_event, step.date_deadline
                continue
            step.date_event = step._event_day()
            step.date_deadline = False
            if step.date_event and declared.delay and declared._applies(step.date_event):
                company = step.case_id.company_id
                if company not in closed:
                    # From the first day on: a deadline may be counted from any day, and backwards.
                    closed[company] = company._recovery_closed_days(FIRST_DAY)
                step.date_deadline = deadline(
                    step.date_event, declared.delay, declared.unit, closed[company], declared.is_moved
                )

    def _event_day(self):
        """Return the day the step counts from, False when it has not come."""
        before = self.procedure_step_id.after_id
        if not before:
            return self.case_id.date_begun
        done = self.case_id.step_ids.filtered(lambda step: step.procedure_step_id == before)
        return done[:1].date_done

    @api.depends("date_done", "date_event", "procedure_step_id")
    def _compute_state(self):
        for step in self:
            declared = step.procedure_step_id
            if step.date_done:
                step.state = "done"
            elif not declared:
                step.state = "open"
            elif not step.date_event:
                step.state = "planned"
            else:
                step.state = "open" if declared._applies(step.date_event) else "void"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._remind()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if {"date_done", "date_deadline"} & vals.keys():
            self.case_id.step_ids._remind()
        if "date_done" in vals:
            self._tell_limitation()
        return result

    def action_done(self):
        """Write down that the steps were done today."""
        for step in self:
            step.date_done = step.date_done or step.company_id._recovery_today()

    def _remind(self):
        """One activity for each deadline that runs, gone when the step is done."""
        for step in self:
            due = step.state == "open" and step.date_deadline and step.case_id.stage != "closed"
            if not due:
                step.activity_id.unlink()
            elif step.activity_id:
                step.activity_id.date_deadline = step.date_deadline
            else:
                step.activity_id = step.case_id.activity_schedule(
                    DEADLINE_ACTIVITY,
                    date_deadline=step.date_deadline,
                    summary=step.name,
                    note=step.note or "",
                    user_id=step.case_id.user_id.id or self.env.uid,
                )

    def _tell_limitation(self):
        """What a step is for the limitation of the claims is kept as an event of theirs."""
        for step in self:
            declared = step.procedure_step_id
            if declared.limitation_event == "title":
                step.case_id.date_title = step.date_done
            elif declared.limitation_event:
                self.env["recovery.limitation.event"]._keep_step(step, declared)
