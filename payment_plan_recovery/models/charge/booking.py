"""Accrued charges claimed by an invoice of their own."""

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from ..common.counted import counted
from ..plan.plan import LIVE_STATES

#: Numbers of late invoices named as origin of a charge's invoice.
ORIGINS = 5


class RecoveryChargeBooking(models.AbstractModel):
    _name = "recovery.charge.booking"
    _description = "Booking of Late Charges"

    def _book(self, date):
        """Claim accrued charges by invoices of ``date``, one for each debtor and currency; return them.

        The charges keep the amount they accrued to; a later booking claims what accrued since. The user needs
        the right to make customer invoices. See :meth:`_items_not_invoiced` for what is left out.
        """
        charges = (self - self._not_invoiced()).filtered(lambda charge: charge.state == "accrued")
        if not charges:
            return self.env["account.move"]
        self.env["account.move"].check_access("create")
        charges._claim_items()
        workings = charges._workings()
        kinds = {(charge.company_id, charge.kind) for charge in charges}
        booked_on = {(company, kind): company._recovery_charge_values(kind) for company, kind in kinds}
        invoices = self.env["account.move"]
        for (company, _debtor, _currency), claimed in charges.grouped(
            lambda charge: (charge.company_id, charge.partner_id, charge.currency_id)
        ).items():
            invoices |= claimed.with_company(company)._invoice(date, workings, booked_on)
        invoices.action_post()
        return invoices

    def _keys(self):
        """Return what the charges are for, whatever day they are brought up to: {(item id, kind)}."""
        return {(charge.move_line_id.id, charge.kind) for charge in self}

    def _not_invoiced(self):
        """Return the charges of items whose charges no invoice claims today."""
        left_out = self._items_not_invoiced(self.move_line_id)
        return self.filtered(lambda charge: charge.move_line_id in left_out)

    @api.model
    def _items_not_invoiced(self, items):
        """Return those of ``items`` whose charges no invoice claims today.

        A running plan waives them if it is kept, or an insolvency took the items in: what they bore is declared with
        them, an invoice of today would arise after the publication and be due (C. com. L622-17, L622-24).
        """
        # sudo: plans and insolvencies count for whoever books
        waiting = (
            self.env["recovery.plan.item"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", items.ids),
                    ("plan_id.state", "in", LIVE_STATES),
                    ("plan_id.charge_terms", "=", "waived_if_kept"),
                ]
            )
        )
        return items & (waiting.move_line_id | self.env["recovery.hold"].sudo()._declared(items.sudo()))

    def _claim_items(self):
        """Let one transaction at a time book the charges of an item.

        Another one waits; once this one is committed the database refuses it, for it has not seen what was booked.
        The server then tries it again, and it finds nothing left to book.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line line
                   SET write_date = line.write_date
                  FROM (
                       SELECT id FROM account_move_line WHERE id IN %s ORDER BY id FOR NO KEY UPDATE
                       ) claimed
                 WHERE line.id = claimed.id
                """,
                self.move_line_id._ids,
            )
        )

    def _invoice(self, date, workings, booked_on):
        """Create the invoice of charges of one debtor in one currency, and tie them to it."""
        debtor, company = self.partner_id, self.company_id
        ordered = self.sorted(
            lambda charge: (charge.date_due or date, charge.move_line_id.id, charge.kind != "interest")
        )
        origins = ordered.move_id.mapped("name")
        invoice = (
            self.env["account.move"]
            .with_context(lang=debtor._recovery_lang(company))
            .create(
                {
                    "move_type": company.recovery_charge_document,
                    "company_id": company.id,
                    "partner_id": debtor._recovery_addressees()[:1].id,
                    "currency_id": self.currency_id.id,
                    "journal_id": company._recovery_nearest("recovery_charge_journal_id").id
                    or self._sale_journal(company).id,
                    "invoice_date": date,
                    "invoice_date_due": date,
                    "invoice_payment_term_id": False,
                    "is_recovery_charge": True,
                    "invoice_origin": ", ".join(origins[:ORIGINS]) + ("…" if len(origins) > ORIGINS else ""),
                    "invoice_line_ids": [
                        Command.create(
                            charge._invoice_line(workings[charge.id], booked_on[company, charge.kind])
                        )
                        for charge in ordered
                    ],
                }
            )
        )
        # sudo: charges are written by what they go through; the right to invoice was checked
        claimed = ordered.sudo()
        claimed.write({"booked_on": date, "invoice_id": invoice.id})
        for charge in claimed:
            charge.working = workings[charge.id]
        return invoice

    def _sale_journal(self, company):
        journal = self.env["account.journal"].search(
            [*self.env["account.journal"]._check_company_domain(company), ("type", "=", "sale")], limit=1
        )
        if not journal:
            raise UserError(
                self.env._("%s has no sales journal: create one to book late charges.", company.name)
            )
        return journal

    def _invoice_line(self, working, booked_on):
        """Return the values of the line that claims the charge; ``booked_on``: its product and account."""
        self.ensure_one()
        values = {
            **booked_on,
            "name": working,
            "quantity": 1,
            "price_unit": self.amount,
            "recovery_charge_id": self.id,
        }
        if not self.rule_id.sudo().taxed:
            values["tax_ids"] = [Command.clear()]
        return values

    # Working -----------------------------------------------------------------------------

    def _workings(self, lang=None):
        """Return {charge id: how its amount was found}, in ``lang`` or else in each debtor's language."""
        workings = {}
        for date, charges in self.grouped("date_until").items():
            found = charges.move_line_id._recovery_charges(date)
            for charge in charges:
                wording = charge.with_context(
                    lang=lang or charge.partner_id._recovery_lang(charge.company_id)
                )
                workings[charge.id] = wording._working(found[charge.move_line_id.id])
        return workings

    def _working(self, charges):
        """Word the working of one charge: what it is for, then how the amount was found."""
        self.ensure_one()
        about = {
            "invoice": self.move_id.name or self.move_line_id.name or "",
            "due": format_date(self.env, self.date_due),
            "law": self.rule_id.sudo().legal_source or self.rule_id.sudo().name or "",
        }
        if self.kind == "bank_fee":
            return self.env._(
                "Bank's fee for the payment that came back: %(invoice)s, due on %(due)s", **about
            )
        if self.kind == "fixed_sum":
            return self.env._(
                "Fixed sum for collection costs: %(invoice)s, due on %(due)s (%(law)s)", **about
            )
        lines = [self.env._("Late payment interest: %(invoice)s, due on %(due)s (%(law)s)", **about)]
        lines += [self._segment_text(segment) for segment in charges.segments]
        claimed = charges.interest - charges.open_interest
        if claimed:
            lines.append(self.env._("Less what was claimed or waived before: %s", self._money(claimed)))
        return "\n".join(lines)

    def _segment_text(self, segment):
        text = self.env._(
            "%(date_from)s to %(date_to)s: %(days)s at %(rate)s %% on %(base)s",
            date_from=format_date(self.env, segment.date_from),
            date_to=format_date(self.env, segment.date_to),
            days=counted(self.env, "day", segment.days),
            rate=formatLang(self.env, float(segment.rate), digits=2),
            base=self._money(segment.base),
        )
        if segment.rate_extrapolated:
            return self.env._("%s (latest reference rate known)", text)
        return text

    def _money(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)

    def action_download(self):
        """Download the charges as a workbook, with the working of interest."""
        return {
            "type": "ir.actions.act_url",
            "url": f"/recovery/charges?ids={','.join(map(str, self.ids))}",
            "target": "download",
        }

    def action_open_invoice(self):
        """Open the invoice that claims the charge."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.invoice_id.id,
            "view_mode": "form",
        }
