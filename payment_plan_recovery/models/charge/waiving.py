"""Charges given up, wholly or in part, by somebody with the right to, for a reason that is kept."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import formatLang

from ..common.company_words import by_company
from ..common.keep import keep
from ..common.labelled import told_apart

WAIVE_GROUP = "payment_plan_recovery.group_recovery_waive"


class RecoveryChargeWaiving(models.AbstractModel):
    _name = "recovery.charge.waiving"
    _description = "Waiver of Late Charges"

    def action_waive(self, reason, amount=None):
        """Waive charges that are to book, for a ``reason`` that is kept; of a single one possibly a part.

        Where one person would give up more of a debtor's charges than the company lets one person, the waiver is
        asked for: it waits for somebody else's approval.

        :return: the charges that are waived, or whose waiver is asked for
        :raise AccessError: no right to waive
        :raise UserError: charges that are not to book, a missing reason, or an amount that is not within the charge's
        """
        self._check_may_waive()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the charges are waived: the reason is kept with them."))
        self._require_to_book()
        self.env["account.move"].browse(self.move_id.ids).check_access("read")
        amounts = {charge: charge.amount if amount is None else charge._part(amount) for charge in self}
        asked = self.browse() if self.env.su else self._beyond_one_person(amounts)
        asked._ask_waiver(amounts, reason)
        return asked | (self - asked)._give_up(amounts, reason, self.env.user)

    def action_approve_waiver(self):
        """Waive what another asked to waive: as much as was asked, for the reason that was given.

        :raise AccessError: no right to waive
        :raise UserError: nothing is asked, it is one's own request, or the charge is no longer to book
        """
        self._check_may_waive()
        self._require_to_book()
        for charge in self:
            charge._require_waiver_asked()
            if self.env.user._recovery_person() & charge.waive_asked_by_id:
                raise UserError(
                    self.env._(
                        "%s: you asked for this waiver. Somebody else has to approve it.", charge.display_name
                    )
                )
        for (asker, reason), charges in self.grouped(
            lambda charge: (charge.waive_asked_by_id, charge.waive_reason)
        ).items():
            amounts = {charge: min(charge.waiver_asked, charge.amount) for charge in charges}
            charges._give_up(amounts, reason, asker)

    def action_refuse_waiver(self):
        """Leave the charges to book: the waiver that was asked for is refused, or taken back by who asked.

        :raise AccessError: no right to waive
        :raise UserError: nothing is asked
        """
        self._check_may_waive()
        for charge in self:
            charge._require_waiver_asked()
        self._log_on_invoices(lambda charge: charge.env._("Waiver of %s not granted.", charge._label()))
        # sudo: charges are written by what they go through; the right to waive was checked
        self.sudo().write({"waiver_asked": 0, "waive_asked_by_id": False, "waive_reason": False})

    def action_restore(self):
        """Take waivers back: the charges are to book again.

        Raises UserError once later charges of the same item were booked: the debtor was told the amount.
        """
        self._check_may_waive()
        for charge in self:
            if charge.state != "waived":
                raise UserError(self.env._("%s was not waived.", charge.display_name))
        self._require_not_booked_since()
        # sudo: charges are written by what they go through; the right to waive was checked
        self.sudo().write({"is_waived": False})
        self._log_on_invoices(lambda charge: charge.env._("Waiver of %s taken back.", charge._label()))
        self.flush_recordset()
        # what a bank asked follows from no rule: nothing would find it again
        for charge in self.filtered(lambda charge: charge.kind == "bank_fee"):
            self._add_bank_fee(charge.move_line_id, charge.amount, charge.date_until)
        self._accrue_to_today()

    def _require_not_booked_since(self):
        """Refuse waived charges of whose item others were booked after the waiver."""
        later = self.search(
            [
                ("move_line_id", "in", self.move_line_id.ids),
                ("state", "=", "booked"),
                ("kind", "in", self.mapped("kind")),
            ]
        )
        for charge in self:
            # By the moment of booking: its date may be any, and that of the waiver is in another zone.
            booked = later.filtered(
                lambda other, charge=charge: (
                    other.move_line_id == charge.move_line_id
                    and other.kind == charge.kind
                    and other.invoice_id.create_date > charge.waived_on
                )
            )
            if booked:
                raise UserError(
                    self.env._(
                        "%(charge)s was booked without what was waived (%(invoice)s). Reverse that "
                        "invoice first.",
                        charge=charge.display_name,
                        invoice=", ".join(booked.invoice_id.mapped("display_name")),
                    )
                )

    def _accrue_to_today(self):
        """Bring the charges of these items up to their company's day, or to that which was counted to."""
        days = self.grouped(lambda charge: max(charge.date_until, charge.company_id._recovery_today()))
        for day, charges in days.items():
            charges.move_line_id._recovery_accrue(day)

    def _waive(self, reason, asker=None):
        """Waive accrued charges; whoever calls it answers for the right to. ``asker`` is the person who wanted it."""
        workings = self._workings()
        # sudo: charges are written by what they go through
        for charge in self.sudo():
            charge.working = workings[charge.id]
        self.sudo().write(
            {
                "is_waived": True,
                "waiver_asked": 0,
                "waive_reason": reason,
                "waive_asked_by_id": asker and asker.id,
                "waived_by_id": self.env.uid,
                "waived_on": fields.Datetime.now(),
            }
        )
        self._log_on_invoices(
            lambda charge: charge.env._(
                "%(charge)s waived: %(reason)s", charge=charge._label(), reason=reason
            )
        )
        return self

    def _give_up(self, amounts, reason, asker):
        """Waive ``amounts`` of the charges, {charge: amount}; return what is waived."""
        whole = self.filtered(
            lambda charge: not charge.currency_id.compare_amounts(amounts[charge], charge.amount)
        )
        parts = self.browse().union(*((charge._split(amounts[charge])) for charge in self - whole))
        return (whole | parts)._waive(reason, asker)

    def _part(self, amount):
        """Return ``amount`` rounded, having seen that it is a part of this one charge.

        :raise UserError: nothing, or more than the charge
        """
        self.ensure_one()
        amount = self.currency_id.round(amount)
        if (
            self.currency_id.compare_amounts(amount, 0) <= 0
            or self.currency_id.compare_amounts(amount, self.amount) > 0
        ):
            raise UserError(
                self.env._(
                    "The amount to waive lies between zero and %s.",
                    formatLang(self.env, self.amount, currency_obj=self.currency_id),
                )
            )
        return amount

    def _split(self, amount):
        """Part ``amount`` from this charge, to be waived; the rest stays to book."""
        # sudo: charges are written by what they go through; the right to waive was checked
        kept = self.sudo()
        [values] = kept.copy_data({"amount": amount, "is_waived": True})
        kept.write({"amount": self.currency_id.round(kept.amount - amount), "waiver_asked": 0})
        return kept.create(values).sudo(False)

    # Two people ----------------------------------------------------------------------------------

    def _beyond_one_person(self, amounts):
        """Return the charges of debtors of whom the user would give up more than one person may, alone and in a year.

        Counted together, whatever the steps it is done in and the branch: a large waiver is not made of small ones.
        """
        ceilings = {
            company: company._recovery_creditor()._ceiling("recovery_waiver_ceiling", company)
            for company in self.company_id
        }
        given_up = defaultdict(float)
        for company, debtor, currency, amount in [
            *self._given_up_before(),
            *(
                (charge.company_id, charge.partner_id, charge.currency_id, amount)
                for charge, amount in amounts.items()
            ),
        ]:
            in_books = currency._convert(amount, company.currency_id, company, company._recovery_today())
            given_up[company._recovery_creditor(), debtor] += in_books
        return self.filtered(
            lambda charge: (
                charge.company_id.currency_id.compare_amounts(
                    given_up[charge.company_id._recovery_creditor(), charge.partner_id],
                    ceilings[charge.company_id],
                )
                > 0
            )
        )

    def _given_up_before(self):
        """Return what :meth:`_given_up_alone` says of these debtors, who wait for each other."""
        # sudo: collectors do not write debtors, and nothing is written to them but what they are
        keep(self.partner_id.sudo())
        return self._given_up_alone(self.partner_id, self.company_id._recovery_creditor(), self.move_line_id)

    @api.model
    def _given_up_alone(self, debtors, creditors, items):
        """Return [(company, debtor, currency, amount)] that the user gave up of debtors alone within a year.

        And what plans of his give up once they are kept, those over ``items`` left out.
        """
        person = self.env.user._recovery_person().ids
        # sudo: what the user gave up alone counts also where he no longer reads it
        waived = self.sudo()._read_group(
            [
                ("partner_id", "in", debtors.ids),
                ("company_id", "child_of", creditors.ids),
                ("is_waived", "=", True),
                ("waived_by_id", "in", person),
                ("waive_asked_by_id", "in", person),
                ("waived_on", ">", fields.Datetime.subtract(fields.Datetime.now(), years=1)),
            ],
            ["company_id", "partner_id", "currency_id"],
            ["amount:sum"],
        )
        return waived + self.env["recovery.plan"]._waives_alone(debtors, creditors, items)

    def _ask_waiver(self, amounts, reason):
        """Keep what is asked, by whom and why: it waits on the worklist for somebody else."""
        # sudo: charges are written by what they go through; the right to waive was checked
        for charge in self.sudo():
            charge.write(
                {
                    "waiver_asked": amounts[charge],
                    "waive_asked_by_id": self.env.uid,
                    "waive_reason": reason,
                }
            )
        self._log_on_invoices(
            lambda charge: charge.env._(
                "Waiver of %(charge)s asked for: %(reason)s", charge=charge._label(), reason=reason
            )
        )

    def _require_waiver_asked(self):
        if not self.waiver_asked:
            raise UserError(self.env._("%s: no waiver is asked for.", self.display_name))

    def _require_to_book(self):
        if self.filtered(lambda charge: charge.state != "accrued"):
            raise UserError(
                self.env._(
                    "Only charges that are to book can be waived. Credit the invoice of a booked one instead."
                )
            )

    def _check_may_waive(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(WAIVE_GROUP)):
            raise AccessError(self.env._("You may not waive late charges. Ask a recovery manager."))

    def _add_bank_fee(self, item, amount, date):
        """Add what the bank asked on ``date`` for a payment of ``item`` that came back to what is to book."""
        # sudo: charges are written by what they go through; whoever matches payments may note what one cost
        charges = self.sudo()
        waiting = charges.search(
            [("move_line_id", "=", item.id), ("kind", "=", "bank_fee"), ("state", "=", "accrued")]
        )
        if waiting:
            waiting.write({"amount": waiting.amount + amount, "date_until": date})
            return
        charges.create({"move_line_id": item.id, "kind": "bank_fee", "amount": amount, "date_until": date})

    def _label(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return f"{kinds[self.kind]} {formatLang(self.env, self.amount, currency_obj=self.currency_id)}"

    def _log_on_invoices(self, wording):
        """Write into the history of their invoices what happened to the charges: ``wording`` of each, in its env."""
        bodies = {
            move.id: told_apart(charges.env, [wording(charge) for charge in charges])
            for _company, of_company in by_company(self)
            for move, charges in of_company.grouped("move_id").items()
        }
        # sudo: a collector may not write invoices, but what is given up is noted on them
        self.move_id.sudo()._message_log_batch(bodies)
