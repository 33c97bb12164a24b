"""Which channel a notice takes, whom it is addressed to, and why not a channel preferred to it."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common.channel import Obstacle
from ..common.company_words import by_company, in_words_of_company
from ..common.guarded_fields import as_action
from .notice import UNSENT_STATES


class Choice(NamedTuple):
    """The ``channel`` a ``notice`` takes to ``contact``, and the obstacles of those passed over, by channel."""

    notice: models.Model
    channel: str
    contact: models.Model
    passed_over: dict[str, Obstacle]

    @property
    def reason(self):
        """Why the notice does not take a channel preferred to its own, False when there is none."""
        env = self.notice.env
        reasons = [
            env._(
                "%(channel)s: %(reason)s",
                channel=env["recovery.channel"]._label_of(channel),
                reason=obstacle.reason,
            )
            for channel, obstacle in self.passed_over.items()
        ]
        return "\n".join(reasons) or False


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

    def _reach(self, channel, candidates):
        """Return whom of ``candidates`` the channel reaches and None, or the first one and the obstacle."""
        way = self.env["recovery.channel"]._thing(channel)
        obstacles = []
        for contact in candidates:
            obstacles.append(way._why_not(contact))
            if not obstacles[-1]:
                return contact, None
        return candidates[:1], obstacles[0]

    def _choose_channels(self):
        """Give each notice the first channel that reaches the debtor, the debtor's own preference first.

        One that a person chose comes before it.
        """
        for _company, notices in by_company(self):
            notices._choose_channels_of_company()

    def _choose_channels_of_company(self):
        by_hand = self.filtered("channel_by_hand")
        choices = [notice._choice(notice._channels_now()) for notice in by_hand]
        alike = (self - by_hand).grouped(lambda notice: (notice.level_id, notice.partner_id.recovery_channel))
        for (level, wish), notices in alike.items():
            channels = level._channels_by_preference(wish)
            choices += [notice._choice(channels) for notice in notices]
        self._take_channels(choices)

    def _keep_or_change_channels(self):
        """Change the channel where it is not the debtor's wish any more, or no longer reaches the debtor.

        Returns the unchanged notices.
        """
        choices = [
            notice._choice(notice._channels_now()) for notice in self if not notice._fits(notice.channel)
        ]
        changed = self.browse(
            choice.notice.id for choice in choices if choice.channel != choice.notice.channel
        )
        self._take_channels(choices)
        if changed:
            self._trigger_sending()
        return self - changed

    def _fits(self, channel):
        """Whether the notice may go as it is: over the channel wanted first, to a contact it reaches."""
        wanted = self._channels_now()[:1]
        return (
            wanted == [channel]
            and self.contact_id
            and not self._not_offered(channel)
            and not self.env["recovery.channel"]._thing(channel)._why_not(self.contact_id)
        )

    def _not_offered(self, channel):
        """Return the obstacle where the level does not go by the notice's own ``channel`` any more, else None.

        What a person chose is taken, offered or not.
        """
        offered = self.level_id._channels_by_preference(False)
        if self.channel_by_hand or not offered or channel in offered:
            return None
        return Obstacle("not_offered", self.env._("the level does not go by it any more"))

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

    def _choice(self, channels):
        """Return the first of ``channels`` that reaches the debtor; the notice's own where none does."""
        candidates = self.partner_id._recovery_addressees()
        passed_over = {}
        for channel in dict.fromkeys(channels):
            contact, obstacle = self._reach(channel, candidates)
            if channel == self.channel:
                obstacle = self._not_offered(channel) or obstacle
            if not obstacle:
                return Choice(self, channel, contact, passed_over)
            passed_over[channel] = obstacle
        return Choice(self, self.channel, candidates[:1], passed_over)

    def _log_withheld(self, rows):
        """Write down today which contacts were withheld: (notice, channel, obstacle) each."""
        self.env["recovery.withheld"]._log_today(rows)

    @api.model
    def _take_channels(self, choices):
        """Write the choices, all in one query as most have a contact of their own; log what was passed over.

        What a person chose and the notice cannot take is not what the person chose any more.
        """
        if not choices:
            return
        names = ["channel", "contact_id", "channel_reason", "channel_by_hand"]
        self.flush_model(names)
        rows = [
            (choice.notice.id, choice.channel, choice.contact.id or None, choice.reason or None)
            for choice in choices
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE recovery_notice notice
                   SET channel = choice.channel, contact_id = choice.contact_id,
                       channel_reason = choice.reason,
                       channel_by_hand = notice.channel_by_hand AND notice.channel = choice.channel,
                       write_uid = %s, write_date = NOW() AT TIME ZONE 'UTC'
                  FROM unnest(%s::int[], %s::text[], %s::int[], %s::text[])
                       AS choice(id, channel, contact_id, reason)
                 WHERE notice.id = choice.id AND notice.id = ANY(%s)
                """,
                self.env.uid,
                *([row[column] for row in rows] for column in range(4)),
                [choice.notice.id for choice in choices],
            )
        )
        self.browse(row[0] for row in rows).invalidate_recordset([*names, "write_uid", "write_date"])
        self._log_withheld(
            [
                (choice.notice, channel, obstacle)
                for choice in choices
                for channel, obstacle in choice.passed_over.items()
            ]
        )

    def action_switch_channel(self):
        """Send notices that did not go out over the next channel of their level that reaches the debtor.

        Raises UserError when a notice has no other channel.
        """
        self.check_access("write")
        self._require_state(*UNSENT_STATES)
        self._require_no_open_attempt()
        choices = [
            in_words_of_company(notice)._choice(
                [other for other in notice.level_id._channels() if other != notice.channel]
            )
            for notice in self
        ]
        for choice in choices:
            if choice.channel == choice.notice.channel:
                raise UserError(
                    self.env._(
                        "%(notice)s has no other channel: %(why)s. Complete the debtor's addresses, or add a "
                        "channel to the level.",
                        notice=choice.notice.display_name,
                        why=choice.reason or self.env._("its level has one channel only"),
                    )
                )
        self._take_channels(choices)
        as_action(self).channel_by_hand = True
        self.filtered(lambda notice: notice.state != "draft")._queue_for_sending()
