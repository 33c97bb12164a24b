from odoo import fields, models
from odoo.tools import SQL

#: More than a plan has instalments: what keeps the rows of one reconciliation apart.
NUMBERS = 2048


class RecoveryPlanAllocation(models.Model):
    """Which money paid which instalment, to the cent: payment ↔ covered item ↔ instalment.

    What an item received since the debtor accepted, oldest money first, is laid end
    to end over the plan's instalments, oldest first: each overlap is a row. Rows of a
    plan sum to what it received. ``id`` comes from the reconciliation and the
    instalment's number, so that it stays the same.
    """

    _name = "recovery.plan.allocation"
    _description = "Plan Allocation"
    _auto = False
    _order = "plan_id, date, id"
    _rec_name = "move_id"
    _depends = {
        "account.partial.reconcile": ["debit_move_id", "credit_move_id", "debit_amount_currency"],
        "account.move.line": ["date", "move_id"],
        "recovery.plan": ["date_activated"],
        "recovery.plan.item": [
            "amount_paid",
            "is_followed",
            "move_line_id",
            "partial_from",
            "partial_until",
            "plan_id",
        ],
        "recovery.plan.instalment": [
            *("plan_id", "number", "date_due", "amount"),
            *("company_id", "partner_id", "currency_id"),
        ],
    }

    plan_id = fields.Many2one("recovery.plan", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    instalment_id = fields.Many2one(
        "recovery.plan.instalment", readonly=True, help="The instalment the money paid, oldest first."
    )
    item_id = fields.Many2one(
        "recovery.plan.item",
        string="Covered item",
        readonly=True,
        help="The item the money was reconciled with.",
    )
    move_line_id = fields.Many2one("account.move.line", string="Payment item", readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Payment",
        readonly=True,
        help="Payment, credit note or entry the money came by.",
    )
    date = fields.Date(readonly=True, help="When the money was received.")
    amount = fields.Monetary(readonly=True, help="Share of the payment that paid the instalment.")

    def init(self):
        # The view has no data of its own: it is made again at each installation and upgrade.
        self.env.cr.execute("DROP VIEW IF EXISTS recovery_plan_allocation")
        self.env.cr.execute(SQL("CREATE VIEW recovery_plan_allocation AS %s", self._query()))

    def _query(self) -> SQL:
        return SQL(
            """
            WITH receipt AS (%(receipts)s), counted AS (
                -- Money beyond what counts as paid on the item is not the plan's.
                SELECT receipt.*, LEAST(upper, amount_paid) - LEAST(upper - amount, amount_paid) AS share
                  FROM receipt
            ), laid AS (
                SELECT counted.*,
                       SUM(share) OVER (PARTITION BY plan_id ORDER BY date, id) AS share_upper
                  FROM counted
            ), owed AS (
                SELECT instalment.*,
                       SUM(amount) OVER (PARTITION BY plan_id ORDER BY number) AS amount_upper
                  FROM recovery_plan_instalment instalment
            )
            SELECT laid.id::bigint * %(numbers)s + owed.number AS id,
                   laid.plan_id, owed.company_id, owed.partner_id, owed.currency_id,
                   owed.id AS instalment_id, laid.item_id, laid.move_line_id, laid.move_id, laid.date,
                   ROUND(LEAST(share_upper, amount_upper)
                         - GREATEST(share_upper - share, amount_upper - owed.amount), 6) AS amount
              FROM laid
              JOIN owed ON owed.plan_id = laid.plan_id
               AND owed.amount_upper > laid.share_upper - laid.share
               AND owed.amount_upper - owed.amount < laid.share_upper
             WHERE laid.share > 0
            """,
            receipts=self._receipts_query(),
            numbers=NUMBERS,
        )

    def _receipts_query(self) -> SQL:
        """Return the reconciliations that count for plans, each with what its item had received with it."""
        return SQL(
            """
            SELECT partial.id, item.plan_id, item.id AS item_id, partial.credit_move_id AS move_line_id,
                   payment.move_id, payment.date, item.amount_paid,
                   SUM(partial.debit_amount_currency) OVER (
                       PARTITION BY item.plan_id, item.id ORDER BY payment.date, partial.id
                   ) AS upper,
                   partial.debit_amount_currency AS amount
              FROM recovery_plan_item item
              JOIN account_partial_reconcile partial ON partial.debit_move_id = item.move_line_id
               AND partial.id > item.partial_from
               AND (item.is_followed OR partial.id <= item.partial_until)
              JOIN account_move_line payment ON payment.id = partial.credit_move_id
              JOIN recovery_plan plan ON plan.id = item.plan_id
             WHERE plan.date_activated IS NOT NULL
            """
        )
