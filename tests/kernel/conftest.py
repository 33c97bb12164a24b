"""The kernel is tested without Odoo: its folder is importable as plain ``tools``."""

import sys
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "payment_plan_recovery"), str(ROOT)]

# A busy machine must not fail a property: what is tested is arithmetic, not time.
settings.register_profile("kernel", deadline=None)
settings.load_profile("kernel")
