"""Payment terms of tests that grant a discount for paying early."""

from odoo import Command


def less_2_percent(env, **more):
    """Make terms of 30 days, 2 % less within 10; ``more`` are further values."""
    return env["account.payment.term"].create(
        {
            "name": "30 days, 2 % within 10",
            "early_discount": True,
            "discount_percentage": 2,
            "discount_days": 10,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            **more,
        }
    )
