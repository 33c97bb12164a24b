"""How claims leave dunning with a case, and come back."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.company_words import in_words_of_company
from ..common.keep import keep
from .procedure import STAGE_OF

#: Days after which somebody is asked whether the hold of a case still stands.
REVIEW_DAYS = 30


class RecoveryCaseLeaving(models.AbstractModel):
    """Opens cases over what debtors owe, and keeps it out of dunning while they run."""

    _name = "recovery.case.leaving"
    _description = "Claims that Leave Dunning"

    def _hold_claims(self):
        """Keep the claims of running cases out of dunning, and nothing else; end the holds of closed ones."""
        numbered = self.filtered("name")
        running = numbered.filtered(lambda case: case.stage != "closed" and case.line_ids)
        for case in numbered - running:
            case.hold_id._end(case.company_id._recovery_today())
        held = running.filtered("hold_id")
        for case in held:
            case.hold_id.write(case._held())
        unheld = running - held
        holds = self.env["recovery.hold"].create([case._new_hold() | case._held() for case in unheld])
        for case, hold in zip(unheld.sudo(), holds, strict=True):
            case.hold_id = (
                hold  # sudo: which hold is the case's follows from the case; the hold needs the right
            )

    def _resume(self):
        """Go on with a case that was paid and whose payment went back, and ask who is responsible to look at it.

        Unless its claims are in another case or a plan by now.
        """
        # sudo: another plan or case may be one that the user does not see
        items = self.sudo().line_ids.move_line_id.filtered(lambda item: not item.reconciled)
        taken = items.recovery_item_ids.filtered("is_live") or items.recovery_case_line_ids.filtered(
            "is_live"
        )
        if not items or taken:
            return
        stage, _way = STAGE_OF[self.procedure_id.kind] if self.procedure_id else ("preparation", self.way)
        # sudo: protected from clients; the hold that ended tells of the time before
        self.sudo().write({"stage": stage, "outcome": False, "date_closed": False, "hold_id": False})
        self._hold_claims()
        words = in_words_of_company(self).env._("A payment was undone: the case goes on.")
        self._message_log(body=words)
        self.activity_schedule(
            "payment_plan_recovery.mail_activity_case_deadline",
            summary=words,
            user_id=self.env["ir.cron"]._recovery_person(self).id,
        )

    def _held(self):
        """Return what the hold of the case follows it in."""
        values = {
            "move_line_ids": [fields.Command.set(self.line_ids.move_line_id.ids)],
            "kind": self.way,
            "user_id": self.user_id.id,
        }
        if self.way == "insolvency" and self.date_published:
            values["date_from"] = self.date_published  # interest stops that day
        return values

    def _new_hold(self):
        today = self.company_id._recovery_today()
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "date_from": min(self.date_opened, today),
            "date_review": fields.Date.add(today, days=REVIEW_DAYS),
            "reason": in_words_of_company(self).env._("In case %s.", self.name),
        }

    @api.model
    def _open(self, debtor, items, **values):
        """Open a case for each branch and currency of ``items``, open journal items of one debtor and creditor.

        What is in a running case already stays there.

        :return: the new cases
        :raise UserError: several debtors or creditors, or an item that a plan in force covers
        """
        return self._open_each([(debtor, items)], **values)

    @api.model
    def _open_each(self, owed, **values):
        """Open the cases of several debtors, in the order of ``owed``: pairs of a debtor and what it owes."""
        owed = [(debtor, self._that_may_leave(debtor, items)) for debtor, items in owed]
        items = self.env["account.move.line"].union(*(items for _debtor, items in owed))
        # sudo: collectors do not write journal items, and nothing is written to them but what they are
        keep(items.sudo())
        running = self._in_running_cases(items)
        return self.create(
            [
                {
                    "partner_id": debtor.id,
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "date_opened": company._recovery_today(),
                    "line_ids": [fields.Command.create({"move_line_id": item.id}) for item in claims],
                    **values,
                }
                for debtor, items in owed
                for (company, currency), claims in (items - running)
                .grouped(lambda item: (item.company_id, item.currency_id))
                .items()
            ]
        )

    def _that_may_leave(self, debtor, items):
        """Return the open ones of ``items``, which are the debtor's and owed to one creditor."""
        items._recovery_require_seen()
        items = items.filtered(lambda item: item.account_type == "asset_receivable" and not item.reconciled)
        if len(items.company_id._recovery_creditor()) > 1 or items.partner_id.commercial_partner_id - debtor:
            raise UserError(self.env._("Choose open claims of one debtor and one creditor."))
        return items

    def _in_running_cases(self, items):
        """Return those of ``items`` that are in a running case; refuse what a plan in force covers."""
        planned = self.env["recovery.plan.item"].search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        )
        if planned:
            raise UserError(
                self.env._(
                    "%s covers some of the claims: break or cancel the plan first, they come back then.",
                    ", ".join(planned.plan_id.mapped("display_name")),
                )
            )
        return self.env["recovery.case.line"]._running_over(items).move_line_id

    @api.model
    def _open_action(self, debtor, items):
        """Open cases and return the window that shows them.

        :raise UserError: nothing of the debtor's is open outside of a running case
        """
        cases = self._open(debtor, items)
        if not cases:
            raise UserError(self.env._("Nothing is open there outside of a running case."))
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_case")
        if len(cases) == 1:
            return {**action, "res_id": cases.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", cases.ids)], "context": {}}
