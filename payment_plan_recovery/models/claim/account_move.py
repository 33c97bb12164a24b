"""How an invoice is chased: its policy, and ways to a hold, a promise or the reason why it is not."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..common.guarded_fields import as_action


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "recovery.guarded.additions"]

    recovery_policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Dunning policy",
        copy=False,
        tracking=True,
        index="btree_not_null",
        domain=[("claim_kind", "=", "item")],
        check_company=True,
        # by who may change dunning, with the reason: not by whoever makes invoices
        protected=True,
        help="How this invoice is chased, when not as its debtor's other invoices are.",
    )

    def action_recovery_why_not(self):
        """Say why the invoice is chased or not today."""
        self.ensure_one()
        self.fetch(["company_id"])  # nothing else is read of the invoice, which has a hundred columns
        run = self.env["recovery.dunning.run"].new(
            {"company_id": self.company_id.id, "date": self.company_id._recovery_today()}
        )
        return run._why_not(self._recovery_items())

    def action_recovery_change(self):
        """Change by hand how the invoices are chased. Raises UserError for none."""
        if not self:
            raise UserError(self.env._("Choose the invoices whose dunning changes first, in their list."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change dunning"),
            "res_model": "recovery.dunning.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_ids": self.ids},
        }

    def action_recovery_hold(self):
        """A new hold on the open items of the invoices."""
        return self.env["recovery.hold"]._new_action(self.commercial_partner_id, self._recovery_items())

    def action_recovery_dispute(self):
        """A new dispute about the open items of the invoices."""
        return self.env["recovery.dispute"]._new_action(self.commercial_partner_id, self._recovery_items())

    def action_recovery_promise(self):
        """A new promise for the open items of the invoices."""
        return self.env["recovery.promise"]._new_action(self.commercial_partner_id, self._recovery_items())

    def _recovery_listed(self, name):
        """Return the window ``name`` on the invoices or credit notes: one by itself, several in a list."""
        window = {"type": "ir.actions.act_window", "name": name, "res_model": self._name}
        if len(self) == 1:
            return {**window, "res_id": self.id, "views": [(False, "form")]}
        return {
            **window,
            "domain": [("id", "in", self.ids)],
            "views": [(False, "list"), (False, "form")],
            # Odoo's list names customers where it knows that they are
            "context": {"default_move_type": self[:1].move_type or "out_invoice"},
        }

    def _recovery_receivable_items(self):
        """Return the receivable items of these entries, open or not."""
        return self.line_ids.filtered(lambda item: item.account_type == "asset_receivable")

    def _recovery_items(self):
        """Return the open receivable items of the invoices."""
        items = self.env["account.move.line"]
        open_ones = items._recovery_open_domain() & Domain("move_id", "in", self.ids)
        return items.search_fetch(open_ones, ["partner_id"], order="date_maturity, id")

    def _recovery_changing_debtor(self, vals):
        """Return the invoices that ``vals`` give to another debtor; of those only that a debtor may have been told of.

        A contact of the same debtor is no other one.
        """
        if "partner_id" not in vals:
            return self.browse()
        debtor = self.env["res.partner"].browse(vals["partner_id"] or ()).commercial_partner_id
        return self.filtered(
            lambda move: move.posted_before and move.partner_id.commercial_partner_id != debtor
        )

    def _recovery_begin_anew(self):
        """Let no level that was chosen for a former debtor be the one that the next begins with."""
        as_action(self.line_ids.filtered("recovery_level_id")).recovery_level_id = False
