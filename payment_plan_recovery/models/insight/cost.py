"""What a message or an interaction costs: declared, because no ledger tells it."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.labelled import labelled


class RecoveryCost(models.Model):
    """The price of one message over a channel, or of one interaction made by hand, from a day on."""

    _name = "recovery.cost"
    _description = "Cost of a Contact"
    _order = "kind, channel, date_from desc, id"

    kind = fields.Selection(
        [("message", "Message sent"), ("interaction", "Interaction by hand")],
        required=True,
        default="message",
        help="A notice that went out, or a call, mail or visit that somebody made.",
    )
    channel = fields.Selection(
        lambda self: self.env["recovery.channel"]._selection(),
        required=True,
        default="letter",
        help="By which way.",
    )
    amount = fields.Monetary(required=True, help="What one costs in all: postage, paper, time of a person.")
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.start_of(self.env.company._recovery_today(), "year"),
        help="Day from which it costs this much; before it, what was declared before.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
        help="The creditor, with all its branches.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _not_negative = models.Constraint("CHECK(amount >= 0)", "A cost cannot be negative.")
    _one_each = models.Constraint(
        "UNIQUE(company_id, kind, channel, date_from)", "This cost is declared from that day already."
    )

    @api.depends_context("lang")
    @api.depends("kind", "channel")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for cost in self:
            cost.display_name = labelled(
                self.env, kinds.get(cost.kind), self.env["recovery.channel"]._label_of(cost.channel)
            )

    @api.model
    def _price_sql(self, creditor, kind, channel: SQL, date: SQL) -> SQL:
        """Return an expression: what one of ``kind`` over ``channel`` cost on ``date``, 0 when none is declared."""
        return SQL(
            "COALESCE((SELECT price.amount FROM recovery_cost price WHERE price.company_id = %s"
            " AND price.kind = %s AND price.channel = %s AND price.date_from <= %s"
            " ORDER BY price.date_from DESC LIMIT 1), 0)",
            creditor.id,
            kind,
            channel,
            date,
        )
