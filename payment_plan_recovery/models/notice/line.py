"""The claims of a notice, each with what was owed when it was made."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..message.claim_content import ClaimContent
from .delivery import PAPER

#: Why a line is left out when a run of the day would judge its claim so.
DROPPED_FOR = {
    "in_plan": "in_plan",
    "in_cure": "in_cure",
    "on_hold": "on_hold",
    "do_not_chase": "excluded",
    "let_go": "let_go",
}


class RecoveryNoticeLine(models.Model):
    """One claim in a notice, with what was owed when the notice was made."""

    _name = "recovery.notice.line"
    _description = "Notice Line"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "notice_id, date_due, id"
    # Lines are made by the ten thousand, each with its notice, which tells who made it and when.
    _log_access = False

    notice_id = fields.Many2one("recovery.notice", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="notice_id.company_id")
    partner_id = fields.Many2one(related="notice_id.partner_id")
    date = fields.Date(related="notice_id.date")
    level_id = fields.Many2one(
        "recovery.dunning.level", required=True, ondelete="restrict", help="Level the claim is raised to."
    )
    policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Policy then",
        ondelete="restrict",
        help="Policy that the claim was under when a run made the notice; under another one it does not go.",
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal item", index="btree_not_null", ondelete="cascade"
    )
    instalment_id = fields.Many2one("recovery.plan.instalment", index="btree_not_null", ondelete="cascade")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True, help="The claim's own currency."
    )
    amount_residual = fields.Monetary(
        help="Owed on the notice's date and not covered by money received, in the claim's currency."
    )
    date_due = fields.Date()
    is_live = fields.Boolean(
        default=True,
        required=True,
        help="Counts for the escalation; false once the notice is ignored or cancelled.",
    )
    drop_reason = fields.Selection(
        [
            ("settled", "Settled"),
            ("covered", "Covered by money received"),
            ("in_plan", "In a plan"),
            ("in_cure", "Asked for by the cure notice"),
            ("on_hold", "On hold"),
            ("excluded", "Excluded from follow-up"),
            ("other_rules", "Chased by other rules now"),
            ("due_moved", "Due on another day now"),
            ("let_go", "Small residue, or discount earned"),
            ("below_minimum", "Below the minimum of its level now"),
            ("other_debtor", "Owed by another debtor now"),
        ],
        readonly=True,
        help="Why the claim was left out when the notice was about to go.",
    )

    # No claim gets a level twice, whatever is killed or run concurrently.
    _one_level_per_item = models.UniqueIndex(
        "(move_line_id, level_id) WHERE is_live AND move_line_id IS NOT NULL",
        "This claim has a notice of the same level already. Propose again: what others noticed is left out.",
    )
    _one_level_per_instalment = models.UniqueIndex(
        "(instalment_id, level_id) WHERE is_live AND instalment_id IS NOT NULL",
        "This instalment has a notice of the same level already. Propose again: what others noticed is left "
        "out.",
    )

    @api.depends("move_line_id.currency_id", "instalment_id.currency_id")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = line.move_line_id.currency_id or line.instalment_id.currency_id

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_given_up(self):
        """What a notice that was sent asked for is evidence as it is."""
        self.notice_id._unlink_unless_given_up()

    def _claim(self):
        """Return what the line is about: (id of the journal item, id of the instalment), one of them None."""
        self.ensure_one()
        return self.move_line_id.id or None, self.instalment_id.id or None

    def _unfit_levels(self, scope):
        """Return {claim: levels of these lines whose filters, as they stand in a run's ``scope``, leave it out}.

        A filter that cannot be read leaves nobody out, and an item filter says nothing of an instalment.
        """
        unfit = defaultdict(self.env["recovery.dunning.level"].browse)
        kinds = (("notice_id.partner_id", scope.debtor_filters), ("move_line_id", scope.item_filters))
        for level, lines in self.grouped("level_id").items():
            for path, filters in kinds:
                told = lines.filtered(path)
                if level not in filters or not told:
                    continue
                query = SQL(
                    "SELECT id FROM (%s) meant WHERE id = ANY(%s)", filters[level], told.mapped(path).ids
                )
                meant = told.mapped(path).browse(row[0] for row in self.env.execute_query(query))
                for line in told.filtered(
                    lambda line, path=path, meant=meant: line.mapped(path) not in meant
                ):
                    unfit[line._claim()] |= level
        return unfit

    def _reason_to_drop(self, claim, today):
        """Return why the line is left out; None when its claim is still to be chased as the line says.

        :param claim: the row that a run's statement has for it ``today``, None when the debtor owes it no more
        """
        debtor = self.move_line_id.partner_id.commercial_partner_id
        if debtor and debtor != self.notice_id.partner_id:
            return "other_debtor"
        if not claim:
            return "settled"
        if claim["reason"] in DROPPED_FOR:
            return DROPPED_FOR[claim["reason"]]
        if claim["reason"] in ("no_policy", "own_company") and self.notice_id.run_id:
            return "excluded"  # a notice that no run made, of a plan's cure, asks no policy
        return self._reason_of_change(claim, today)

    def _reason_of_change(self, claim, today):
        """Return what is not as the line says any more of a ``claim`` that is still chased; None for nothing."""
        if claim["amount_residual"] <= 0:
            return "covered"
        if self.policy_id and (self.policy_id.id != claim["policy_id"] or not self.level_id.active):
            return "other_rules"
        if claim["date_due"] != self.date_due:
            return "due_moved"
        return self._reason_of_level(claim, today) if self.policy_id else None

    def _reason_of_level(self, claim, today):
        """Return what the line's level, as it is declared now, says against it; None for nothing.

        What is past the level goes at it all the same; but nobody is reminded of a due date that has passed, unless
        the next level waits for that.
        """
        level = self.level_id
        if level in claim["unfit_levels"]:
            return "other_rules"
        if claim["level_id"] != level.id:
            is_late = self.date_due < today and level._trigger()._is_preventive(level.delay_days)
            return "other_rules" if is_late else None
        if claim["reason"] == "below_minimum":
            return "below_minimum"
        return "other_rules" if claim["day_reached"] and claim["day_reached"] > today else None

    def _content(self, day, receipts, covered, let_go=0.0):
        """Return the line as it is printed on ``day``.

        :param covered: what unmatched money lies over
        :param let_go: what nobody asks for besides: a discount that was earned in a plan
        """
        self.ensure_one()
        item, instalment, currency = self.move_line_id, self.instalment_id, self.currency_id
        amount = instalment.amount if instalment else item.amount_currency
        owed = instalment.amount_residual if instalment else item.amount_residual_currency
        return ClaimContent(
            number=instalment._recovery_number() if instalment else item._recovery_number(),
            date=item.move_id.invoice_date or item.date or instalment.plan_id.date_accepted,
            date_due=self.date_due,
            amount=amount,
            received=currency.round(amount - owed),
            # Less than the notice says is owed once money came after it: nothing is disputed then.
            disputed=max(currency.round(owed - covered - let_go - self.amount_residual), 0.0),
            residual=currency.round(self.amount_residual + covered + let_go),
            covered=covered,
            let_go=let_go,
            currency=currency,
            days_late=max((day - self.date_due).days, 0) if self.date_due else 0,
            receipts=tuple(receipts),
            # sudo: a notice is read whole, whichever branches are owed what it asks for
            branch=(item or instalment.plan_id).sudo().company_id.name,
        )

    @api.model
    def _told_sql(self, items: SQL) -> SQL:
        """Return a query of what was sent about ``items`` (a query's only column of journal items' ids).

        Its columns: move_line_id, the instant from which days count, whether the post carried it and when it
        arrived is not known, is_formal, notice_id.
        """
        # sudo: which levels are formal notices does not depend on who asks
        formal = self.env["recovery.dunning.level"].sudo().with_context(active_test=False)
        return SQL(
            """
            SELECT told.move_line_id, %(counted)s AS counted_at,
                   notice.channel = ANY(%(paper)s) AND notice.counts_from_delivery IS NOT TRUE AS by_post,
                   told.level_id = ANY(%(formal)s) AS is_formal, notice.id AS notice_id
              FROM (SELECT %(items)s AS id) item
              JOIN recovery_notice_line told ON told.move_line_id = item.id
              JOIN recovery_notice notice ON notice.id = told.notice_id
             WHERE notice.state = 'sent' AND %(counted)s IS NOT NULL
               AND told.drop_reason IS NULL -- left out before it went, or another debtor's by now
            """,
            counted=self.env["recovery.notice"]._counted_sql(),
            paper=list(PAPER),
            formal=formal.search([("letter_kind", "=", "formal_notice")]).ids,
            items=items,
        )

    @api.model
    def _items_sql(self, notices: SQL) -> SQL:
        """Return a query of the journal items that ``notices`` (a query's only column of ids) are about."""
        return SQL(
            "SELECT told.move_line_id FROM recovery_notice_line told WHERE told.notice_id IN (%s)"
            " AND told.move_line_id IS NOT NULL",
            notices,
        )
