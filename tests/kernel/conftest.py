"""The kernel is tested without Odoo: its folder is importable as plain ``tools``."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "payment_plan_recovery"), str(ROOT)]
