"""Figures and what is declared once are lists at a desk; on a telephone their rows are told from top to bottom."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from days import PHONE, Days
from odoo.tests import tagged

#: Rows that show what they have, and say of which column it is.
TOLD = """
[...document.querySelectorAll('.o_data_row')].filter(row => {
    const cells = [...row.querySelectorAll('.o_data_cell[data-label]')].filter(cell => cell.checkVisibility());
    return cells.length > 1 && cells.slice(1).every(cell => getComputedStyle(cell, '::before').content.length > 6);
}).length
"""


@tagged("post_install", "-at_install")
class TestPhoneLists(Days):
    def test_no_list_is_pushed_sideways(self):
        ours = self.env["ir.model.data"].search(
            [("model", "=", "ir.actions.act_window"), ("module", "=", "payment_plan_recovery")]
        )
        windows = self.env["ir.actions.act_window"].browse(ours.mapped("res_id")).with_context(lang="fr_FR")
        lists = windows.filtered(
            lambda window: window.view_mode.startswith("list") and "kanban" not in window.view_mode
        )
        self.assertGreater(len(lists), 20)
        worker = self.at_work("manager", PHONE)
        worker.go("action_claim")
        told = 0
        for window in lists:
            with self.subTest(window.name):
                worker.do(window.id)
                worker.sees(".o_list_view")
                worker.shows_columns()
                told += bool(worker._run(TOLD))
        self.assertGreater(told, 10)
