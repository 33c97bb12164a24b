"""The debtor's page: everything a collector has to know on the phone."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount, format_date

from ..common.labelled import labelled
from ..solvency.res_partner import READERS

#: Colours of the ages of claims, from not late to over 90 days; the words beside them say the same.
AGE_COLOURS = {"0": "success", "1": "info", "2": "warning", "3": "danger", "4": "dark"}
#: Rows of the timeline: what is older stands in the lists beside it.
TOLD_AT_ONCE = 60
TIMELINE_ROW = Markup(
    '<tr><td class="text-nowrap">%s</td><td class="text-nowrap"><i class="fa %s me-1" role="img"></i>%s</td>'
    '<td><a href="%s">%s</a></td></tr>'
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_ages = fields.Html(
        string="Ages",
        compute="_compute_recovery_ages",
        sanitize=False,
        groups=READERS,
        help="What is owed by how late it is, in company currency.",
    )
    recovery_timeline = fields.Html(
        string="Timeline",
        compute="_compute_recovery_timeline",
        sanitize=False,
        groups=READERS,
        help="Notices, interactions, promises, payments, plans and what the debtor did online, the latest first.",
    )
    recovery_dispute_ids = fields.One2many(
        "recovery.dispute", "partner_id", string="Disputes", groups=READERS, help="What the debtor disputes."
    )

    recovery_expected_30 = fields.Monetary(
        string="Expected within 30 days",
        compute="_compute_recovery_expected",
        currency_field="currency_id",
        groups=READERS,
        help="What last night's forecast expects of the open items within 30 days: each times its chance.",
    )
    recovery_date_expected = fields.Date(
        string="Next payment expected on",
        compute="_compute_recovery_expected",
        groups=READERS,
        help="First day by which the forecast holds a payment as likely as not.",
    )
    recovery_forecast_ids = fields.One2many(
        "recovery.forecast.line",
        "partner_id",
        string="Expected payments",
        groups=READERS,
        help="What last night's forecast expects of each open item.",
    )
    recovery_promise_ids = fields.One2many(
        "recovery.promise", "partner_id", string="Promises", groups=READERS, help="What the debtor promised."
    )
    recovery_hold_ids = fields.One2many(
        "recovery.hold",
        "partner_id",
        string="Holds and disputes",
        groups=READERS,
        help="Why it was not chased.",
    )
    recovery_notice_ids = fields.One2many(
        "recovery.notice",
        "partner_id",
        string="Notices",
        groups=READERS,
        help="What was written to the debtor.",
    )
    recovery_contact_ids = fields.One2many(
        "recovery.contact",
        "partner_id",
        string="Interactions",
        groups=READERS,
        help="Calls, mails and visits.",
    )

    @api.depends_context("company", "uid")
    def _compute_recovery_expected(self):
        company = self.env.company
        expected = self.env["recovery.forecast.line"]._expected_by_debtor_sql(
            self._with_branches(company).env.companies
        )
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, SUM(amount_expected), MIN(date_expected) FROM (%s) told"
                " WHERE partner_id = ANY(%s) GROUP BY partner_id",
                expected,
                self.commercial_partner_id.ids,
            )
        )
        found = {debtor: values for debtor, *values in rows}
        for partner in self:
            amount, day = found.get(partner.commercial_partner_id.id, (0.0, False))
            partner.recovery_expected_30 = company.currency_id.round(amount)
            partner.recovery_date_expected = day

    @api.depends_context("company", "lang", "uid")
    def _compute_recovery_ages(self):
        there, company = self._with_branches(self.env.company), self.env.company
        claims = there.env["recovery.claim"]
        owed = {}
        for debtor, age, amount in claims._read_group(
            there._recovery_owed_domain(), ["partner_id", "age"], ["amount_company:sum"]
        ):
            owed.setdefault(debtor.id, {})[age] = amount
        labels = dict(claims._fields["age"]._description_selection(self.env))
        for partner in self:
            ages = owed.get(partner.commercial_partner_id.id, {})
            partner.recovery_ages = self._ages_bar(
                [
                    (
                        AGE_COLOURS[age],
                        labels[age],
                        amount,
                        format_amount(self.env, amount, company.currency_id),
                    )
                    for age, amount in sorted(ages.items())
                ]
            )

    @api.model
    def _ages_bar(self, ages):
        """Return a bar of ``ages`` (colour, label, amount, the amount in words) with a line that says the same."""
        total = sum(amount for _colour, _label, amount, _told in ages)
        if not total:
            return Markup()
        bar = Markup().join(
            Markup('<div class="progress-bar bg-%s" style="width: %.2f%%" title="%s"></div>')
            % (colour, 100 * amount / total, labelled(self.env, label, told))
            for colour, label, amount, told in ages
        )
        words = Markup(" ").join(
            Markup(
                '<span class="me-3 text-nowrap"><i class="fa fa-square text-%s" role="img"></i> %s %s</span>'
            )
            % (colour, label, told)
            for colour, label, _amount, told in ages
        )
        return Markup('<div class="progress" role="img">%s</div><div class="small mt-1">%s</div>') % (
            bar,
            words,
        )

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_recovery_timeline(self):
        for partner in self:
            rows = self._recovery_happened(partner.commercial_partner_id)
            partner.recovery_timeline = Markup('<table class="table table-sm">%s</table>') % Markup().join(
                TIMELINE_ROW
                % (
                    format_date(self.env, day),
                    thing._icon,
                    thing._label(),
                    self._place(record),
                    thing._told(record),
                )
                for day, thing, record in rows
            )

    @api.model
    def _recovery_happened(self, debtor):
        """Return what happened with ``debtor``, the latest first: (day, thing of the timeline, record)."""
        things = self.env["recovery.timeline"]._things()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT day, code, res_id FROM (%s) told ORDER BY day DESC, rank, res_id DESC LIMIT %s",
                SQL(" UNION ALL ").join(
                    SQL(
                        "SELECT %s AS code, %s AS rank, day, res_id FROM (%s) of_one",
                        code,
                        thing._sequence,
                        thing._rows(self.env.companies, debtor),
                    )
                    for code, thing in things.items()
                ),
                TOLD_AT_ONCE,
            )
        )
        readable = {
            code: set(
                self.env[thing._about]
                .browse(row[2] for row in rows if row[1] == code)
                ._filtered_access("read")
                .ids
            )
            for code, thing in things.items()
        }
        return [
            (day, things[code], self.env[things[code]._about].browse(res_id).with_prefetch(readable[code]))
            for day, code, res_id in rows
            if res_id in readable[code]
        ]

    @api.model
    def _place(self, record):
        """Return where the web client shows the record: an entry, where it is a line of one."""
        shown = record.move_id if record._name == "account.move.line" else record
        return f"/odoo/{shown._name}/{shown.id}"

    # -- for other programs ------------------------------------------------------------------------

    @api.readonly
    def recovery_explain(self) -> list[dict]:
        """Say of each debtor what it owes the current creditor, why each claim is chased or not, and what to do next.

        Of what the caller may read, as plain values: an answer to a program (docs/api.md). Judged by the company's
        today.

        :return: one dictionary a partner, in their order, about its commercial entity
        :raise AccessError: no right to read what is owed
        """
        there = self._with_branches(self.env.company)
        claims = there.env["recovery.claim"].search(there._recovery_owed_domain())
        judged = claims._judging_run(self.env.company._recovery_creditor())._judge(claims) if claims else {}
        today = self.env.company._recovery_today()
        by_debtor = claims.grouped("partner_id")
        advice = self._recovery_advice()
        return [
            {
                "id": debtor.id,
                "name": debtor.display_name,
                "date": today,
                "currency": debtor.currency_id.name,
                "owed": debtor.recovery_claim_amount,
                "overdue": debtor.recovery_overdue,
                "on_hold": debtor.recovery_on_hold,
                "next_action": advice.get(debtor, False),
                "claims": [
                    claim._explained(judged[claim.id])
                    for claim in by_debtor.get(debtor, ())
                    if claim.id in judged
                ],
            }
            for debtor in (partner.commercial_partner_id for partner in self)
        ]

    def _recovery_advice(self):
        """Return {debtor: what the worklist advises}, as far as the user may see the list."""
        there = self._with_branches(self.env.company)
        worklist = there.env["recovery.worklist"]
        if not worklist.has_access("read"):
            return {}
        rows = worklist.search([*there._recovery_owed_domain(), ("state", "=", "open")])
        # the first row of a debtor comes last, and stays
        return {row.partner_id: row.advice for row in reversed(rows)}

    # -- screens -----------------------------------------------------------------------------------

    def action_recovery_page(self):
        """Open the debtor's page."""
        self.ensure_one()
        window = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_debtor_page")
        return {**window, "res_id": self.commercial_partner_id.id}

    def action_recovery_write(self):
        """Write a mail to the debtor, kept among its interactions."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write a mail"),
            "res_model": "recovery.debtor.mail",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id, "dialog_size": "extra-large"},
        }

    def action_recovery_wishes(self):
        """Note how the debtor is chased and wants to be reached, and who represents it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("How it is chased"),
            "res_model": "recovery.debtor.wishes",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_recovery_hand_over(self):
        """Hand what the debtor owes past its day over to a case; a write-off is asked for there."""
        self.ensure_one()
        there, today = self._with_branches(self.env.company), self.env.company._recovery_today()
        claims = there.env["recovery.claim"].search(
            [*there._recovery_owed_domain(), ("date_due", "<", today)]
        )
        claims -= claims._wholly_let_go(today)
        if not claims:
            raise UserError(self.env._("Nothing is late: there is nothing to hand over."))
        return claims.action_hand_over()
