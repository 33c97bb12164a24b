"""Which channel a notice takes, whom it is addressed to, and why not a channel preferred to it."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .dunning_level import CHANNELS


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_channel = fields.Selection(
        CHANNELS,
        string="Preferred channel",
        help="Taken first for this debtor's notices, wherever the level of dunning allows it.",
    )
    recovery_no_email = fields.Boolean(
        string="No dunning by e-mail", help="The debtor asked not to be e-mailed."
    )
    recovery_no_sms = fields.Boolean(
        string="No dunning by SMS", help="The debtor asked for no text messages."
    )
    recovery_no_phone = fields.Boolean(
        string="No dunning by phone", help="The debtor asked not to be called."
    )


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    channel_reason = fields.Text(
        string="Why this channel",
        readonly=True,
        copy=False,
        help="Why the notice does not take a channel the level or the debtor prefers.",
    )

    def _channel_checks(self):
        """Return, by channel, what keeps a contact from being reached: a method that says why, or nothing.

        A new channel adds its own.
        """
        return {
            "email": self._why_no_email,
            "sms": self._why_no_sms,
            "letter": self._why_no_letter,
            "registered": self._why_no_letter,
            "phone": self._why_no_call,
        }

    def _why_no_email(self, contact):
        if contact.commercial_partner_id.recovery_no_email:
            return self.env._("the debtor asked for no e-mail")
        if not email_normalize(contact.email or ""):
            return self.env._("no valid e-mail address")
        if contact.is_blacklisted:
            return self.env._("the address %s is on the blacklist", contact.email)
        if contact.message_bounce:
            return self.env._("mails to %s came back", contact.email)
        return None

    def _why_no_sms(self, contact):
        if contact.commercial_partner_id.recovery_no_sms:
            return self.env._("the debtor asked for no text message")
        if not contact.phone:
            return self.env._("no telephone number")
        return None

    def _why_no_letter(self, contact):
        if not (contact.street and (contact.city or contact.zip)):
            return self.env._("no complete postal address")
        return None

    def _why_no_call(self, contact):
        if contact.commercial_partner_id.recovery_no_phone:
            return self.env._("the debtor asked not to be called")
        return None

    def _reach(self, channel):
        """Return the contact whom ``channel`` reaches and None, or the debtor's first one and why not."""
        check = self._channel_checks()[channel]
        candidates = self._addressees()
        for contact in candidates:
            if not check(contact):
                return contact, None
        return candidates[:1], check(candidates[:1])

    def _addressees(self):
        """Return the debtor's contacts, the one for invoices first."""
        debtor = self.partner_id
        invoicing = debtor.browse(debtor.address_get(["invoice"])["invoice"])
        return invoicing | debtor | debtor.child_ids.filtered(lambda child: not child.is_company)

    def _choose_channels(self):
        """Give each notice the first channel that reaches the debtor, the debtor's own preference first."""
        for notice in self:
            notice._take_channel(notice._preferred_channels())

    def _keep_or_change_channels(self):
        """Change the channel where it no longer reaches the debtor; return the unchanged notices."""
        unchanged = self.browse()
        for notice in self:
            channel = notice.channel
            notice._take_channel([channel, *notice._preferred_channels()])
            if notice.channel == channel:
                unchanged += notice
        if unchanged != self:
            self._trigger_sending()
        return unchanged

    def _preferred_channels(self):
        channels = self.level_id.channel_ids.sorted().mapped("channel")
        return sorted(channels, key=lambda channel: channel != self.partner_id.recovery_channel)

    def _take_channel(self, channels):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        reasons = []
        for channel in dict.fromkeys(channels):
            contact, problem = self._reach(channel)
            if not problem:
                self._set_channel(channel, contact, reasons)
                return
            reasons.append(f"{labels[channel]}: {problem}")
        self._set_channel(self.channel, self._addressees()[:1], reasons)

    def _set_channel(self, channel, contact, reasons):
        reason = "\n".join(reasons) or False
        if (self.channel, self.contact_id, self.channel_reason) != (channel, contact, reason):
            self._bulk_write({"channel": channel, "contact_id": contact.id, "channel_reason": reason})

    def action_switch_channel(self):
        """Send notices that did not go out over the next channel of their level that reaches the debtor.

        Raises UserError when a notice has no other channel.
        """
        self._require_state("draft", "approved", "queued", "failed")
        self._require_no_open_attempt()
        for notice in self:
            channel = notice.channel
            others = [other for other in notice._preferred_channels() if other != channel]
            notice._take_channel(others)
            if notice.channel == channel:
                raise UserError(
                    self.env._(
                        "%(notice)s has no other channel: %(why)s. Complete the debtor's addresses, or add a "
                        "channel to the level.",
                        notice=notice.display_name,
                        why=notice.channel_reason or self.env._("its level has one channel only"),
                    )
                )
        self.filtered(lambda notice: notice.state != "draft")._queue_for_sending()
