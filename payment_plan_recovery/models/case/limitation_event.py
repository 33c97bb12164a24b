"""What happened to claims that matters for their limitation, besides what the ledger and the plans show."""

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.limitation import LASTING
from ..common.company_words import in_words_of_company
from .limitation_rule import EVENTS


class RecoveryLimitationEvent(models.Model):
    """An event of some claims: a letter that acknowledges the debt, a suit, a mediation.

    Part payments, signed agreements, titles and formal notices are read where they are kept and need no entry.
    """

    _name = "recovery.limitation.event"
    _description = "Event for Limitation"
    _inherit = ["recovery.debtor.mixin", "recovery.names.seen", "recovery.named"]
    _order = "date desc, id desc"
    _rec_name = "kind"
    _check_company_auto = True

    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "recovery_limitation_event_line_rel",
        string="Claims",
        required=True,
        check_company=True,
        domain="[('partner_id.commercial_partner_id', '=', partner_id), ('account_type', '=', 'asset_receivable')]",
        help="The claims it happened to.",
    )
    kind = fields.Selection(EVENTS, required=True, help="What happened.")
    date = fields.Date(required=True, help="Day it happened or began.")
    date_until = fields.Date(
        string="Until", help="Day it ended, for what lasts: a suit, a mediation. Empty while it does."
    )
    is_dismissed = fields.Boolean(
        string="Dismissed", help="A suit that was dismissed or given up: as if it had never been."
    )
    case_id = fields.Many2one("recovery.case", readonly=True, index="btree_not_null", ondelete="cascade")
    step_id = fields.Many2one("recovery.case.step", readonly=True, index="btree_not_null", ondelete="cascade")
    end_step_id = fields.Many2one(
        "recovery.case.step",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Step that ended it.",
    )
    note = fields.Text(help="Where the proof is.")

    _ends_after_start = models.Constraint(
        "CHECK(date_until IS NULL OR date_until >= date)", "An event ends on or after the day it starts."
    )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        self.env["recovery.limitation"]._renew_items(events.move_line_ids)
        return events

    def write(self, vals):
        before = self.move_line_ids
        result = super().write(vals)
        self.env["recovery.limitation"]._renew_items(before | self.move_line_ids)
        return result

    def unlink(self):
        items = self.move_line_ids
        result = super().unlink()
        self.env["recovery.limitation"]._renew_items(items)
        return result

    @api.model
    def _ask_for_ends(self, case):
        """Have somebody note when what lasts ended, of a case that goes on with it no more.

        Limitation stands still until then, and nobody would be warned of it.
        """
        words = in_words_of_company(case).env
        kinds = dict(self._fields["kind"]._description_selection(words))
        lasting = [("kind", "in", LASTING), ("date_until", "=", False), ("is_dismissed", "=", False)]
        for event in self.search([("case_id", "=", case.id), *lasting]):
            summary = words._(
                "%(what)s since %(date)s: note when it ended, limitation stands still until then",
                what=kinds[event.kind],
                date=format_date(words, event.date),
            )
            if summary not in case.activity_ids.mapped("summary"):
                case.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=summary,
                    user_id=words["ir.cron"]._recovery_person(case).id,
                )

    @api.model
    def _keep_step(self, step, declared):
        """Keep what a step of a case, declared by ``declared``, is for the limitation of its claims.

        A step that is done no more takes its event back, or goes on with what it had ended. What ended before stays.
        """
        case, kind = step.case_id, declared.limitation_event
        if declared.limitation_ends:
            ended = self.search([("end_step_id", "=", step.id)])
            if step.date_done:
                ended |= self.search(
                    [("case_id", "=", case.id), ("kind", "=", kind), ("date_until", "=", False)]
                )
            ended.write({"date_until": step.date_done, "end_step_id": step.date_done and step.id})
            return
        mine = self.search([("step_id", "=", step.id)])
        if not step.date_done:
            mine.unlink()
        elif mine:
            mine.date = step.date_done
        else:
            self.create(
                {
                    "partner_id": case.partner_id.id,
                    "company_id": case.company_id.id,
                    "move_line_ids": [fields.Command.set(case.line_ids.move_line_id.ids)],
                    "kind": kind,
                    "date": step.date_done,
                    "case_id": case.id,
                    "step_id": step.id,
                    "note": step.name,
                }
            )
