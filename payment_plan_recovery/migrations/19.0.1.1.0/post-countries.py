"""Countries learn whose law moves a last day that is a day off, where a letter that nobody collects did not arrive,
on which accounts late charges are income, and under whose law they are.
"""

from odoo import SUPERUSER_ID, api

#: Where the shipped rules of lateness say so too.
MOVED = ("base.de", "base.at", "base.pl", "base.ch")
#: As the shipped data says of France.
UNDER_FRENCH_LAW = ("base.gp", "base.mq", "base.gf", "base.re", "base.yt")
ACCOUNTS = {"recovery_interest_account": "7631", "recovery_fee_account": "758"}


def migrate(cr, version):
    """Write it where it is so; the field is new, nobody has said anything else."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in MOVED:
        env.ref(name).recovery_next_working_day = True
    env.ref("base.de").recovery_collected_only = True
    env.ref("base.fr").write(ACCOUNTS)
    for name in UNDER_FRENCH_LAW:
        env.ref(name).recovery_law_id = env.ref("base.fr")
