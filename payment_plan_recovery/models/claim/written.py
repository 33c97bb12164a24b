"""What is written about debtors and claims: the ledger, contacts, holds, interactions."""

from odoo import models
from odoo.tools import SQL


class RecoveryWrittenLedger(models.AbstractModel):
    """Journal items, and their entries: a policy is set on those, a memo may name them."""

    _name = "recovery.written.ledger"
    _inherit = "recovery.written"
    _description = "Facts Written: Ledger"

    _code = "ledger"

    def _partners(self, newer):
        return SQL(
            "SELECT item.partner_id FROM account_move_line item WHERE %s"
            " UNION ALL SELECT entry.partner_id FROM account_move entry WHERE %s",
            newer("item"),
            newer("entry"),
        )


class RecoveryWrittenContact(models.AbstractModel):
    """Contacts, and addresses that want no mail."""

    _name = "recovery.written.contact"
    _inherit = "recovery.written"
    _description = "Facts Written: Contacts"

    _code = "contact"

    def _partners(self, newer):
        return SQL(
            "SELECT contact.id FROM res_partner contact WHERE %s"
            " UNION ALL SELECT contact.id FROM mail_blacklist refused"
            " JOIN res_partner contact ON contact.email_normalized = refused.email WHERE %s",
            newer("contact"),
            newer("refused"),
        )


class RecoveryWrittenHold(models.AbstractModel):
    """Holds, those of promises, disputes, cases and answers among them."""

    _name = "recovery.written.hold"
    _inherit = "recovery.written"
    _description = "Facts Written: Holds"

    _code = "hold"

    def _partners(self, newer):
        return SQL(
            "SELECT hold.partner_id FROM recovery_hold hold WHERE %s"
            " UNION ALL SELECT hold.partner_id FROM account_move_line_recovery_hold_rel held"
            " JOIN recovery_hold hold ON hold.id = held.recovery_hold_id WHERE %s",
            newer("hold"),
            newer("held"),
        )


class RecoveryWrittenInteraction(models.AbstractModel):
    """Interactions, which use up the contact budget."""

    _name = "recovery.written.interaction"
    _inherit = "recovery.written"
    _description = "Facts Written: Interactions"

    _code = "interaction"

    def _partners(self, newer):
        return SQL("SELECT made.partner_id FROM recovery_contact made WHERE %s", newer("made"))
