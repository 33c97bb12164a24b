"""Hand-overs: which claims went to a partner on what day, and the files that said so."""

import tempfile
import zipfile

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import file_name
from ..common.company_words import in_words_of_company
from ..common.counted import counted
from ..common.kernel import exact

#: Pieces of a case that a partner needs to collect; what was said with the debtor stays in the house.
PAPERS = ("invoice", "attachment", "agreement", "notice", "evidence")


class RecoveryHandover(models.Model):
    """The claims that went to a partner together. Its files are written anew from it whenever they are asked for.

    What was owed on the day is kept; names and addresses are those of the debtor's file, so that nothing about
    people is kept twice.
    """

    _name = "recovery.handover"
    _description = "Hand-over"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "date desc, id desc"
    _rec_names_search = ["mandate_id.name"]

    name = fields.Char(compute="_compute_name")
    mandate_id = fields.Many2one("recovery.mandate", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="mandate_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="mandate_id.currency_id")
    date = fields.Date(required=True, help="Day the claims went to the partner.")
    user_id = fields.Many2one("res.users", string="Handed over by", required=True)
    line_ids = fields.One2many("recovery.handover.line", "handover_id", string="Claims")
    claim_count = fields.Integer(compute="_compute_totals", help="Claims handed over.")
    amount = fields.Monetary(string="Owed", compute="_compute_totals", help="Owed when it was handed over.")

    @api.depends("mandate_id", "date")
    def _compute_name(self):
        for handover in self:
            handover.name = f"{handover.mandate_id.name} {handover.date}"

    @api.depends("line_ids.residual")
    def _compute_totals(self):
        for handover in self:
            handover.claim_count = len(handover.line_ids)
            handover.amount = sum(handover.line_ids.mapped("residual"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was handed over stays on file."))

    @api.model
    def _hand_over(self, mandate):
        """Keep which open claims of the mandate's running cases go to its partner today; return the hand-over.

        :raise UserError: the partner has all of them
        """
        lines = self._not_handed_over(mandate)
        day = mandate.company_id._recovery_today()
        charges = lines.move_line_id._recovery_charges(day)
        # sudo: made here and nowhere else; the right to write the cases was checked
        handover = self.sudo().create(
            {
                "mandate_id": mandate.id,
                "date": day,
                "user_id": self.env.uid,
                "line_ids": [
                    fields.Command.create(self._values(line, charges[line.move_line_id.id])) for line in lines
                ],
            }
        )
        for case, claims in lines.grouped("case_id").items():
            told = in_words_of_company(case)
            told.message_post(
                body=told.env._(
                    "Handed over to %(partner)s: %(claims)s.",
                    claims=counted(told.env, "claim", len(claims)),
                    partner=mandate.partner_id.display_name,
                )
            )
        return handover.sudo(False)

    @api.model
    def _not_handed_over(self, mandate):
        """Return the open claims of the cases in the partner's hands that it does not have yet.

        :raise UserError: there are none
        """
        cases = mandate.case_ids.filtered(lambda case: case.stage != "closed" and not case.date_returned)
        cases.check_access("write")
        known = {(line.case_id, line.move_line_id) for line in mandate.handover_ids.line_ids}
        lines = cases.line_ids.filtered(
            lambda line: (line.case_id, line.move_line_id) not in known and not line.move_line_id.reconciled
        )
        if not lines:
            raise UserError(
                self.env._(
                    "%s has every open claim of its cases: entrust it with a case first.", mandate.name
                )
            )
        return lines

    @api.model
    def _values(self, line, charges):
        return {
            "case_id": line.case_id.id,
            "move_line_id": line.move_line_id.id,
            "residual": line.amount_residual,
            "interest": float(charges.open_interest),
            "fixed_sum": float(charges.open_fee + charges.bank_fee),
        }

    # -- files -------------------------------------------------------------------------------------

    def _csv(self):
        """Return the file of the claims as bytes, in the layout of the partner."""
        self.ensure_one()
        self.check_access("read")
        return self.mandate_id.layout_id._file_of(line._told() for line in self.line_ids)

    def _write_zip(self, file):
        """Write the file of the claims and the papers of each case into ``file`` as a ZIP, piece by piece."""
        self.ensure_one()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{file_name(self.name)}.csv", self._csv())
            for case in self.line_ids.case_id:
                folder, told = file_name(case.name), in_words_of_company(case)
                for number, piece in enumerate(self._papers(told), 1):
                    data = piece.read()
                    if data:
                        archive.writestr(f"{folder}/{number:03d} {file_name(piece.name)}{piece.suffix}", data)

    def _papers(self, case):
        """Yield the pieces of a case's evidence that go along."""
        for piece in self.env["recovery.dossier.source"].with_env(case.env)._pieces(case):
            if piece.kind in PAPERS:
                yield piece

    def action_csv(self):
        """Download the file of the claims."""
        return self._download("csv")

    def action_zip(self):
        """Download the file of the claims with the papers of each case."""
        return self._download("zip")

    def _download(self, form):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/recovery/handover/{self.id}/{form}",
            "target": "download",
        }

    def _open_file(self, form):
        """Return a file on disk, at its beginning, with the hand-over as CSV or ZIP."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 closed by the response
        if form == "zip":
            self._write_zip(file)
        else:
            file.write(self._csv())
        return file


class RecoveryHandoverLine(models.Model):
    """One claim that went to a partner, with what was owed on it that day."""

    _name = "recovery.handover.line"
    _description = "Claim Handed Over"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "handover_id, case_id, id"
    _rec_name = "move_line_id"

    handover_id = fields.Many2one("recovery.handover", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    case_id = fields.Many2one("recovery.case", required=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(related="case_id.partner_id")
    move_line_id = fields.Many2one(
        "account.move.line", string="Claim", required=True, index=True, ondelete="restrict"
    )
    residual = fields.Monetary(string="Owed", help="Owed on the claim when it was handed over.")
    interest = fields.Monetary(help="Interest not booked that day.")
    fixed_sum = fields.Monetary(help="Fixed sums not booked that day.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was handed over stays on file."))

    def _told(self):
        """Return what a layout may tell of the claim, by its name there."""
        self.ensure_one()
        item, case, currency = self.move_line_id, self.case_id, self.currency_id
        debtor, amount = case.partner_id, exact(item.amount_currency, currency)
        owed = exact(self.residual, currency)
        return {
            "case": case.name,
            "number": item._recovery_number(),
            "date": item.move_id.invoice_date or item.date,
            "date_due": item.date_maturity or item.date,
            "currency": currency.name,
            "amount": amount,
            "received": amount - owed,
            "residual": owed,
            "interest": exact(self.interest, currency),
            "fixed_sum": exact(self.fixed_sum, currency),
            "date_title": case.date_title or "",
            "creditor": case.company_id.name,
            "debtor": debtor.name,
            "registration": debtor.company_registry or debtor.vat or "",
            "street": " ".join(filter(None, [debtor.street, debtor.street2])),
            "zip": debtor.zip or "",
            "city": debtor.city or "",
            "country": debtor.country_id.code or "",
            "phone": debtor.phone or "",
            "email": debtor.email or "",
        }
