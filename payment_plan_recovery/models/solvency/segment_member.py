"""Who is in which segment, and since when; what it was before."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecoverySegmentMember(models.Model):
    """The segment of a debtor with a creditor, as of last night. Kept up by ``recovery.segment._renew``."""

    _name = "recovery.segment.member"
    _description = "Debtor in a Segment"
    _order = "date_from desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(
        "recovery.segment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date(
        string="Since", required=True, readonly=True, help="Night in which it came there."
    )

    _one_each = models.Constraint(
        "UNIQUE(partner_id, company_id)", "A debtor is in one segment of a creditor."
    )

    @api.model
    def _of_debtor_sql(self, company: SQL, debtor: SQL) -> SQL:
        """Return an expression: the segment of ``debtor`` with the creditor of ``company``; both are columns."""
        root = SQL("(SELECT split_part(parent_path, '/', 1)::int FROM res_company WHERE id = %s)", company)
        return SQL(
            "(SELECT member.segment_id FROM recovery_segment_member member"
            " WHERE member.partner_id = %s AND member.company_id = %s)",
            debtor,
            root,
        )

    @api.model
    def _in_sql(self, creditor, segment_ids) -> SQL:
        """Return a query of the debtors in these segments of ``creditor``; False among them: in none at all."""
        wanted = [one for one in segment_ids if one]
        own = SQL("SELECT partner_id FROM recovery_segment_member WHERE company_id = %s", creditor.id)
        found = SQL("%s AND segment_id = ANY(%s)", own, wanted)
        if False not in segment_ids:
            return found
        return SQL("%s UNION SELECT id FROM res_partner WHERE id NOT IN (%s)", found, own)


class RecoverySegmentChange(models.Model):
    """A debtor went from one segment to another: the history of segments."""

    _name = "recovery.segment.change"
    _description = "Change of Segment"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True, help="Night of the change.")
    old_id = fields.Many2one(
        "recovery.segment",
        string="Segment Before",
        readonly=True,
        ondelete="cascade",
        help="Empty when in none before.",
    )
    new_id = fields.Many2one(
        "recovery.segment",
        string="Segment Since",
        readonly=True,
        ondelete="cascade",
        help="Empty when in none since.",
    )
