from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...tools import credit_control
from ..common.labelled import labelled
from ..common.number_told import number_told

DOCUMENTS = {"account.move": "on_invoice"}


class RecoveryCreditRule(models.Model):
    """What happens when a debtor who should not get more credit is invoiced or has an order confirmed."""

    _name = "recovery.credit.rule"
    _description = "Credit Rule"
    _order = "trigger, sequence, id"
    _rec_name = "display_name"
    _rec_names_search = ["class_ids.code"]

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        help="Company the rule belongs to, with its branches; empty for all. A company's own rules take the "
        "place of shared ones, a branch's those of the company it belongs to.",
    )
    class_ids = fields.Many2many(
        "recovery.risk.class",
        "recovery_credit_rule_class_rel",
        string="Classes",
        help="Debtors it is about; empty for all. Rules that name the class take the place of those that do "
        "not.",
    )
    trigger = fields.Selection(
        [
            ("over_limit", "Limit passed"),
            ("days_overdue", "Days overdue"),
            ("amount_overdue", "Amount overdue"),
            ("check_expired", "Solvency check expired"),
        ],
        required=True,
        default="over_limit",
        help="What the rule watches. Only documents that add to the debtor's exposure are judged.",
    )
    threshold = fields.Float(
        digits=(16, 2),
        help="Acts above this: percent over the limit, days overdue, amount overdue in the company's "
        "currency, "
        "days since the check expired.",
    )
    action = fields.Selection(
        [("inform", "Inform"), ("approve", "Ask for approval"), ("block", "Block")],
        required=True,
        default="approve",
        help="Inform: the document goes through, with a note. Ask for approval: it waits until somebody "
        "with the right "
        "approves it. Block: only that right helps, nobody is asked. For natural persons, blocking is "
        "asking.",
    )
    on_invoice = fields.Boolean(string="Invoices", default=True, help="Judged when an invoice is posted.")

    @api.depends_context("lang")
    @api.depends("trigger", "threshold", "action", "class_ids")
    def _compute_display_name(self):
        triggers = dict(self._fields["trigger"]._description_selection(self.env))
        actions = dict(self._fields["action"]._description_selection(self.env))
        for rule in self:
            classes = ", ".join(rule.class_ids.mapped("code"))
            among = f" ({classes})" if classes else ""
            rule.display_name = labelled(
                self.env,
                f"{triggers.get(rule.trigger, '')} > {number_told(self.env, rule.threshold)}{among}",
                actions.get(rule.action),
            )

    @api.constrains("threshold")
    def _check_threshold(self):
        if any(rule.threshold < 0 for rule in self):
            raise ValidationError(self.env._("The threshold of a credit rule cannot be negative."))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache("company_id", "model_name")
    def _declared(self, company_id, model_name):
        """The rules documents of ``model_name`` are judged by in a company, for the kernel."""
        # sudo: the rules hold for everybody who posts or confirms, also those who may not read them.
        lineage = self.env["res.company"].browse(company_id)._recovery_lineage()
        rules = self.sudo().search(
            [("company_id", "in", [*lineage.ids, False]), (self._document_field(model_name), "=", True)]
        )
        nearness = {each.id: len(lineage) - rank for rank, each in enumerate(lineage)}
        return tuple(
            credit_control.Rule(
                rule.trigger,
                rule.action,
                rule.threshold,
                frozenset(rule.class_ids.ids),
                nearness=nearness.get(rule.company_id.id, 0),
                key=rule.id,
            )
            for rule in rules
        )

    @api.model
    def _document_field(self, model_name):
        """The field that switches a rule on for documents of ``model_name``. A hook for other documents."""
        return DOCUMENTS[model_name]
