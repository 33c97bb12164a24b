"""A French creditor with debtors whose claims left dunning."""

from unittest.mock import patch

from odoo import Command
from odoo.addons.base.models.ir_cron import IrCron

from ..notice.notice_common import NoticeCommon, day


class CaseCommon(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.france = cls.env.ref("base.fr")
        cls.company.country_id = cls.france
        cls.order = cls.env.ref("payment_plan_recovery.procedure_fr_order")
        cls.today = cls.company._recovery_today()

    @classmethod
    def open_case(cls, amount=1000.0, debtor=None, **values):
        """A case over one claim of ``amount``."""
        debtor = debtor or cls.make_debtor("Late", is_company=True, country_id=cls.france.id)
        move = cls.invoice(debtor, amount)
        return cls.env["recovery.case"]._open(debtor, cls.item(move), **values)

    def option(self, case, procedure):
        case.action_weigh()
        return case.option_ids.filtered(lambda option: option.procedure_id == procedure)

    def begin(self, case, procedure):
        self.option(case, procedure).action_begin()
        return case

    def step(self, case, xid):
        """The step of ``case`` declared by the shipped step ``xid``."""
        declared = self.env.ref(f"payment_plan_recovery.step_{xid}")
        return case.step_ids.filtered(lambda step: step.procedure_step_id == declared)

    def follow(self):
        """Let the nightly job follow the cases, here in the test's transaction."""
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_kwargs: 1.0):
            self.env["recovery.case"]._cron_follow()

    def doubtful(self, item, amount, on, account=None):
        """Move ``amount`` of a claim to account 416 by a miscellaneous entry; the item that is owed from then on."""
        account = account or self.env["account.account"].search(
            [("code", "=", "416000"), ("company_ids", "in", self.company.ids)]
        )
        sides = ((item.account_id, 0.0, amount), (account, amount, 0.0))
        entry = self.env["account.move"].create(
            {
                "journal_id": self.env["account.journal"]
                .search([("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1)
                .id,
                "date": day(on),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": at.id,
                            "partner_id": item.partner_id.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for at, debit, credit in sides
                ],
            }
        )
        entry.action_post()
        (item + entry.line_ids.filtered("credit")).reconcile()
        return entry.line_ids.filtered("debit")

    def end_holds(self, case, on):
        """The holds of ``case`` ended on a day of the story."""
        case.hold_id.write({"date_from": min(case.hold_id.date_from, day(on)), "date_until": day(on)})


__all__ = ["CaseCommon", "day"]
