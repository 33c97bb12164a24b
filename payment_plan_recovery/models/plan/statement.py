"""The account statement of a plan: what fell due, what came in, what remains."""

from odoo import models


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _statement_lines(self, date):
        """Return the account of each plan up to ``date``: {plan: lines, oldest first}.

        Each line is a dict: ``date``, ``kind`` (``covered``, ``due`` or ``received``),
        ``label``, ``due`` and ``received`` (the line's own amounts), ``remaining`` of the
        covered total and ``late`` (due and not received) once the line is counted; amounts
        in the plan's currency. What falls due on a day comes before what is received then.
        """
        received = self._statement_received(date)
        accounts = {}
        for plan in self:
            moves = sorted(plan._statement_due(date) + received[plan], key=lambda line: line["date"])
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
        label = self.env._("Covered: %s", ", ".join(self.item_ids.move_line_id.mapped("display_name")))
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
