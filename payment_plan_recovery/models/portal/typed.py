"""What a form of the portal says, read as what it means."""

from odoo import fields


def typed_day(text):
    """Return the day that a form says in ISO, None for anything else."""
    try:
        return fields.Date.to_date(text)
    except ValueError:
        return None
