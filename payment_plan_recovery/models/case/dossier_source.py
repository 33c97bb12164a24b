"""Where the pieces of a dossier come from, in the order in which they are numbered."""

import datetime
from collections.abc import Callable
from typing import NamedTuple

from odoo import api, models

from ...tools.text import stem_and_ending
from ..common.file_content import content_of

PDF = ".pdf"
KINDS = [
    ("chronology", "Chronology"),
    ("invoice", "Invoice"),
    ("attachment", "Attached to an invoice"),
    ("agreement", "Agreement"),
    ("notice", "Notice"),
    ("evidence", "Evidence of sending"),
    ("account", "Statement of account"),
    ("file", "Correspondence and other files"),
]


class Piece(NamedTuple):
    """One piece: ``read`` gives its bytes when it is its turn, nothing when the piece is missing."""

    kind: str
    name: str
    day: datetime.date | None
    read: Callable[[], bytes]
    suffix: str = PDF


class RecoveryDossierSource(models.AbstractModel):
    """Gathers what proves a case: invoices and what is attached to them, agreements, notices, accounts."""

    _name = "recovery.dossier.source"
    _description = "Pieces of Evidence"

    @api.model
    def _pieces(self, case):
        """Yield the :class:`Piece` of ``case``, one after another; nothing is read before its turn."""
        # sudo: the file of a case is complete, whoever builds it; who may see the case may see its file
        case = case.sudo()
        yield self._report("chronology", "report_case_chronology", case, case.date_opened, case.name)
        for move in case.line_ids.move_id.sorted(lambda move: (move.date, move.id)):
            yield from self._invoice(move)
        plans = case.line_ids.move_line_id.recovery_item_ids.plan_id | case.plan_id
        for plan in plans.filtered("date_accepted").sorted("date_accepted"):
            yield self._report("agreement", "report_agreement", plan, plan.date_accepted)
            yield from self._attached("agreement", plan)
        for notice in self._notices(case):
            yield from self._notice(notice)
        account = self.env._("Statement of account of %s", case.partner_id.name)
        yield self._report("account", "report_statement", case.partner_id, None, account)
        for hold in case.hold_id:
            yield from self._attached("file", hold)
        yield from self._attached("file", case)

    def _invoice(self, move):
        """An invoice as it was sent, else as it prints, and what is attached to it: orders, deliveries."""
        sent = move.invoice_pdf_report_id
        if sent:
            yield Piece("invoice", move.name, move.invoice_date, lambda: content_of(sent))
        elif move.is_invoice():
            report = self.env["ir.actions.report"]
            yield Piece(
                "invoice",
                move.name,
                move.invoice_date,
                lambda: report._recovery_print("account.report_invoice_with_payments", move)[move],
            )
        else:
            yield Piece("invoice", move.name, move.date, lambda: b"")
        yield from self._attached("attachment", move, leave=sent)

    def _notice(self, notice):
        """What was sent, and the evidence of its sending."""
        day = notice._day_sent()
        archived = notice.attachment_id
        if archived or notice.channel in ("letter", "registered"):
            yield Piece("notice", notice.name, day, lambda: content_of(archived))
        proof = self.env._("Evidence of sending of %s", notice.name)
        yield self._report("evidence", "report_evidence", notice, day, proof)
        yield from self._attached("evidence", notice, leave=archived)

    def _notices(self, case):
        lines = self.env["recovery.notice.line"].sudo()  # as above: the file is complete
        sent = lines.search(
            [
                ("move_line_id", "in", case.line_ids.move_line_id.ids),
                ("notice_id.state", "=", "sent"),
            ]
        )
        return sent.notice_id.sorted(lambda notice: (notice.date, notice.id))

    def _attached(self, kind, record, leave=None):
        """Yield the files attached to ``record``, without those of ``leave``."""
        found = self.env["ir.attachment"].sudo()  # as above: the file is complete
        files = found.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("res_field", "=", False)],
            order="id",
        )
        company = record.company_id or self.env.company
        for file in files - leave if leave else files:
            name, ending = stem_and_ending(file.name)
            day = company._recovery_day(file.create_date)
            yield Piece(kind, name, day, lambda file=file: content_of(file), ending)

    def _report(self, kind, report, record, day, name=None):
        printer = self.env["ir.actions.report"].with_company(record.company_id or self.env.company)
        printer = printer.with_context(recovery_without_link=True)  # others read it: the link is the debtor's
        return Piece(
            kind,
            name or record.display_name,
            day or None,
            lambda: printer._recovery_print(f"payment_plan_recovery.{report}", record)[record],
        )
