"""What a person may have to do about a debtor: each kind of it one class, in the room it comes from."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryNextAction(models.AbstractModel):
    """Base of the next actions. The worklist shows of each debtor the first that holds, in their order."""

    _name = "recovery.next.action"
    _description = "Next Action"
    _inherit = "recovery.kind"

    #: Share of the money at risk that acting today may save, against waiting: ranks debtors, from 0 to 1.
    _urgency = 0.5
    #: Model of the record that the action is about.
    _about = None
    #: Done on the debtor's page, where every way to go on stands in the header; else on the record.
    _on_page = False
    #: Group whose members do it, and who alone see it on their list; None for whoever works on the list.
    _group = None

    @api.model
    def _rows(self, companies, date) -> SQL:
        """Return a query of (partner_id, company_id, since, res_id): whom it holds for on ``date``.

        ``since`` is the day from which it waits, ``res_id`` the record of ``_about`` to open. The same debtor may
        come several times. The query stands in a statement that begins with :meth:`_steps_sql` (claims): who is late,
        and what open money lies over, are read there, once for all actions.
        """
        raise NotImplementedError(self._name)

    @api.model
    def _advice(self) -> str:
        """Return in one sentence what to do, in the user's language."""
        raise NotImplementedError(self._name)
