"""The dunning engine: one statement that gives every open claim its policy, level and reason.

Facts, then decision: the first steps of the statement gather what is known of each claim, the steps
after them try the reasons of ``recovery.dunning.reason`` in order. Proposal, run, counts and
"why not?" all read this statement; asked about one debtor, it is the same statement over that
debtor's claims. See docs/engine.md for how to add a trigger or a reason.
"""

from odoo import api, models
from odoo.tools import SQL

from .dunning_reason import SELECTED


class RecoveryDunningEngine(models.AbstractModel):
    _name = "recovery.dunning.engine"
    _description = "Dunning Engine"

    @api.model
    def _statement(self, scope) -> SQL:
        """Query with one row per open claim of ``scope`` at its date, its single reason in column ``reason``.

        Columns: id, move_line_id, instalment_id, partner_id, policy_id, level_id, notice_level_id, channel,
        day_reached, date_due, currency_id, amount_residual, amount_company, reason. Amounts leave out
        what a hold on a part of the item disputes.
        """
        return SQL(
            "WITH %s SELECT * FROM judged",
            SQL(", ").join(
                SQL("%s AS (%s)", SQL.identifier(name), query) for name, query in self._steps(scope).items()
            ),
        )

    def _steps(self, scope) -> dict[str, SQL]:
        """The statement's steps by name, each reading the ones before."""
        return {
            "policy": self._step_policy(scope),
            "level": self._step_level(scope),
            "channel": self._step_channel(scope),
            "claim": self._step_claim(scope),
            "debtor": self._step_debtor(scope),
            "item_hold": self._step_item_hold(scope),
            "fact": self._step_fact(scope),
            "noticed": self._step_noticed(scope),
            "history": self._step_history(scope),
            "reached": self._step_reached(scope),
            "credit": self._step_credit(scope),
            "open_total": self._step_open_total(scope),
            "netted": self._step_netted(scope),
            "weighed": self._step_weighed(scope),
            "contact": self._step_contact(scope),
            "notice": self._step_notice(scope),
            "budgeted": self._step_budgeted(scope),
            "judged": self._step_judged(scope),
        }

    # ---------------------------------------------------------------------
    # Declared facts
    # ---------------------------------------------------------------------

    def _step_policy(self, scope) -> SQL:
        policies = scope.policies
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::bool[], %s::bool[], %s::bool[], %s::int[], %s::bool[])"
            " AS p(id, position, do_not_chase, catch_up, by_debtor, min_interval_days, broken)",
            policies.ids,
            list(range(len(policies))),
            policies.mapped("do_not_chase"),
            [policy.escalation == "catch_up" for policy in policies],
            [policy.grouping == "debtor" for policy in policies],
            policies.mapped("min_interval_days"),
            [policy in scope.problems and not policy.do_not_chase for policy in policies],
        )

    def _step_level(self, scope) -> SQL:
        levels = scope.levels
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::int[], %s::numeric[], %s::numeric[],"
            " %s::bool[])"
            " AS l(id, policy_id, rank, trigger, delay_days, amount_min, share_min, broken)",
            levels.ids,
            [level.policy_id.id for level in levels],
            [scope.ranks[level.id] for level in levels],
            levels.mapped("trigger"),
            levels.mapped("delay_days"),
            [str(level.amount_min) for level in levels],
            [str(level.share_min) for level in levels],
            [level in scope.problems for level in levels],
        )

    def _step_channel(self, scope) -> SQL:
        channels = scope.levels.channel_ids.sorted(lambda line: (line.level_id.id, line.sequence, line.id))
        bits = {channel: 1 << bit for bit, channel in enumerate(self._channel_needs())}
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::text[], %s::int[])"
            " AS c(level_id, position, channel, needs)",
            [channel.level_id.id for channel in channels],
            list(range(len(channels))),
            channels.mapped("channel"),
            [bits[channel.channel] for channel in channels],
        )

    @api.model
    def _channel_needs(self) -> dict[str, SQL]:
        """{channel: condition on a contact of the debtor (``contact``) for the channel to reach it}.

        A call needs no number: its activity asks a person to find one.
        """
        postal = SQL("contact.street <> '' AND (contact.city <> '' OR contact.zip <> '')")
        return {
            "email": SQL("contact.email <> ''"),
            "sms": SQL("contact.phone <> ''"),
            "letter": postal,
            "registered": postal,
            "phone": SQL("TRUE"),
        }

    @api.model
    def _trigger_days(self) -> dict[str, SQL]:
        """{trigger of a level: SQL of the day its delay counts from, NULL while there is none}."""
        return {
            "due_date": SQL("fact.date_due"),
            "month_end": SQL(
                "(date_trunc('month', fact.date_due) + interval '1 month' - interval '1 day')::date"
            ),
            "previous_notice": SQL("history.sent_on"),
        }

    # ---------------------------------------------------------------------
    # Facts of the ledger
    # ---------------------------------------------------------------------

    def _in_scope(self, scope, column: SQL) -> SQL:
        """Keep the debtors asked for."""
        return (
            SQL("TRUE")
            if scope.partner_ids is None
            else SQL("%s = ANY(%s::int[])", column, scope.partner_ids)
        )

    def _step_claim(self, scope) -> SQL:
        """Open claims, and the items of live plans: these get the reason ``in_plan``."""
        return SQL(
            """
            SELECT claim.id, claim.move_line_id, claim.instalment_id, claim.partner_id, claim.account_id,
                   claim.currency_id, claim.date_due, claim.amount_residual, claim.amount_company,
                   claim.no_followup, claim.chosen_policy_id, claim.chosen_level_id, FALSE AS covered
              FROM recovery_claim claim
             WHERE claim.company_id = %(company)s AND %(claim_scope)s
             UNION ALL
            SELECT 2 * item.id, item.id, NULL, debtor.commercial_partner_id, item.account_id,
                   item.currency_id, COALESCE(item.date_maturity, item.date), item.amount_residual_currency,
                   item.amount_residual, FALSE, NULL, NULL, TRUE
              FROM recovery_plan_item covered
              JOIN account_move_line item ON item.id = covered.move_line_id
              JOIN res_partner debtor ON debtor.id = item.partner_id
             WHERE covered.is_live AND item.company_id = %(company)s AND item.amount_residual_currency > 0
               AND %(item_scope)s
            """,
            company=scope.company.id,
            claim_scope=self._in_scope(scope, SQL("claim.partner_id")),
            item_scope=self._in_scope(scope, SQL("debtor.commercial_partner_id")),
        )

    def _step_debtor(self, scope) -> SQL:
        """Debtors with the policy they choose for each kind of claim, their holds and the levels not meant for them."""
        filters = scope.debtor_filters
        return SQL(
            """
            SELECT debtor.id,
                   %(item_policy)s AS item_policy_id,
                   %(instalment_policy)s AS instalment_policy_id,
                   hold.partner_id IS NOT NULL AS held,
                   %(unfit_levels)s AS unfit_levels
              FROM res_partner debtor
              LEFT JOIN (
                   SELECT DISTINCT hold.partner_id
                     FROM recovery_hold hold
                    WHERE %(hold_applies)s
                      AND NOT EXISTS (
                          SELECT FROM account_move_line_recovery_hold_rel rel WHERE rel.recovery_hold_id = hold.id
                      )
              ) hold ON hold.partner_id = debtor.id
              %(filters)s
             WHERE %(scope)s
            """,
            item_policy=self._chosen_policy(scope, "item"),
            instalment_policy=self._chosen_policy(scope, "instalment"),
            unfit_levels=self._unfit_levels(scope, filters),
            hold_applies=self._hold_applies(scope),
            filters=self._filter_joins(filters, SQL("debtor.id")),
            scope=self._in_scope(scope, SQL("debtor.id")),
        )

    def _chosen_policy(self, scope, kind) -> SQL:
        """The debtor's own policy, else the first that fits, else the company's, among those meant for ``kind``."""
        debtors = self.env["res.partner"].with_company(scope.company)
        own = debtors._fields["recovery_policy_id"].to_sql(debtors, "debtor")
        branches = [SQL("WHEN %s = ANY(%s::int[]) THEN %s", own, self._choosable(scope, kind), own)]
        for policy in scope.policies.filtered(lambda policy: policy.claim_kind == kind):
            fits = self._fits(scope, policy)
            if fits is not None:
                branches.append(SQL("WHEN %s THEN %s", fits, policy.id))
        default = scope.company.recovery_dunning_policy_id
        default_id = default.id if default.id in self._choosable(scope, kind) else None
        return SQL("CASE %s ELSE %s::int END", SQL(" ").join(branches), default_id)

    def _choosable(self, scope, kind) -> list[int]:
        """Policies that a person may have set on an invoice or a debtor for claims of ``kind``."""
        return scope.policies.filtered(lambda policy: policy.claim_kind == kind or policy.do_not_chase).ids

    def _fits(self, scope, policy) -> SQL | None:
        """Whether the policy's filter keeps the debtor; None when the filter does not compile."""
        if policy in scope.debtor_filters:
            return SQL("%s.id IS NOT NULL", self._filter_alias(policy))
        return None if policy in scope.problems and policy.level_ids else SQL("TRUE")

    def _filter_alias(self, record) -> SQL:
        return SQL.identifier(f"fit_{record._table}_{record.id}")

    def _filter_joins(self, filters, column: SQL) -> SQL:
        return SQL(" ").join(
            SQL(
                "LEFT JOIN (%s) AS %s ON %s.id = %s",
                query,
                self._filter_alias(record),
                self._filter_alias(record),
                column,
            )
            for record, query in filters.items()
        )

    def _unfit_levels(self, scope, filters) -> SQL:
        """Array of the levels whose filter leaves the row out."""
        levels = [level for level in filters if level._name == "recovery.dunning.level"]
        if not levels:
            return SQL("'{}'::int[]")
        return SQL(
            "array_remove(ARRAY[%s]::int[], NULL)",
            SQL(", ").join(
                SQL("CASE WHEN %s.id IS NULL THEN %s END", self._filter_alias(level), level.id)
                for level in levels
            ),
        )

    def _hold_applies(self, scope) -> SQL:
        return SQL(
            "hold.company_id = %(company)s AND hold.date_from <= %(date)s"
            " AND (hold.date_until IS NULL OR hold.date_until >= %(date)s)",
            company=scope.company.id,
            date=scope.date,
        )

    def _step_item_hold(self, scope) -> SQL:
        """Items on hold: as a whole, or for the disputed amount."""
        return SQL(
            """
            SELECT rel.account_move_line_id AS move_line_id,
                   BOOL_OR(hold.amount = 0) AS whole,
                   SUM(hold.amount) AS amount
              FROM recovery_hold hold
              JOIN account_move_line_recovery_hold_rel rel ON rel.recovery_hold_id = hold.id
             WHERE %s
             GROUP BY rel.account_move_line_id
            """,
            self._hold_applies(scope),
        )

    def _step_fact(self, scope) -> SQL:
        """Claims with their policy and the amounts left once disputed parts are taken off."""
        unit = str(scope.company.currency_id.rounding)
        return SQL(
            """
            SELECT claim.id, claim.move_line_id, claim.instalment_id, claim.partner_id, claim.currency_id,
                   claim.date_due, claim.covered, claim.chosen_level_id,
                   CASE WHEN %(part_held)s THEN claim.amount_residual - hold.amount
                        ELSE claim.amount_residual
                   END AS amount_residual,
                   CASE WHEN %(part_held)s
                        THEN ROUND(
                                 claim.amount_company * (claim.amount_residual - hold.amount)
                                 / claim.amount_residual / %(unit)s::numeric
                             ) * %(unit)s::numeric
                        ELSE claim.amount_company
                   END AS amount_company,
                   claim.amount_company AS amount_open,
                   claim.no_followup OR %(account_left_out)s AS no_followup,
                   debtor.held OR COALESCE(hold.whole OR hold.amount >= claim.amount_residual, FALSE) AS held,
                   CASE WHEN claim.chosen_policy_id = ANY(%(item_policies)s::int[]) THEN claim.chosen_policy_id
                        WHEN claim.instalment_id IS NULL THEN debtor.item_policy_id
                        ELSE debtor.instalment_policy_id
                   END AS policy_id,
                   %(unfit_levels)s AS unfit_levels
              FROM claim
              JOIN debtor ON debtor.id = claim.partner_id
              LEFT JOIN item_hold hold ON hold.move_line_id = claim.move_line_id
              %(filters)s
            """,
            unit=unit,
            part_held=SQL("NOT hold.whole AND hold.amount < claim.amount_residual"),
            account_left_out=self._account_left_out(scope),
            item_policies=self._choosable(scope, "item"),
            unfit_levels=self._unfit_levels_of_claim(scope),
            filters=self._filter_joins(scope.item_filters, SQL("claim.move_line_id")),
        )

    def _account_left_out(self, scope) -> SQL:
        accounts = scope.company.sudo().recovery_account_ids
        return SQL("claim.account_id <> ALL(%s::int[])", accounts.ids) if accounts else SQL("FALSE")

    def _unfit_levels_of_claim(self, scope) -> SQL:
        """Levels not meant for the debtor or for the item; an item filter says nothing of an instalment."""
        if not scope.item_filters:
            return SQL("debtor.unfit_levels")
        return SQL(
            "debtor.unfit_levels || CASE WHEN claim.instalment_id IS NULL THEN %s ELSE '{}'::int[] END",
            self._unfit_levels(scope, scope.item_filters),
        )

    def _step_noticed(self, scope) -> SQL:
        """Levels each claim was raised to by a notice that counts, with the day the notice was sent."""
        columns = SQL(
            "fact.id, fact.policy_id AS claim_policy_id, line.level_id, notice.state <> 'sent' AS unsent,"
            " CASE WHEN notice.state = 'sent' THEN %s END AS sent_on",
            self._day_sent(scope),
        )
        return SQL(
            """
            SELECT %(columns)s
              FROM fact
              JOIN recovery_notice_line line ON line.move_line_id = fact.move_line_id AND line.is_live
              JOIN recovery_notice notice ON notice.id = line.notice_id
             UNION ALL
            SELECT %(columns)s
              FROM fact
              JOIN recovery_notice_line line ON line.instalment_id = fact.instalment_id AND line.is_live
              JOIN recovery_notice notice ON notice.id = line.notice_id
            """,
            columns=columns,
        )

    def _day_sent(self, scope) -> SQL:
        """Day of the company on which a notice was sent."""
        return SQL(
            "COALESCE((notice.date_sent AT TIME ZONE 'UTC' AT TIME ZONE %s)::date, notice.date)",
            scope.timezone,
        )

    def _step_history(self, scope) -> SQL:
        return SQL(
            """
            SELECT noticed.id,
                   MAX(level.rank) FILTER (WHERE level.policy_id = noticed.claim_policy_id) AS rank,
                   ARRAY_AGG(noticed.level_id) AS level_ids,
                   BOOL_OR(noticed.unsent) AS unsent,
                   MAX(noticed.sent_on) AS sent_on
              FROM noticed
              LEFT JOIN level ON level.id = noticed.level_id
             GROUP BY noticed.id
            """
        )

    # ---------------------------------------------------------------------
    # Decision
    # ---------------------------------------------------------------------

    def _step_reached(self, scope) -> SQL:
        """Claims with the next level of their policy, the day it is reached, and the reasons of the claim alone.

        Step by step, the next level is the lowest one above those done. Catching up, it is the highest one
        whose day has come; a level that waits for the previous notice is not jumped to.
        """
        return SQL(
            """
            SELECT *, %(reason)s AS reason
              FROM (
                SELECT fact.*, %(date)s::date AS today, policy.do_not_chase, policy.by_debtor,
                       policy.broken AS policy_broken,
                       COALESCE(history.unsent, FALSE) AS unsent,
                       step.id AS level_id, step.rank, step.trigger, step.amount_min, step.share_min,
                       step.broken AS level_broken, step.day_reached
                  FROM fact
                  LEFT JOIN policy ON policy.id = fact.policy_id
                  LEFT JOIN history ON history.id = fact.id
                  LEFT JOIN LATERAL (
                    SELECT *
                      FROM (
                        SELECT level.*, forced.level,
                               CASE WHEN forced.level THEN %(date)s::date
                                    WHEN level.trigger = 'previous_notice' AND policy.catch_up AND %(jumped)s THEN NULL
                                    ELSE %(trigger_day)s + level.delay_days
                               END AS day_reached
                          FROM level
                          CROSS JOIN LATERAL (
                            SELECT level.id = fact.chosen_level_id
                                   AND COALESCE(level.id <> ALL(history.level_ids), TRUE) AS level
                          ) forced
                         WHERE level.policy_id = fact.policy_id
                           AND (level.rank > COALESCE(history.rank, 0) OR forced.level)
                           AND level.id <> ALL(fact.unfit_levels)
                      ) candidate
                     ORDER BY candidate.level DESC NULLS LAST,
                              CASE WHEN policy.catch_up AND candidate.day_reached <= %(date)s THEN candidate.rank END
                                  DESC NULLS LAST,
                              candidate.rank
                     LIMIT 1
                  ) step ON TRUE
                 WHERE %(wanted)s
              ) claim
            """,
            date=scope.date,
            wanted=SQL("TRUE")
            if scope.policy_ids is None
            else SQL("fact.policy_id = ANY(%s::int[])", scope.policy_ids),
            jumped=SQL("level.rank > MIN(level.rank) OVER ()"),
            trigger_day=self._trigger_day(),
            reason=self.env["recovery.dunning.reason"]._reason_case("claim"),
        )

    def _trigger_day(self) -> SQL:
        branches = (SQL("WHEN %s THEN %s", trigger, day) for trigger, day in self._trigger_days().items())
        return SQL("CASE level.trigger %s END", SQL(" ").join(branches))

    def _step_credit(self, scope) -> SQL:
        """What the ledger owes each debtor in each currency: payments and credit notes not reconciled yet."""
        return SQL(
            """
            SELECT debtor.commercial_partner_id AS partner_id, item.currency_id,
                   -SUM(item.amount_residual_currency) AS amount
              FROM account_move_line item
              JOIN account_account account ON account.id = item.account_id
              JOIN res_partner debtor ON debtor.id = item.partner_id
             WHERE account.account_type = 'asset_receivable'
               AND item.company_id = %s
               AND item.parent_state = 'posted'
               AND item.reconciled IS NOT TRUE
               AND item.amount_residual_currency < 0
               AND %s
             GROUP BY debtor.commercial_partner_id, item.currency_id
            """,
            scope.company.id,
            self._in_scope(scope, SQL("debtor.commercial_partner_id")),
        )

    def _step_open_total(self, scope) -> SQL:
        """Everything each debtor owes, in company currency; read only when a level asks for a share of it."""
        if not any(scope.levels.mapped("share_min")):
            return SQL("SELECT NULL::int AS partner_id, NULL::numeric AS amount WHERE FALSE")
        return SQL(
            "SELECT partner_id, SUM(amount_open) AS amount FROM fact WHERE NOT covered GROUP BY partner_id"
        )

    def _step_netted(self, scope) -> SQL:
        """Claims that reached a level, against the debtor's open credits in their currency."""
        return SQL(
            """
            SELECT *, %s AS credit_reason
              FROM (
                SELECT reached.*, COALESCE(credit.amount, 0) AS credit,
                       SUM(reached.amount_residual) OVER (PARTITION BY reached.partner_id, reached.currency_id)
                           AS due_total
                  FROM reached
                  LEFT JOIN credit
                    ON credit.partner_id = reached.partner_id AND credit.currency_id = reached.currency_id
                 WHERE reached.reason IS NULL
              ) claim
            """,
            self.env["recovery.dunning.reason"]._reason_case("credit"),
        )

    def _step_weighed(self, scope) -> SQL:
        """Claims that reached a level, with what their debtor owes at that level and in all, company currency."""
        return SQL(
            """
            SELECT *, COALESCE(credit_reason, %s) AS early_reason,
                   CASE WHEN by_debtor THEN 0 ELSE level_id END AS group_key
              FROM (
                SELECT netted.*, COALESCE(open_total.amount, 0) AS open_total,
                       SUM(netted.amount_company) FILTER (WHERE netted.credit_reason IS NULL)
                           OVER (PARTITION BY netted.partner_id, netted.level_id) AS level_total
                  FROM netted
                  LEFT JOIN open_total ON open_total.partner_id = netted.partner_id
              ) claim
            """,
            self.env["recovery.dunning.reason"]._reason_case("level"),
        )

    def _step_contact(self, scope) -> SQL:
        """Each debtor's contacts so far: sent, or on their way. Notices of one day over one channel are one contact."""
        window = scope.company.recovery_contact_window_days
        return SQL(
            """
            SELECT partner_id, MAX(day) AS last_contact,
                   COUNT(DISTINCT (day, channel)) FILTER (WHERE day > %(date)s::date - %(window)s) AS in_window
              FROM (
                SELECT notice.partner_id, notice.channel,
                       CASE WHEN notice.state = 'sent' THEN %(day_sent)s ELSE notice.date END AS day
                  FROM recovery_notice notice
                 WHERE notice.company_id = %(company)s
                   AND notice.state IN ('draft', 'approved', 'queued', 'sent')
                   AND %(scope)s
              ) contact
             GROUP BY partner_id
            """,
            date=scope.date,
            window=window,
            day_sent=self._day_sent(scope),
            company=scope.company.id,
            scope=self._in_scope(scope, SQL("notice.partner_id")),
        )

    def _step_notice(self, scope) -> SQL:
        """The notices that would be made: one per debtor and level, or one per debtor at the highest level."""
        return SQL(
            """
            SELECT *, %(reason)s AS notice_reason
              FROM (
                SELECT grouped.*, %(date)s::date AS today, policy.position, policy.min_interval_days,
                       reachable.channel, contact.last_contact, %(contacts_left)s AS contacts_left
                  FROM (
                    SELECT partner_id, policy_id, group_key, MAX(rank) AS rank,
                           (ARRAY_AGG(level_id ORDER BY rank DESC))[1] AS level_id
                      FROM weighed
                     WHERE early_reason IS NULL
                     GROUP BY partner_id, policy_id, group_key
                  ) grouped
                  JOIN policy ON policy.id = grouped.policy_id
                  LEFT JOIN contact ON contact.partner_id = grouped.partner_id
                  LEFT JOIN LATERAL (%(reachable)s) reachable ON TRUE
              ) notice
            """,
            date=scope.date,
            contacts_left=self._contacts_left(scope),
            reachable=self._reachable(),
            reason=self.env["recovery.dunning.reason"]._reason_case("notice"),
        )

    def _step_budgeted(self, scope) -> SQL:
        """The notices in the order in which the contact budget is spent on them.

        Highest level first; each further channel is one more contact. A notice that is not made anyway
        spends nothing.
        """
        return SQL(
            """
            SELECT *, COALESCE(notice_reason, %s) AS reason
              FROM (
                SELECT *, DENSE_RANK() OVER (PARTITION BY partner_id, notice_reason ORDER BY channel_rank)
                       AS contact_rank
                  FROM (
                    SELECT *, MIN(notice_rank) OVER (PARTITION BY partner_id, notice_reason, channel)
                           AS channel_rank
                      FROM (
                        SELECT *, ROW_NUMBER() OVER (
                                   PARTITION BY partner_id, notice_reason ORDER BY rank DESC, position, level_id
                               ) AS notice_rank
                          FROM notice
                      ) numbered
                  ) ranked
              ) notice
            """,
            self.env["recovery.dunning.reason"]._reason_case("contact"),
        )

    def _contacts_left(self, scope) -> SQL:
        """How many more contacts the company's budget allows the debtor on the date; NULL without limit."""
        company = scope.company
        maximum, gap = company.recovery_contact_max, company.recovery_contact_gap_days
        left = SQL("%s - COALESCE(contact.in_window, 0)", maximum) if maximum else SQL("NULL::bigint")
        if gap <= 0:
            return left
        return SQL(
            "CASE WHEN %(date)s::date - contact.last_contact < %(gap)s THEN 0 ELSE LEAST(%(left)s, 1) END",
            date=scope.date,
            gap=gap,
            left=left,
        )

    def _reachable(self) -> SQL:
        """First channel of the notice's level that reaches the debtor or its invoicing contact."""
        needs = SQL(" | ").join(
            SQL("CASE WHEN %s THEN %s ELSE 0 END", condition, 1 << bit)
            for bit, condition in enumerate(self._channel_needs().values())
        )
        return SQL(
            """
            SELECT channel.channel
              FROM channel
             WHERE channel.level_id = grouped.level_id
               AND channel.needs & (
                   SELECT BIT_OR(%s)
                     FROM res_partner contact
                    WHERE contact.commercial_partner_id = grouped.partner_id
                      AND (contact.id = grouped.partner_id OR contact.type = 'invoice' AND contact.active)
               ) <> 0
             ORDER BY channel.position
             LIMIT 1
            """,
            needs,
        )

    def _step_judged(self, scope) -> SQL:
        """Every claim with its one reason."""
        return SQL(
            """
            SELECT id, move_line_id, instalment_id, partner_id, policy_id, level_id, NULL::int AS notice_level_id,
                   NULL AS channel, day_reached, date_due, currency_id, amount_residual, amount_company, reason
              FROM reached
             WHERE reason IS NOT NULL
             UNION ALL
            SELECT claim.id, claim.move_line_id, claim.instalment_id, claim.partner_id, claim.policy_id,
                   claim.level_id, notice.level_id, notice.channel, claim.day_reached, claim.date_due,
                   claim.currency_id, claim.amount_residual, claim.amount_company,
                   COALESCE(claim.early_reason, notice.reason, %s)
              FROM weighed claim
              LEFT JOIN budgeted notice
                ON claim.early_reason IS NULL
               AND notice.partner_id = claim.partner_id
               AND notice.policy_id = claim.policy_id
               AND notice.group_key = claim.group_key
            """,
            SELECTED,
        )
