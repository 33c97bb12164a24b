"""What partners report: money they received, their fees, plans they granted, files that come back."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.company_words import in_words_of_company
from ..common.labelled import labelled
from .handover_layout import KINDS

#: States of a payment by which the money is there.
ARRIVED = ("in_process", "paid")


class RecoveryMandateEntry(models.Model):
    """One row that a partner reported. Rows are kept once: the same report twice changes nothing.

    Money is no payment yet: it is the debtor's with the partner, until the partner hands it over. A payment can be
    drafted from it, which an accountant posts when the money is there.
    """

    _name = "recovery.mandate.entry"
    _description = "Reported by a Partner"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "date desc, id desc"
    _rec_name = "case_id"

    mandate_id = fields.Many2one("recovery.mandate", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="mandate_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="mandate_id.currency_id")
    case_id = fields.Many2one("recovery.case", required=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(related="case_id.partner_id", store=True, index=True, precompute=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Claim", ondelete="restrict", help="What it is about."
    )
    date = fields.Date(required=True, help="Day it happened, as the partner says.")
    kind = fields.Selection(KINDS, required=True, help="What happened.")
    amount = fields.Monetary(help="What the partner received, or asks.")
    note = fields.Text(help="The partner's words.")
    reference = fields.Char(help="The partner's own number of the row.")
    key = fields.Char(
        required=True, help="Tells rows of one partner apart: its number, or all that the row says."
    )
    date_remit = fields.Date(
        string="To hand over by",
        compute="_compute_date_remit",
        store=True,
        precompute=True,
        help="Last day to hand it over.",
    )
    payment_id = fields.Many2one("account.payment", index="btree_not_null", ondelete="set null")
    cost_id = fields.Many2one(
        "recovery.case.cost", ondelete="restrict", help="The fee, among the case's costs."
    )
    date_arrived = fields.Date(
        string="No longer waited for",
        readonly=True,
        copy=False,
        help="Day on which a person noted that it arrived by another payment, or was reported by mistake.",
    )
    is_waiting = fields.Boolean(
        string="Not handed over",
        compute="_compute_is_waiting",
        search="_search_is_waiting",
        compute_sudo=True,
        help="Received by the partner, and no payment of ours says that it arrived.",
    )

    _once = models.UniqueIndex("(mandate_id, key)", "This row was reported already.")
    _not_negative = models.Constraint("CHECK(amount >= 0)", "What a partner reports cannot be negative.")

    @api.depends("date", "kind", "mandate_id.remit_days")
    def _compute_date_remit(self):
        for entry in self:
            entry.date_remit = entry.kind == "money" and fields.Date.add(
                entry.date, days=entry.mandate_id.remit_days
            )

    # Not on the payment's state: whatever is written to any entry of the ledger would look for rows of ours.
    @api.depends("kind", "payment_id", "date_arrived")
    def _compute_is_waiting(self):
        for entry in self:
            is_open = entry.kind == "money" and not entry.date_arrived
            entry.is_waiting = is_open and entry.payment_id.state not in ARRIVED

    @api.model
    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Whoever reads what a partner reported may know whether the money came.
        arrived = Domain("payment_id", "any!", [("state", "in", ARRIVED)])
        waits = Domain("kind", "=", "money") & Domain("date_arrived", "=", False) & ~arrived
        return Domain.OR(waits if one else ~waits for one in value)

    @api.model
    def _waiting_sql(self, companies) -> SQL:
        """Query of the rows of money, of cases of ``companies``, that partners have not handed over."""
        return SQL(
            """
            SELECT entry.id, entry.case_id, entry.partner_id, entry.date, entry.amount, entry.move_line_id
              FROM recovery_mandate_entry entry
              JOIN recovery_case file ON file.id = entry.case_id AND file.company_id = ANY(%s)
              LEFT JOIN account_payment payment ON payment.id = entry.payment_id
             WHERE entry.kind = 'money' AND entry.date_arrived IS NULL
               AND COALESCE(payment.state, 'draft') != ALL(%s)
            """,
            companies.ids,
            list(ARRIVED),
        )

    @api.model
    def _any_waiting_sql(self, companies) -> SQL:
        """Return whether :meth:`_waiting` has anything to say: most creditors collect themselves."""
        return SQL("EXISTS (%s)", self._waiting_sql(companies))

    @api.model
    def _waiting(self, companies, date, debtors=None):
        """Return what partners received by ``date`` and have not handed over, the oldest first.

        :param debtors: ids of the commercial entities, None for all there are
        :return: [([(id, open amount) of the claims it pays, the oldest first], day, amount)]
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT waiting.id, waiting.date, waiting.amount, item.id, item.amount_residual_currency
                  FROM (%s) waiting
                  JOIN recovery_case_line line ON line.case_id = waiting.case_id
                   AND line.move_line_id = COALESCE(waiting.move_line_id, line.move_line_id)
                  JOIN account_move_line item ON item.id = line.move_line_id AND item.reconciled IS NOT TRUE
                 WHERE waiting.date <= %s AND %s
                 ORDER BY waiting.date, waiting.id, COALESCE(item.date_maturity, item.date), item.id
                """,
                self._waiting_sql(companies),
                date,
                SQL("TRUE") if debtors is None else SQL("waiting.partner_id = ANY(%s)", list(debtors)),
            )
        )
        found = {}
        for entry_id, day, amount, *claim in rows:
            found.setdefault(entry_id, ([], day, amount))[0].append(tuple(claim))
        return list(found.values())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a partner reported stays on file."))

    # -- what rows do ------------------------------------------------------------------------------

    @api.model
    def _keep_rows(self, rows):
        """Keep ``rows`` (values of entries, none kept before) and do what they say; return the entries.

        Fees become costs of the case, a file that is returned ends its case: the claims go on where they were.
        Money, plans and news are told to whoever is responsible.
        """
        self.env["recovery.case"].browse({row["case_id"] for row in rows}).check_access("write")
        # sudo: kept here and nowhere else; the right to write the cases was just checked
        entries = self.sudo().create(rows).sudo(False)
        for entry in entries:
            getattr(entry, f"_do_{entry.kind}")()
        return entries

    def _do_money(self):
        told = in_words_of_company(self)
        self._tell(
            told.env._("Received by %(partner)s: %(amount)s.", partner=self._who(), amount=self._money(told))
        )
        told.case_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.date_remit,
            summary=told.env._("%s hands over what it received", self._who()),
            user_id=(self.mandate_id.user_id or self.case_id.user_id or self.env.user).id,
        )

    def _do_fee(self):
        told = in_words_of_company(self)
        name = told.env._("Fee of %s", self._who())
        cost = self.case_id.cost_ids.create(
            {
                "case_id": self.case_id.id,
                "date": self.date,
                "name": name,
                "partner_id": self.mandate_id.partner_id.id,
                "amount": self.amount,
            }
        )
        # sudo: protected from clients; which cost is the entry's follows from the report
        self.sudo().cost_id = cost
        self._tell(labelled(self.env, name, f"{self._money(told)}."))

    def _do_plan(self):
        told = in_words_of_company(self)
        summary = told.env._("%s granted instalments: draft the plan", self._who())
        self._tell(summary)
        self.case_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=self.note or "",
            user_id=(self.case_id.user_id or self.env.user).id,
        )

    def _do_note(self):
        self._tell(in_words_of_company(self).env._("News of %s.", self._who()))

    def _do_returned(self):
        self._tell(in_words_of_company(self).env._("Returned by %s.", self._who()))
        self.case_id._return_file(self.mandate_id)

    def _who(self):
        return self.mandate_id.partner_id.display_name

    def _money(self, told):
        return told.currency_id.format(self.amount)

    def _tell(self, body):
        """Write what happened, and the partner's words, into the case's history."""
        self.case_id.message_post(body=" ".join(filter(None, [body, self.note])))

    # -- money -------------------------------------------------------------------------------------

    def action_note_arrived(self):
        """Wait no more for money that arrived by another payment, or that the partner reported by mistake.

        :raise UserError: nothing of it waits
        """
        self.check_access("read")
        self.env["account.payment"].check_access("create")
        waiting = self.filtered("is_waiting")
        if not waiting:
            raise UserError(self.env._("Choose money that the partner has not handed over."))
        for company, entries in waiting.grouped("company_id").items():
            # sudo: written by actions only; who books what partners hand over says that it came otherwise
            entries.sudo().date_arrived = company._recovery_today()
        for entry in waiting:
            told = in_words_of_company(entry)
            told.sudo().case_id._message_log(
                body=told.env._(
                    "%(who)s waits no more for %(amount)s reported by %(partner)s.",
                    who=self.env.user.name,
                    amount=entry._money(told),
                    partner=entry._who(),
                )
            )

    def _draft_payments(self):
        """Draft the payment of each entry with the rights of the user; return the payments.

        :raise UserError: there is no journal for them
        """
        payments = self.env["account.payment"]
        for entry in self:
            told, mandate = in_words_of_company(entry), entry.mandate_id
            payment = payments.create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": entry.partner_id.id,
                    "company_id": entry.company_id.id,
                    "currency_id": entry.currency_id.id,
                    "amount": entry.amount,
                    "date": entry.date,  # the debtor has paid that day (C. civ. 1342-2)
                    "memo": told.env._(
                        "%(case)s by %(partner)s", case=entry.case_id.name, partner=entry._who()
                    ),
                    "journal_id": mandate._journal().id,
                }
            )
            # sudo: protected from clients; which payment is the entry's follows from the button
            entry.sudo().payment_id = payment
            payments |= payment
        return payments
