"""What a debtor writes on its page is kept on its file, and what it is written leads to where it is answered."""

from odoo import models

from ..common.company_words import words_of

#: The best of the ratings after which somebody is asked to look into it.
NOT_CONTENT = "2"
#: Where the page of each lies on the debtor's account.
PATHS = {"recovery.dispute": "disputes", "recovery.request": "requests"}


class RecoveryExchange(models.AbstractModel):
    _inherit = "recovery.exchange"

    def _portal_say(self, body, author, files):
        """Keep what the debtor writes, with its ``files``, as an interaction too, and ask the person responsible."""
        self._said_by_debtor(body, author, files)
        said = words_of(self.company_id)._("%(who)s wrote: %(what)s", who=author.name, what=body.strip())
        self.partner_id._portal_note(self.company_id, said)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Give the debtor and its contacts, whom Odoo gives no button, the way to the exchange by the debtor's link."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        # sudo: whoever writes to a debtor gives it its link; which contacts are the debtor's is no secret
        exchange = self.sudo()[:1]
        link = exchange.partner_id._recovery_portal_link(exchange.company_id) if exchange else None
        if not link:
            return groups
        debtor = exchange.partner_id.commercial_partner_id
        ours = debtor.search([("commercial_partner_id", "=", debtor.id), ("recovery_no_portal", "=", False)])
        known = set(ours.ids)
        way = {
            "url": f"{link._url()}/{PATHS[self._name]}/{exchange.id}",
            "title": self.env._("See it online and answer"),
        }
        group = {"active": True, "has_button_access": True, "button_access": way}
        return [["debtor", lambda to: to["type"] != "user" and to["id"] in known, group], *groups]


class RecoveryRated(models.AbstractModel):
    _inherit = "recovery.rated"

    def _portal_rate(self, what, rating, comment, author):
        """Keep how the debtor was treated, it says; whoever follows it looks into what it was not content with.

        :param what: what it was about, for the file; ``author``: who says so
        """
        self._rate(rating, comment)
        words = words_of(self.company_id)
        said = words._(
            "%(who)s rated how we treated %(what)s: %(rating)s of 5.", who=author, what=what, rating=rating
        )
        told = (
            {"record": self, "summary": words._("A debtor is not content")} if rating <= NOT_CONTENT else {}
        )
        self.partner_id._portal_note(
            self.company_id, " ".join([said, (comment or "").strip()]).strip(), **told
        )
