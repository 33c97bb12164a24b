"""What happened with a debtor, told day by day on its page: each sort of it one class, in the room it comes from."""

from odoo import api, models
from odoo.tools import SQL, format_amount, format_date


class RecoveryTimeline(models.AbstractModel):
    """Base of what the timeline tells: records of one model, the day of each, and its words."""

    _name = "recovery.timeline"
    _description = "What Happened"
    _inherit = "recovery.kind"

    #: Model of the records; they have a ``partner_id``, the debtor, and a ``company_id``.
    _about = None
    #: Day of a record, and which of them are told: SQL over ``happened``.
    _day = SQL("happened.date")
    _holds = SQL("TRUE")
    #: Icon of Font Awesome beside it.
    _icon = "fa-circle-o"

    @api.model
    def _rows(self, companies, debtor) -> SQL:
        """Return a query of (day, res_id): what happened with ``debtor`` in ``companies``."""
        return SQL(
            "SELECT %s AS day, happened.id AS res_id FROM %s happened"
            " WHERE happened.partner_id = %s AND happened.company_id = ANY(%s) AND %s",
            self._day,
            SQL.identifier(self.env[self._about]._table),
            debtor.id,
            companies.ids,
            self._holds,
        )

    @api.model
    def _told(self, record) -> str:
        """Return in a few words what happened, in the user's language."""
        return record.display_name

    @api.model
    def _choice(self, record, name) -> str:
        """Return the label of what the record's selection ``name`` says."""
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    @api.model
    def _money(self, record, amount) -> str:
        return format_amount(self.env, amount, record.currency_id)

    @api.model
    def _date(self, day) -> str:
        return format_date(self.env, day)
