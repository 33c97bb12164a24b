"""How often somebody may do a thing on the portal: counted by the hour, so that nobody guesses, floods or annoys."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.keep import keep

#: What is counted, and how often it may be done within an hour.
LIMITS = {
    "wrong_link": 30,  # by address of the network
    "code_sent": 5,  # one-time codes, by plan
    "code_tried": 8,  # by plan
    "act": 20,  # whatever writes to a debtor's file, by debtor and creditor
    "paper": 60,  # papers that are printed when they are asked for, by debtor and creditor
    "payment": 30,  # payments begun, by debtor and creditor
}


class RecoveryPortalAttempt(models.Model):
    """One attempt, forgotten after a day."""

    _name = "recovery.portal.attempt"
    _description = "Attempt on the Portal"

    kind = fields.Char(required=True, help="What was tried.")
    key = fields.Char(required=True, help="Who tried it: an address of the network, or a debtor.")

    _recent = models.Index("(kind, key, create_date)")

    @api.model
    def _is_over(self, kind, key):
        """Whether ``key`` has used up what it may do of ``kind`` within this hour."""
        since = fields.Datetime.now() - timedelta(hours=1)
        done = self.sudo().search_count(
            [("kind", "=", kind), ("key", "=", str(key)), ("create_date", ">", since)], limit=LIMITS[kind]
        )
        return done >= LIMITS[kind]

    @api.model
    def _note(self, kind, key):
        # sudo: whoever asks, a visitor too, is counted
        self.sudo().create({"kind": kind, "key": str(key)})

    @api.model
    def _spend(self, kind, about, company=None):
        """Count an attempt on the debtor or plan ``about``; two at once are counted one after the other.

        :param company: the creditor, where attempts with each are counted apart
        :raise UserError: it was tried too often within this hour
        """
        keep(about)
        key = self._key(about, company)
        if self._is_over(kind, key):
            raise UserError(self._enough())
        self._note(kind, key)

    @api.model
    def _enough(self):
        """Return what is said to whoever tried too often."""
        return self.env._("That was often enough for now. Try again in an hour, or call us.")

    @api.model
    def _note_apart(self, kind, key):
        """Count an attempt for good, in a transaction of its own: what is refused with an error counts too."""
        with self.env.registry.cursor() as cr:
            self.with_env(self.env(cr=cr))._note(kind, key)

    @api.model
    def _spend_apart(self, kind, about, company):
        """Count an attempt for good, before what takes long is done; return whether there was one left.

        In a transaction of its own: whoever tries the same meanwhile is counted without waiting, and what fails
        counts too.
        """
        with self.env.registry.cursor() as cr:
            attempts, key = self.with_env(self.env(cr=cr)), self._key(about, company)
            if attempts._is_over(kind, key):
                return False
            attempts._note(kind, key)
            return True

    @api.model
    def _key(self, about, company):
        return f"{about._name}/{about.id}/{company.id if company else ''}"

    @api.autovacuum
    def _gc_old(self):
        self.sudo().search(
            [("create_date", "<", fields.Datetime.now() - timedelta(days=1))], limit=100_000
        ).unlink()
