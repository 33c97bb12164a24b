"""Levels of a dunning policy, with their channels."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


def by_preference(channels, wish):
    """Return a level's ``channels`` with the debtor's ``wish`` first when it is one of them."""
    return sorted(channels, key=lambda channel: channel != wish)


class RecoveryDunningLevel(models.Model):
    """One step of an escalation: when it is reached, over which channel and with which words."""

    _name = "recovery.dunning.level"
    _description = "Dunning Level"
    _inherit = ["recovery.dunning.rule", "recovery.filter"]
    _order = "policy_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    policy_id = fields.Many2one("recovery.dunning.policy", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10, help="Rank in the escalation.")
    active = fields.Boolean(
        default=True,
        help="An archived level is reached no more; what was sent at it stays in the debtors' files and counts.",
    )
    trigger = fields.Selection(
        lambda self: self.env["recovery.trigger"]._selection(),
        required=True,
        default="due_date",
        help="What the delay counts from.",
    )
    delay_days = fields.Integer(
        string="Delay (days)", help="Days after the trigger; negative for a reminder before the due date."
    )
    pace = fields.Selection(
        lambda self: self.env["recovery.pace"]._selection(),
        string="Day moves by",
        help="What the day may move by, within the bounds beside it: a claim that will be paid by itself is waited "
        "for, one that will not comes earlier. Empty: the day stays.",
    )
    days_early = fields.Integer(
        string="Earlier at most (days)", help="Days the level may come before its declared day."
    )
    days_late = fields.Integer(
        string="Later at most (days)", help="Days the level may come after its declared day."
    )
    pace_people = fields.Boolean(
        string="Moves for individuals too",
        help="The day moves for natural persons as well: only where somebody decided so, who answers for it.",
    )
    amount_min = fields.Monetary(
        string="Minimum amount",
        help="Claims of a debtor below this total, in company currency, are not chased.",
    )
    share_min = fields.Float(
        string="Minimum share (%)",
        help="Least share of the debtor's open total that the claims make up, in percent.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", compute_sudo=True)
    item_domain = fields.Char(
        default="[]", required=True, filters="account.move.line", help="Journal items the level applies to."
    )
    debtor_domain = fields.Char(
        default="[]", required=True, filters="res.partner", help="Debtors the level applies to."
    )
    channel_ids = fields.One2many(
        "recovery.dunning.level.channel",
        "level_id",
        string="Channels",
        copy=True,
        default=lambda self: self._default_channels(),
        help="In order of preference.",
    )
    message_ids = fields.One2many(
        "recovery.message", "level_id", string="Messages", help="The first whose debtor filter fits is used."
    )
    letter_kind = fields.Selection(
        lambda self: self.env["recovery.document"]._letters(),
        required=True,
        default="reminder",
        help="Document printed or attached at this level.",
    )
    payment_days = fields.Integer(
        string="Days to pay", default=8, help="Deadline printed in the message, in days from its date."
    )
    needs_approval = fields.Boolean(
        help="A person approves the notices of this level; others are queued when the run is confirmed."
    )

    _share_is_percentage = models.Constraint(
        "CHECK(share_min BETWEEN 0 AND 100)", "A minimum share lies between 0 and 100 %."
    )
    _amount_min_positive = models.Constraint(
        "CHECK(amount_min IS NULL OR amount_min >= 0)", "A minimum amount cannot be negative."
    )
    _pace_positive = models.Constraint(
        "CHECK(days_early >= 0 AND days_late >= 0)", "A day moves by 0 days or more, earlier and later."
    )
    _payment_days_positive = models.Constraint(
        "CHECK(payment_days >= 0)", "The days to pay cannot be negative."
    )

    @api.model
    def _default_channels(self):
        """Mail, else paper, else a person who finds out how to reach the debtor."""
        return [
            Command.create({"sequence": sequence, "channel": channel})
            for sequence, channel in enumerate(("email", "letter", "phone"), 1)
        ]

    def _compute_currency_id(self):
        for level in self:
            level.currency_id = level.policy_id.company_id.currency_id or self.env.company.currency_id

    @api.constrains("trigger", "delay_days")
    def _check_delay(self):
        """A notice is waited for, not reminded of before it was sent."""
        for level in self:
            if level._trigger()._waits_for_notice and level.delay_days < 0:
                raise ValidationError(
                    self.env._(
                        "“%s” waits for the previous notice and cannot come before it: give a delay of 0 days "
                        "or more.",
                        level.name,
                    )
                )

    @api.constrains("pace", "days_early", "days_late", "delay_days", "trigger", "letter_kind")
    def _check_pace(self):
        """No bound reaches over what the law or the policy ties to a level's day."""
        for level in self.filtered("pace"):
            if level.letter_kind != "reminder":
                raise ValidationError(
                    self.env._(
                        "“%s” prints a document that law or agreement ties days to: its own day does not move.",
                        level.name,
                    )
                )
            if level.delay_days < 0 <= level.delay_days + level.days_late:
                raise ValidationError(
                    self.env._(
                        "“%s” reminds before the due date: it may move to the day before at most.", level.name
                    )
                )
            if level._trigger()._waits_for_notice and level.days_early > level.delay_days:
                raise ValidationError(
                    self.env._("“%s” cannot move before the notice it waits for.", level.name)
                )

    @api.constrains(
        *("trigger", "delay_days", "sequence", "policy_id", "debtor_domain", "item_domain", "active"),
        *("pace", "days_early", "days_late"),
    )
    def _check_place(self):
        self.policy_id._check_levels()

    @api.ondelete(at_uninstall=False)
    def _unlink_leaves_a_first_level(self):
        """What follows a level may wait for its notice, and would wait for ever."""
        for policy in self.policy_id:
            left = (policy.level_ids - self).sorted()
            if left[:1]._trigger()._waits_for_notice:
                raise UserError(
                    self.env._(
                        "“%s” would be the first level, and waits for a previous notice. Let its delay count "
                        "from the due date first.",
                        left[0].name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        """The files of debtors refer to it."""
        lines = self.env["recovery.notice.line"].sudo()  # whoever may delete a level is told that it is used
        used = lines.search([("level_id", "in", self.ids)], limit=1).level_id
        if used:
            raise UserError(
                self.env._(
                    "“%s” is part of debtors' files and cannot be deleted. Archive it: it is reached no more.",
                    used.name,
                )
            )

    def _trigger(self):
        """Return what the level's delay counts from, as a thing of kind :class:`recovery.trigger`."""
        return self.env["recovery.trigger"]._of_level(self)

    def _is_before(self, earlier):
        """Whether this level, meant for the same claims as ``earlier``, may be reached before it."""
        earliest = self.delay_days - (self.days_early if self.pace else 0)
        latest = earlier.delay_days + (earlier.days_late if earlier.pace else 0)
        return (
            self._trigger()._is_before(earliest, earlier._trigger(), latest)
            and self.debtor_domain == earlier.debtor_domain
            and self.item_domain == earlier.item_domain
        )

    def _channels_by_preference(self, wish):
        """Return the channels taken by themselves, in order, the debtor's ``wish`` first when it is one of them."""
        own = self.channel_ids.filtered(lambda channel: not channel.is_by_hand)
        # of one level: its order among others is not asked about
        return by_preference(
            own.sorted(lambda channel: (channel.sequence, channel.id)).mapped("channel"), wish
        )

    def _channels(self):
        """Return all channels of the level in order, those that only a person chooses last."""
        ranked = self.channel_ids.sorted().sorted("is_by_hand")
        return ranked.mapped("channel")


class RecoveryDunningLevelChannel(models.Model):
    """One channel in a level's order of preference."""

    _name = "recovery.dunning.level.channel"
    _description = "Dunning Level Channel"
    _order = "level_id, sequence, id"

    level_id = fields.Many2one("recovery.dunning.level", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    channel = fields.Selection(lambda self: self.env["recovery.channel"]._selection(), required=True)
    is_by_hand = fields.Boolean(
        string="By hand only",
        help="Never taken by itself, whatever the debtor prefers: a person switches a notice to it.",
    )

    _once_per_level = models.Constraint("UNIQUE(level_id, channel)", "A level uses each channel once.")
