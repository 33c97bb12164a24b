"""What the documents of a case say, in the creditor's language; a mission letter in that of who receives it."""

from dataclasses import replace
from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ...models.case.handover import PAPERS
from ...models.charge.notice import statement
from ...models.message.claim_content import ClaimContent
from ...models.message.content import Content

#: Kinds of procedures that are suits: one that was begun is still under way when the insolvency comes.
SUITS = ("payment_order", "small_claims", "suit")


class Entry(NamedTuple):
    """One line of a case's chronology."""

    day: Any
    what: str
    detail: str = ""


class ReportPaymentOrder(models.AbstractModel):
    """Pages of the request for a payment order: the debt with its working, the costs, the pieces."""

    _name = "report.payment_plan_recovery.report_payment_order"
    _description = "Request for a payment order"

    @api.model
    def _get_report_values(self, docids, data=None):
        cases = self.env["recovery.case"].browse(docids)
        return {"doc_ids": docids, "doc_model": cases._name, "pages": [self._page(case) for case in cases]}

    @api.model
    def _page(self, case, lang=None):
        case = case.with_context(lang=lang or case.company_id._recovery_lang())
        day = self._day(case)
        content = self._content(case, day)
        costs = case.cost_ids.filtered(lambda cost: cost.is_claimed_back and cost.date <= day)
        costs_total = case.currency_id.round(sum(costs.mapped("amount")))
        notices = self.env["recovery.dossier.source"]._notices(case.sudo())  # the document lists them by day
        return {
            "case": case,
            "content": content,
            "today": case.company_id._recovery_today(),
            "costs": costs,
            "costs_total": costs_total,
            "total": case.currency_id.round(content.balances.get(case.currency_id, 0.0) + costs_total),
            "court": case.person_ids.filtered(lambda person: person.role == "court")[:1].partner_id,
            "representative": case.person_ids.filtered(lambda person: person.role == "representative")[:1],
            "pieces": self._bordereau(case),
            "formal": notices.filtered(lambda notice: notice.level_id.letter_kind == "formal_notice")[-1:],
        }

    @api.model
    def _day(self, case):
        """Return the day up to which interest is claimed."""
        return case.company_id._recovery_today()

    @api.model
    def _content(self, case, day):
        """Return the :class:`Content` of the case's claims, with their charges up to ``day``."""
        content = Content(
            company=case.company_id,
            debtor=case.partner_id,
            contact=case.partner_id,
            # sudo: the collector's name, telephone and address are meant to be read by the other side
            responsible=(case.user_id or self.env.user).sudo().partner_id,
            date=day,
            deadline=day,
            reference=case.name or "",
        )
        items = case.line_ids.move_line_id.filtered(lambda item: not item.reconciled)
        receipts, charges = items._recovery_receipts(), items._recovery_charges(day)
        for item in items.sorted(lambda item: (item.date_maturity or item.date, item.id)):
            claim = ClaimContent(
                number=item._recovery_number(),
                date=item.move_id.invoice_date or item.date,
                date_due=item.date_maturity or item.date,
                amount=item.amount_currency,
                received=case.currency_id.round(item.amount_currency - item.amount_residual_currency),
                residual=item.amount_residual_currency,
                currency=item.currency_id,
                days_late=max((day - (item.date_maturity or item.date)).days, 0),
                receipts=tuple(receipts.get(item.id, ())),
            )
            told = tuple(statement(charges[item.id], content, claim.number, claim.currency))
            content.claims.append(replace(claim, charges=told))
        return content

    @api.model
    def _bordereau(self, case):
        """Return the numbered pieces: those of the latest evidence, else those it would have."""
        kinds = dict(self.env["recovery.dossier.piece"]._fields["kind"]._description_selection(case.env))
        latest = case.dossier_ids.sorted("version")[-1:]
        if latest:
            return [
                (piece.number, kinds[piece.kind], piece.name, piece.date, piece.kind)
                for piece in latest.piece_ids
                if not piece.is_missing
            ]
        found = case.env["recovery.dossier.source"]._pieces(case)
        return [
            (number, kinds[piece.kind], piece.name, piece.day, piece.kind)
            for number, piece in enumerate(found, 1)
        ]


class ReportDeclaration(models.AbstractModel):
    """Pages of the declaration of claims in an insolvency: interest stops on the day it was published."""

    _name = "report.payment_plan_recovery.report_declaration"
    _inherit = "report.payment_plan_recovery.report_payment_order"
    _description = "Declaration of claims"

    @api.model
    def _page(self, case, lang=None):
        page = super()._page(case, lang)
        case, day = page["case"], self._day(case)
        coming = [claim.residual for claim in page["content"].claims if claim.date_due > day]
        principal = page["content"].totals.get(case.currency_id, 0.0)
        guarantees = self.env["recovery.guarantee"].with_context(lang=case.env.lang)
        begun = case.step_ids.filtered("date_done").procedure_step_id.procedure_id
        return {
            **page,
            "to_fall_due": case.currency_id.round(sum(coming)),
            "due": case.currency_id.round(principal - sum(coming)),
            "securities": guarantees.search(
                Domain("partner_id", "=", case.partner_id.id)
                & Domain("kind", "!=", "insurance")  # it secures us, out of nothing of the debtor's
                & guarantees._holding(case.company_id, day)
            ),
            "suits": begun.filtered(lambda procedure: procedure.kind in SUITS),
        }

    @api.model
    def _day(self, case):
        return case.date_published or case.company_id._recovery_today()


class ReportIrrecoverable(models.AbstractModel):
    """Pages of the certificate that a debt is irrecoverable, to be signed by who enforced or liquidates."""

    _name = "report.payment_plan_recovery.report_irrecoverable"
    _inherit = "report.payment_plan_recovery.report_declaration"
    _description = "Certificate of irrecoverability"

    @api.model
    def _page(self, case, lang=None):
        """The claims alone: what is certified is the loss of what was invoiced."""
        page = super()._page(case, lang)
        claims = [replace(claim, charges=()) for claim in page["content"].claims]
        return {**page, "content": replace(page["content"], claims=claims)}


class ReportVatDuplicate(models.AbstractModel):
    """Duplicates of unpaid invoices with the mention that their VAT cannot be deducted (FR CGI 272-1)."""

    _name = "report.payment_plan_recovery.report_vat_duplicate"
    _inherit = "report.payment_plan_recovery.report_payment_order"
    _description = "Duplicate invoice, VAT not deductible"

    @api.model
    def _page(self, case):
        page = super()._page(case)
        items = page["case"].line_ids.move_line_id.filtered(lambda item: not item.reconciled)
        page["invoices"] = [
            self._unpaid(move, sum(lines.mapped("amount_residual_currency")))
            for move, lines in items.grouped("move_id").items()
            if move.is_invoice()
        ]
        return page

    @api.model
    def _unpaid(self, move, residual):
        """Return an invoice with what of its price and of its tax was not paid, in proportion."""
        share = residual / move.amount_total if move.amount_total else 0
        tax = move.currency_id.round(move.amount_tax * share)
        return {"move": move, "tax": tax, "net": move.currency_id.round(residual - tax)}


class ReportMission(models.AbstractModel):
    """Letters that give a mediator, a lawyer, a bailiff or an agency their mission."""

    _name = "report.payment_plan_recovery.report_mission"
    _inherit = "report.payment_plan_recovery.report_payment_order"
    _description = "Mission letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        people = self.env["recovery.case.person"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": people._name,
            "pages": [self._mission(person) for person in people],
        }

    @api.model
    def _mission(self, person):
        """Return the page of one letter: an agency gets what it needs, and the terms of its mandate."""
        page = self._page(person.case_id, person.partner_id._recovery_lang(person.case_id.company_id))
        mandate = page["case"].mandate_id
        pieces = [piece for piece in page["pieces"] if person.role != "agency" or piece[4] in PAPERS]
        return {
            **page,
            "person": person,
            "pieces": pieces,
            "mandate": mandate if mandate.partner_id == person.partner_id else None,
        }


class ReportChronology(models.AbstractModel):
    """The chronology of a case: what was owed, asked, said, promised and paid, day by day."""

    _name = "report.payment_plan_recovery.report_case_chronology"
    _inherit = "report.payment_plan_recovery.report_payment_order"
    _description = "Chronology of a case"

    @api.model
    def _page(self, case):
        lang = case.company_id._recovery_lang()
        case = case.with_context(lang=lang)
        content = self._content(case, self._day(case))
        entries = [*self._entries(case, content), *self._acts(case)]
        limits = self.env["recovery.limitation"].search(
            [("move_line_id", "in", case.line_ids.move_line_id.ids)]
        )
        return {
            "case": case,
            "content": content,
            "entries": sorted((entry for entry in entries if entry.day), key=lambda entry: entry.day),
            "limits": limits.with_context(lang=case.env.lang),
        }

    @api.model
    def _entries(self, case, content):
        """What the ledger and the notices say."""
        items = case.line_ids.move_line_id
        receipts = items._recovery_receipts()
        for item in items:
            number = item._recovery_number()
            amount = content.money(item.amount_currency, item.currency_id)
            yield Entry(item.move_id.invoice_date or item.date, case.env._("Invoice %s", number), amount)
            yield Entry(item.date_maturity, case.env._("%s is due", number), amount)
            for receipt in receipts.get(item.id, ()):
                paid = content.money(receipt.amount, item.currency_id)
                yield Entry(receipt.date, case.env._("Received on %s", number), f"{paid} ({receipt.label})")
        channels = dict(self.env["recovery.notice"]._fields["channel"]._description_selection(case.env))
        for notice in self.env["recovery.dossier.source"]._notices(case.sudo()):  # as in the dossier
            detail = ", ".join([notice.level_id.name or "", channels.get(notice.channel, "")])
            yield Entry(notice._day_sent(), case.env._("Sent: %s", notice.name), detail)

    @api.model
    def _acts(self, case):
        """What people said, promised, agreed and did."""
        of_debtor = [
            ("partner_id", "=", case.partner_id.id),
            ("company_id", "in", case.company_id._recovery_branch_ids()),
        ]
        for contact in self.env["recovery.contact"].search(of_debtor):
            yield Entry(contact.date, case.env._("Spoken with the debtor"), contact.outcome)
        promises = self.env["recovery.promise"].search(of_debtor)
        named, claims = promises._named_items(), case.line_ids.move_line_id
        for promise in promises.filtered(lambda promise: not named[promise] or named[promise] & claims):
            until = case.env["ir.qweb.field.date"].value_to_html(promise.date_promised, {})
            yield Entry(promise.date_given, case.env._("Promised to pay by %s", until), promise.note or "")
        for item in case.line_ids.move_line_id.recovery_item_ids:
            plan = item.plan_id
            yield Entry(
                plan.date_accepted, case.env._("Agreement signed: %s", plan.name), plan.signed_by or ""
            )
            if plan.state == "broken":
                yield Entry(plan.date_closed, case.env._("Agreement broken: %s", plan.name))
        yield Entry(case.date_opened, case.env._("Case %s opened", case.name), case.reason or "")
        for step in case.step_ids.filtered("date_done"):
            yield Entry(step.date_done, step.name, step.note or "")
        if case.mandate_id:
            partner = case.mandate_id.partner_id.display_name
            yield Entry(case.date_entrusted, case.env._("Entrusted to %s", partner), case.mandate_id.name)
        kinds = dict(case.entry_ids._fields["kind"]._description_selection(case.env))
        for entry in case.entry_ids.filtered(lambda entry: entry.kind != "fee"):  # a fee is told as a cost
            amount = entry.currency_id.format(entry.amount) if entry.amount else ""
            told = case.env._("Reported: %s", kinds[entry.kind])
            yield Entry(entry.date, told, " ".join(filter(None, [amount, entry.note])))
        for cost in case.cost_ids:
            yield Entry(cost.date, case.env._("Cost: %s", cost.name), case.currency_id.format(cost.amount))


class ReportDossier(models.AbstractModel):
    """The index of a dossier: each piece with its page and fingerprint, and what is missing."""

    _name = "report.payment_plan_recovery.report_dossier"
    _description = "Index of the evidence"

    @api.model
    def _get_report_values(self, docids, data=None):
        dossiers = self.env["recovery.dossier"].browse(docids)
        pages = []
        for dossier in dossiers:
            lang = dossier.company_id._recovery_lang()
            pages.append(
                {"dossier": dossier.with_context(lang=lang), "env": dossier.with_context(lang=lang).env}
            )
        return {"doc_ids": docids, "doc_model": dossiers._name, "pages": pages}
