"""Holds that were cases before there were any."""

from odoo import models

from ..common.company_words import words_of
from ..common.guarded_fields import as_action


class RecoveryHold(models.Model):
    _inherit = "recovery.hold"

    def _become_cases(self):
        """Open a case in place of each hold for mediation or litigation that runs; its file goes along.

        A hold on everything the debtor owes becomes a case over what is open now. A hold on a part of an item
        stays a hold, and so does one of which nothing is open outside of plans and running cases.
        """
        for hold in self.filtered(lambda hold: not hold.amount):
            company = hold.company_id
            claims = self.env["recovery.claim"].search(
                [("partner_id", "=", hold.partner_id.id), ("company_id", "=", company.id)]
            )
            items = claims.move_line_id
            if hold.move_line_ids:
                items &= hold.move_line_ids
            cases = self.env["recovery.case"].with_company(company)
            cases = cases._open(
                hold.partner_id, items, way=hold.kind, reason=hold.reason, user_id=hold.user_id.id
            )
            if cases:
                files = self.env["ir.attachment"].search(
                    [("res_model", "=", hold._name), ("res_id", "=", hold.id)]
                )
                as_action(files).write({"res_model": cases._name, "res_id": cases[:1].id})
                hold._end(company._recovery_today())
                hold.message_post(body=words_of(company)._("Goes on as %s.", ", ".join(cases.mapped("name"))))
