"""The kernel is tested without Odoo: its folder is importable as plain ``tools``."""

import os
import sys
from pathlib import Path

from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "payment_plan_recovery"), str(ROOT)]

# A busy machine must not fail a property: what is tested is arithmetic, not time.
settings.register_profile("kernel", deadline=None)
# Of a mutant it is asked whether it is caught, not by which simplest example.
settings.register_profile("mutants", deadline=None, phases=[Phase.explicit, Phase.generate], database=None)
settings.load_profile(os.environ.get("KERNEL_PROFILE", "kernel"))
