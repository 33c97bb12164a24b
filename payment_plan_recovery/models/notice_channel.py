"""Which channel a notice takes, whom it is addressed to, and why not a channel preferred to it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, ormcache

from .dunning_level import all_channels
from .withheld import Obstacle


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_channel = fields.Selection(
        all_channels,
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

    channel_by_hand = fields.Boolean(
        string="Channel chosen by hand",
        readonly=True,
        copy=False,
        help="A person chose the channel of this notice: the debtor's own preference does not change it.",
    )

    def _channel_checks(self):
        """Return, by channel, the method that says what keeps a contact from being reached.

        It returns an :class:`Obstacle`, or None when nothing does. A new channel adds its own.
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
            return Obstacle("opt_out", self.env._("the debtor asked for no e-mail"))
        if not email_normalize(contact.email or ""):
            return Obstacle("no_address", self.env._("no valid e-mail address"))
        if contact.is_blacklisted:
            return Obstacle("blacklisted", self.env._("the address %s is on the blacklist", contact.email))
        if contact.message_bounce:
            return Obstacle("bounced", self.env._("mails to %s came back", contact.email))
        return None

    def _why_no_sms(self, contact):
        if contact.commercial_partner_id.recovery_no_sms:
            return Obstacle("opt_out", self.env._("the debtor asked for no text message"))
        if not contact.phone:
            return Obstacle("no_address", self.env._("no telephone number"))
        return None

    def _why_no_letter(self, contact):
        if not (contact.street and (contact.city or contact.zip)):
            return Obstacle("no_address", self.env._("no complete postal address"))
        return None

    def _why_no_call(self, contact):
        if contact.commercial_partner_id.recovery_no_phone:
            return Obstacle("opt_out", self.env._("the debtor asked not to be called"))
        return None

    def _reach(self, channel, candidates):
        """Return whom of ``candidates`` the channel reaches and None, or the first one and the obstacle."""
        check = self._channel_checks()[channel]
        obstacles = []
        for contact in candidates:
            obstacles.append(check(contact))
            if not obstacles[-1]:
                return contact, None
        return candidates[:1], obstacles[0]

    def _choose_channels(self):
        """Give each notice the first channel that reaches the debtor, the debtor's own preference first."""
        passed_over = []
        for (level, wish), notices in self.grouped(
            lambda notice: (notice.level_id, notice.partner_id.recovery_channel)
        ).items():
            channels = level._channels_by_preference(wish)
            for notice in notices:
                passed_over += notice._take_channel(channels)
        self._log_withheld(passed_over)

    def _keep_or_change_channels(self):
        """Change the channel where it is not the debtor's wish any more, or no longer reaches the debtor.

        Returns the unchanged notices.
        """
        unchanged, passed_over = self.browse(), []
        for notice in self:
            channel = notice.channel
            if notice._fits(channel):
                unchanged += notice
                continue
            passed_over += notice._take_channel(notice._channels_now())
            if notice.channel == channel:
                unchanged += notice
        self._log_withheld(passed_over)
        if unchanged != self:
            self._trigger_sending()
        return unchanged

    def _fits(self, channel):
        """Whether the notice may go as it is: over the channel wanted first, to a contact it reaches."""
        wanted = self._channels_now()[:1]
        return (
            wanted == [channel] and self.contact_id and not self._channel_checks()[channel](self.contact_id)
        )

    def _channels_now(self):
        """Return the notice's channels as it goes: the debtor's wish, its own channel, the level's others.

        A channel that a person chose for the notice comes first.
        """
        wish = self.partner_id.recovery_channel
        preferred = self._preferred_channels()
        first = [wish] if wish in preferred and not self.channel_by_hand else []
        return list(dict.fromkeys([*first, self.channel, *preferred]))

    def _preferred_channels(self):
        return self.level_id._channels_by_preference(self.partner_id.recovery_channel)

    def _take_channel(self, channels):
        """Take the first of ``channels`` that reaches the debtor; return those passed over, for the log."""
        candidates = self.partner_id._recovery_addressees()
        reasons, passed_over = [], []
        for channel in dict.fromkeys(channels):
            contact, obstacle = self._reach(channel, candidates)
            if not obstacle:
                self._set_channel(channel, contact, reasons)
                break
            reasons.append(f"{self._channel_labels()[channel]}: {obstacle.reason}")
            passed_over.append((self, channel, obstacle))
        else:
            self._set_channel(self.channel, candidates[:1], reasons)
        return passed_over

    @api.model
    @ormcache("self.env.lang")
    def _channel_labels(self):
        return dict(self._fields["channel"]._description_selection(self.env))

    def _log_withheld(self, rows):
        """Write down today which contacts were withheld: (notice, channel, obstacle) each."""
        self.env["recovery.withheld"]._log(rows, fields.Date.context_today(self))

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
        passed_over = []
        for notice in self:
            channel = notice.channel
            others = [other for other in notice._preferred_channels() if other != channel]
            passed_over += notice._take_channel(others)
            if notice.channel == channel:
                raise UserError(
                    self.env._(
                        "%(notice)s has no other channel: %(why)s. Complete the debtor's addresses, or add a "
                        "channel to the level.",
                        notice=notice.display_name,
                        why=notice.channel_reason or self.env._("its level has one channel only"),
                    )
                )
        self._log_withheld(passed_over)
        self.channel_by_hand = True
        self.filtered(lambda notice: notice.state != "draft")._queue_for_sending()
