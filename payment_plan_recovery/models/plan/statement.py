"""The account statement of a plan: what fell due, what came in, what remains."""

from collections import defaultdict

from odoo import models

from .plan import LIVE_STATES


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _statement_lines(self, date):
        """Return the account of each plan up to ``date``: {plan: lines, oldest first}.

        Each line is a dict: ``date``, ``kind`` (``covered``, ``due``, ``received`` or, not matched yet, ``waiting``),
        ``label``, ``due`` and ``received`` (the line's own amounts), ``remaining`` of the
        covered total and ``late`` (due and not received) once the line is counted; amounts
        in the plan's currency. What falls due on a day comes before what is received then.
        """
        received, waiting = self._statement_received(date), self._statement_waiting(date)
        accounts = {}
        for plan in self:
            moves = sorted(
                plan._statement_due(date) + received[plan] + waiting.get(plan, []),
                key=lambda line: line["date"],
            )
            accounts[plan] = plan._statement_balances(plan._statement_covered() + moves)
        return accounts

    def _statement_balances(self, lines):
        """Return ``lines`` with what remains and what is late once each is counted."""
        due = received = 0.0
        for line in lines:
            due += line["due"]
            received += line["received"]
            line["remaining"] = self.currency_id.round(self.amount_total - received)
            line["late"] = self.currency_id.round(max(due - received, 0))
        return lines

    def _statement_covered(self):
        start = self.date_accepted or self.date_proposed
        label = self.env._(
            "Covered: %s", ", ".join(self.item_ids._names_with_branch("move_line_id.display_name"))
        )
        return [{"date": start, "kind": "covered", "label": label, "due": 0.0, "received": 0.0}]

    def _statement_due(self, date):
        return [
            {
                "date": row.date_due,
                "kind": "due",
                "label": self.env._("Instalment %s", row.number)
                if row.number
                else self.env._("Down payment"),
                "due": row.amount,
                "received": 0.0,
            }
            for row in self.instalment_ids.sorted("number")
            if row.date_due <= date
        ]

    def _statement_received(self, date):
        """Return what each plan received up to ``date``: {plan: lines}."""
        groups = self.env["recovery.plan.allocation"]._read_group(
            [("plan_id", "in", self.ids), ("date", "<=", date)],
            ["plan_id", "date:day", "move_id"],
            ["amount:sum"],
        )
        received = {plan: [] for plan in self}
        for plan, day, move, amount in groups:
            received[plan].append(
                {"date": day, "kind": "received", "label": move.display_name, "due": 0.0, "received": amount}
            )
        return received

    def _statement_waiting(self, date):
        """Return what plans in force received up to ``date`` and is not matched yet: {plan: lines}."""
        live = self.filtered(lambda plan: plan.state in LIVE_STATES)
        # sudo: the plan's own items, those of a branch that the user does not see too
        receipts = self.env["recovery.open.money"].receipts(live.sudo().item_ids.move_line_id, date)
        waiting = defaultdict(lambda: defaultdict(float))
        for item in live.item_ids:
            for credit_id, day, amount in item._its_own(receipts.get(item.move_line_id.id, ())):
                waiting[item.plan_id][day, credit_id] += amount
        return {plan: plan._waiting_lines(amounts) for plan, amounts in waiting.items()}

    def _waiting_lines(self, amounts):
        # sudo: the number of the debtor's own payment, which may lie in a branch that the user does not see
        lines = self.env["account.move.line"].sudo().browse(credit_id for _day, credit_id in amounts)
        names = {line.id: line.move_id.display_name for line in lines}
        return [
            {
                "date": day,
                "kind": "waiting",
                "label": self.env._("%s, not matched yet", names[credit_id]),
                "due": 0.0,
                "received": self.currency_id.round(amount),
            }
            for (day, credit_id), amount in sorted(amounts.items())
        ]
