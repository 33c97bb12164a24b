"""The account statement of a plan: what fell due, what came in, what remains."""

from odoo import models


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _statement_lines(self, date):
        """Return the plan's account up to ``date``, oldest first.

        Each line is a dict: ``date``, ``kind`` (``covered``, ``due`` or ``received``),
        ``label``, ``due`` and ``received`` (the line's own amounts), ``remaining`` of the
        covered total and ``late`` (due and not received) once the line is counted; amounts
        in the plan's currency. What falls due on a day comes before what is received then.
        """
        self.ensure_one()
        lines = self._statement_due(date) + self._statement_received(date)
        lines = self._statement_covered() + sorted(lines, key=lambda line: line["date"])
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
        groups = self.env["recovery.plan.allocation"]._read_group(
            [("plan_id", "=", self.id), ("date", "<=", date)], ["date:day", "move_id"], ["amount:sum"]
        )
        return [
            {"date": day, "kind": "received", "label": move.display_name, "due": 0.0, "received": amount}
            for day, move, amount in groups
        ]
