"""What becomes of late charges under an instalment plan."""

from contextlib import suppress

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..plan.plan import SIGNED_STATES


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    charge_terms = fields.Selection(
        [
            ("apart", "Booked apart from the plan"),
            ("included", "Included in the plan"),
            ("waived_if_kept", "Waived if the plan is kept"),
        ],
        string="Late charges",
        default="apart",
        required=True,
        terms=True,
        help="What the debtor owes for having paid the covered items late. Included: booked and covered while the "
        "plan is a draft. Waived if kept: nobody books them while the plan runs; completed, they are waived, and "
        "booked when it breaks.",
    )

    def action_include_charges(self, date=None):
        """Book the covered items' charges at ``date``, by default today, and cover their invoices too.

        Raises UserError when the plan is no draft, says otherwise of charges, or nothing is to book.
        """
        self.ensure_one()
        if self.state != "draft" or self.charge_terms != "included":
            raise UserError(self.env._("Charges are included in a draft whose terms say so."))
        date = fields.Date.to_date(date) or self.company_id._recovery_today()
        charges = self.item_ids.move_line_id._recovery_accrue(date)
        invoices = charges._book(date)
        if not invoices:
            raise UserError(
                self.env._("There is nothing to include: no charge is owed that was not booked or waived.")
            )
        self.item_ids = [
            Command.create({"move_line_id": item.id}) for item in invoices._recovery_receivable_items()
        ]

    def _charges_so_far(self, date):
        """Return what is to book at ``date`` of the late charges that the covered items bear."""
        # sudo: what is owed for lateness is read with the plan; who negotiates names it to the debtor
        charges = self.sudo().item_ids.move_line_id._recovery_charges(date).values()
        return self.currency_id.round(float(sum(charge.open_total for charge in charges)))

    def _waives_too_much(self, date):
        """Return why a plan that waives charges at its end takes a second person, as translated reasons."""
        if self.charge_terms != "waived_if_kept":
            return []
        company, total = self.company_id, self._charges_so_far(date)
        ceiling = company._recovery_creditor()._ceiling("recovery_waiver_ceiling", company)
        waived = self.currency_id._convert(total, company.currency_id, company, date)
        for other, _debtor, currency, amount in self.env["recovery.charge"]._given_up_alone(
            self.partner_id, company._recovery_creditor(), self.sudo().item_ids.move_line_id
        ):
            waived += currency._convert(amount, other.currency_id, other, date)
        if company.currency_id.compare_amounts(waived, ceiling) <= 0:
            return []
        return [
            self.env._(
                "%(amount)s of late charges are waived if the plan is kept; above %(limit)s, with what one person gave "
                "up of them within a year, somebody else approves.",
                amount=formatLang(self.env, total, currency_obj=self.currency_id),
                limit=formatLang(self.env, ceiling, currency_obj=company.currency_id),
            )
        ]

    @api.model
    def _waives_alone(self, debtors, creditors, items):
        """Return [(company, debtor, currency, amount)]: charges that plans of the user waive once they are kept.

        Of those that are proposed or run, that nobody else approved, and that cover none of ``items``.
        """
        person = self.env.user._recovery_person()
        # sudo: what the user gives up alone counts also where he no longer reads it
        plans = self.sudo().search(
            [
                ("partner_id", "in", debtors.ids),
                ("company_id", "child_of", creditors.ids),
                ("charge_terms", "=", "waived_if_kept"),
                ("state", "in", ("proposed", *SIGNED_STATES)),
                ("approval_state", "!=", "approved"),
            ]
        )
        mine = plans.filtered(
            lambda plan: person & plan._come_from() and not plan.item_ids.move_line_id & items
        )
        return [
            (
                plan.company_id,
                plan.partner_id,
                plan.currency_id,
                plan._charges_so_far(plan.company_id._recovery_today()),
            )
            for plan in mine
        ]

    def _words_of_charges(self, date):
        """Return what late charges the covered items bear at ``date``, and what becomes of them under the plan."""
        self.ensure_one()
        total = self._charges_so_far(date)
        if not total:
            return self.env._("No late charges so far.")
        amount = formatLang(self.env, total, currency_obj=self.currency_id)
        texts = {
            "apart": self.env._("%s of late charges so far, booked apart from the plan.", amount),
            "included": self.env._("%s of late charges so far, included once they are booked.", amount),
            "waived_if_kept": self.env._("%s of late charges so far, waived if the plan is kept.", amount),
        }
        return texts[self.charge_terms]

    def _settle_charges(self, date):
        """Waive the charges of kept plans, book those of broken ones, as their terms say. Closing a plan calls this.

        Of one whose rest was given up they stay as they are: it was not kept, and whoever gave it up decides on them.
        """
        # sudo: the terms decide, whoever or whatever closes the plan
        plans = self.sudo().filtered(
            lambda plan: plan.charge_terms == "waived_if_kept" and plan.state in ("completed", "broken")
        )
        given_up, _credited = plans._ended_otherwise([("id", "in", plans.ids)]) if plans else (plans, plans)
        accrued = plans.item_ids.move_line_id._recovery_accrue(date) if plans else ()
        for plan in plans:
            charges = accrued.filtered(
                lambda charge, plan=plan: charge.move_line_id in plan.item_ids.move_line_id
            )
            if plan.state == "broken":
                charges._book(date)
            elif charges and plan not in given_up:
                charges._waive(self.env._("%s was kept.", plan.display_name))

    def _owe_charges_again(self):
        """Take back what was waived because the plans were kept: their money went back, and they are in force again.

        Taking a plan up again calls this. What was booked without it since stays waived: the debtor was told.
        """
        # sudo: the terms decide, whoever or whatever takes the plan up
        for plan in self.sudo().filtered(lambda plan: plan.charge_terms == "waived_if_kept"):
            waived = plan.env["recovery.charge"].search(
                [
                    ("move_line_id", "in", plan.item_ids.move_line_id.ids),
                    ("state", "=", "waived"),
                    ("waive_asked_by_id", "=", False),
                    ("waived_on", ">=", plan.company_id._recovery_midnight(plan.date_closed)),
                ]
            )
            with suppress(UserError), self.env.cr.savepoint():
                waived.with_company(plan.company_id).action_restore()

    def _charges_covered(self):
        """Return what the plan covers of invoices of late charges: {"interest", "costs"}."""
        covered = {"interest": 0.0, "costs": 0.0}
        # sudo: what an agreement says does not depend on who prints it
        for item in self.sudo().item_ids.filtered(lambda item: item.move_line_id.move_id.is_recovery_charge):
            invoice = item.move_line_id.move_id
            billed = invoice.invoice_line_ids.filtered(
                lambda line: line.recovery_charge_id.kind == "interest"
            )
            share = sum(billed.mapped("price_total")) / invoice.amount_total
            interest = self.currency_id.round(item.amount_covered * share)
            covered["interest"] += interest
            covered["costs"] += item.amount_covered - interest
        return {part: self.currency_id.round(amount) for part, amount in covered.items()}

    def _charges_in_words(self):
        """Return what becomes of charges to book that the plan does not cover: {"interest" or "costs": text}.

        Without it an agreement would seem to give up what its terms book apart.
        """
        # sudo: what an agreement says does not depend on who prints it
        waiting = (
            self.env["recovery.charge"]
            .sudo()
            .search([("move_line_id", "in", self.item_ids.move_line_id.ids), ("state", "=", "accrued")])
        )
        waived = self.charge_terms == "waived_if_kept"
        text = self.env._("waived if the agreement is kept") if waived else self.env._("reserved")
        kinds = set(waiting.mapped("kind"))
        return {
            part: text
            for part, of_part in (("interest", {"interest"}), ("costs", {"fixed_sum", "bank_fee"}))
            if kinds & of_part
        }
