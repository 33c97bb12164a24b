"""Limitation of open claims: the last day to go to court, found for a whole ledger at once."""

import datetime
from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, format_date, split_every

from ...tools.limitation import Event, limitation
from ..common.planner import one_by_one, suiting
from .limitation_carried import Origin

#: Claims that are found and kept at once: no more of them are held in memory, however many are open.
PORTION = 5000


class Claim(NamedTuple):
    """What the limitation of one journal item is found from."""

    item_id: int
    debtor_id: int
    rule: Any
    kernel: Any
    due: datetime.date
    arose: datetime.date
    events: tuple


class RecoveryLimitation(models.Model):
    """When an open claim is time-barred, as last found. Renewed every night and when an event is entered."""

    _name = "recovery.limitation"
    _description = "Limitation"
    _inherit = ["recovery.limitation.warning"]
    _order = "expires_on, id"
    _rec_name = "move_line_id"

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Owed", help="Still open of the claim."
    )
    rule_id = fields.Many2one(
        "recovery.limitation.rule", readonly=True, ondelete="set null", help="Law applied."
    )
    expires_on = fields.Date(
        string="Barred after",
        readonly=True,
        index=True,
        help="Last day to act; empty while the period does not run, because of a suit or a mediation.",
    )
    state = fields.Selection(
        [("running", "Running"), ("stopped", "Stopped"), ("barred", "Time-barred")],
        readonly=True,
        help="Whether the period runs, stands still or is over.",
    )
    computed_on = fields.Date(readonly=True, help="Day since which it is found so.")
    working = fields.Text(compute="_compute_working", help="How the day was found, step by step.")

    _one_per_item = models.Constraint("UNIQUE(move_line_id)", "A claim has one limitation.")

    @api.depends_context("lang")
    @api.depends("expires_on", "computed_on")
    def _compute_working(self):
        for company, found in self.grouped("company_id").items():
            today = company._recovery_today()
            claims = {claim.item_id: claim for claim in self._read(company, found.move_line_id.ids)}
            for record in found:
                claim = claims.get(record.move_line_id.id)
                record.working = claim and self._in_words(claim, _find(claim, today))

    # -- finding -----------------------------------------------------------------------------------

    @api.model
    def _renew_items(self, items):
        """Find the limitation of ``items`` anew."""
        for company, lines in items.grouped("company_id").items():
            self._renew(company, company._recovery_today(), lines.ids)

    @api.model
    def _renew(self, company, today, item_ids=None):
        """Find the limitation of every open claim of ``company``, or of the items given, as of ``today``."""
        found, known = [], {}
        self.flush_model()
        for portion in split_every(PORTION, self._read(company, item_ids), tuple):
            rows = [_row(claim, today, known) for claim in portion]
            with one_by_one(self.env.cr):
                self._keep(company, today, rows)
            found += (item_id for item_id, *_told in rows)
        self._forget(company, found, item_ids)
        self.invalidate_model()

    def _keep(self, company, today, rows):
        """Write ``rows`` that are new or other than they were: most nights hardly any are."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recovery_limitation AS kept (
                    move_line_id, partner_id, company_id, rule_id, expires_on, state, computed_on,
                    is_missed, create_uid, create_date
                )
                SELECT item_id, debtor_id, %s, rule_id, expires_on, state, %s, %s, %s, now() at time zone 'UTC'
                  FROM (
                       SELECT found.*
                         FROM unnest(%s::int[], %s::int[], %s::int[], %s::date[], %s::text[])
                              AS found (item_id, debtor_id, rule_id, expires_on, state)
                         LEFT JOIN recovery_limitation before ON before.move_line_id = found.item_id
                        WHERE (before.partner_id, before.rule_id, before.expires_on, before.state)
                              IS DISTINCT FROM (found.debtor_id, found.rule_id, found.expires_on, found.state)
                       ) found
                    ON CONFLICT (move_line_id) DO UPDATE SET
                       partner_id = EXCLUDED.partner_id, rule_id = EXCLUDED.rule_id,
                       expires_on = EXCLUDED.expires_on, state = EXCLUDED.state,
                       computed_on = EXCLUDED.computed_on,
                       is_missed = EXCLUDED.state = 'barred' AND CASE
                           WHEN kept.state = 'barred' THEN kept.is_missed
                           ELSE kept.warned_on IS NULL OR kept.expires_on IS DISTINCT FROM EXCLUDED.expires_on END,
                       warned_on = CASE WHEN kept.expires_on IS NOT DISTINCT FROM EXCLUDED.expires_on
                                        THEN kept.warned_on END
                """,
                # sudo is not needed: SQL writes what nobody else may, found from the ledger alone
                *(company.id, today, self._missed_sql(company), self.env.uid),
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )

    def _forget(self, company, found, item_ids):
        """Delete what is kept of claims of ``company``, or of the items given, that were not ``found`` any more."""
        gone = SQL(
            """
            DELETE FROM recovery_limitation kept
             WHERE company_id = %s AND (%s OR move_line_id = ANY(%s::int[]))
               AND NOT EXISTS (
                   SELECT FROM unnest(%s::int[]) AS found (item_id) WHERE found.item_id = kept.move_line_id
               )
            """,
            *(company.id, item_ids is None, list(item_ids or []), found),
        )
        with suiting(self.env.cr, item_ids):
            self.env.cr.execute(gone)

    @api.model
    def _read(self, company, item_ids=None):
        """Yield the :class:`Claim` of each open receivable item of ``company`` under a rule.

        What was moved to another account goes on as it was: with its days, and all that happened to it.
        """
        choose = self.env["recovery.limitation.rule"]._choice(company)
        rules, home = {}, company._recovery_country()
        with suiting(self.env.cr, item_ids):
            rows = self._open_items(company, item_ids)
            before = self.env["recovery.limitation.carried"]._origins([row[0] for row in rows])
            events = self._events(
                company,
                [row[0] for row in rows] + [one.item_id for stood in before.values() for one in stood],
            )
        for item_id, debtor_id, country_id, is_company, *days in rows:
            own = company.recovery_limitation_law == "creditor" and is_company
            country = home if own else self.env["res.country"].browse(country_id) or home
            key = (country, is_company)
            if key not in rules:
                rule = choose(*key)
                rules[key] = rule and (rule, rule._kernel())
            if rules[key]:
                stood = [Origin(item_id, *days), *before.get(item_id, ())]
                due, arose = min(one.due for one in stood), min(one.arose for one in stood)
                told = tuple(event for one in stood for event in (*events[one.item_id], *_noted(one)))
                yield Claim(item_id, debtor_id, *rules[key], due, arose, told)

    def _open_items(self, company, item_ids):
        """Open receivable items: (id, debtor, country, is company, due, arose, judgment, notice by hand)."""
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(
            ["invoice_date", "recovery_judgment_date", "recovery_notice_date"]
        )
        self.env["res.partner"].flush_model(["commercial_partner_id", "country_id", "is_company"])
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, debtor.id, debtor.country_id, COALESCE(debtor.is_company, FALSE),
                       COALESCE(line.date_maturity, line.date), COALESCE(move.invoice_date, line.date),
                       move.recovery_judgment_date, move.recovery_notice_date
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN res_partner debtor ON debtor.id = partner.commercial_partner_id
                 WHERE %s
                   AND line.company_id = %s
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency > 0
                   AND (%s OR line.id = ANY(%s))
                 ORDER BY line.id
                """,
                self.env["account.move.line"]._recovery_receivable_sql("line"),
                company.id,
                item_ids is None,
                list(item_ids or []),
            )
        )

    def _events(self, company, item_ids):
        """Return the events of the items: {item id: [Event]}; in a fixed number of queries.

        Of what ``company`` is owed, whichever branch of the creditor signed, wrote, was paid or noted it.
        """
        events = defaultdict(list)
        for item_id, day in self._part_payments(item_ids):
            events[item_id].append(Event("part_payment", day))
        # sudo: the day a claim is barred does not depend on who asks
        signed = self.env["recovery.plan.item"].sudo()
        for item in signed.search([("company_id", "=", company.id), ("plan_id.date_accepted", "!=", False)]):
            events[item.move_line_id.id].append(Event("acknowledgment", item.plan_id.date_accepted))
        noted = self.env["recovery.limitation.event"].sudo()
        for event in noted.search([("move_line_ids.company_id", "=", company.id)]):
            for item in event.move_line_ids:
                events[item.id].append(
                    Event(event.kind, event.date, event.date_until or None, event.is_dismissed)
                )
        formal = (
            self.env["recovery.notice.line"]
            .sudo()
            .search(
                [
                    ("move_line_id.company_id", "=", company.id),
                    ("notice_id.state", "=", "sent"),
                    ("notice_id.date_sent", "!=", False),
                    ("level_id.letter_kind", "=", "formal_notice"),
                ]
            )
        )
        for line in formal:
            events[line.move_line_id.id].append(Event("formal_notice", line.notice_id._day_sent()))
        return events

    def _part_payments(self, item_ids):
        """Money received on open items, and the day of each receipt.

        Money is what is booked in one of its journals, or on an account of cash. Credit notes are no payments, nor is
        what the creditor does alone: a write-off, an exchange difference, the claim moved to another account.
        """
        self.env["account.partial.reconcile"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, received.date
                  FROM account_partial_reconcile partial
                  JOIN account_move_line received ON received.id = partial.credit_move_id
                 WHERE partial.debit_move_id = ANY(%s)
                   AND partial.debit_amount_currency > 0
                   AND (%s OR EXISTS (
                       SELECT FROM account_move_line cash JOIN account_account ON account_account.id = cash.account_id
                        WHERE cash.move_id = received.move_id AND account_type = 'asset_cash'
                   ))
                """,
                item_ids,
                self.env["account.move.line"]._recovery_money_sql("received"),
            )
        )

    def _in_words(self, claim, found):
        """Return the working of a claim's limitation, a line for each step."""
        kinds = dict(self.env["recovery.limitation.event"]._fields["kind"]._description_selection(self.env))
        templates = {
            "base": self.env._("due %(day)s, under “%(rule)s”"),
            "year_end": self.env._("the period starts with the end of the year"),
            "interrupted": self.env._("%(day)s: %(kind)s, the period starts anew"),
            "suspended": self.env._("%(day)s: %(kind)s, the period stands still until %(until)s"),
            "title": self.env._("%(day)s: %(kind)s, with a period of its own"),
            "long_stop": self.env._("never more than the long-stop counted from %(day)s"),
            "no_effect": self.env._("%(day)s: %(kind)s, without effect under this law"),
            "dismissed": self.env._("%(day)s: %(kind)s, dismissed: as if it had never been"),
            "too_late": self.env._("%(day)s: %(kind)s, too late: the claim was barred already"),
        }
        lines = []
        for step in found.steps:
            text = templates[step.code] % {
                "day": format_date(self.env, step.day),
                "kind": kinds.get(step.kind, ""),
                "rule": claim.rule.name,
                "until": format_date(self.env, step.until) if step.until else self.env._("its end"),
            }
            last = format_date(self.env, step.expires_on) if step.expires_on else self.env._("open")
            lines.append(self.env._("%(step)s → %(last)s", step=text, last=last))
        return "\n".join(lines)

    # -- warning -----------------------------------------------------------------------------------

    @api.model
    def _cron_renew(self):
        """Find every company's limitations and warn of those that are near."""
        companies = self.env["res.company"].search([("active", "=", True)])
        self.env["recovery.dispatch"]._dispatch_companies(self._name, "_renew_today", companies)

    @api.model
    def _renew_today(self, company, date):
        self._renew(company, date)
        self._warn(company, date)


def _noted(origin):
    """Return the events noted on the entry of an item itself: its judgment, a formal notice sent by hand."""
    noted = (("title", origin.judged), ("formal_notice", origin.noticed))
    return [Event(kind, day) for kind, day in noted if day]


def _find(claim, today):
    """Return the kernel's Limitation of ``claim`` as of ``today``."""
    return limitation(claim.kernel, claim.due, today, min(claim.arose, claim.due), claim.events)


def _row(claim, today, found):
    """What is kept of ``claim``; see :func:`_last_day`."""
    expires = _last_day(claim, today, found)
    state = "stopped" if expires is None else "barred" if today > expires else "running"
    return claim.item_id, claim.debtor_id, claim.rule.id, expires, state


def _last_day(claim, today, found):
    """Return the last day to act on ``claim``; ``found`` remembers those to which nothing happened, most of them."""
    if claim.events:
        return _find(claim, today).expires_on
    key = (claim.rule.id, claim.due, claim.arose)
    if key not in found:
        found[key] = _find(claim, today).expires_on
    return found[key]
