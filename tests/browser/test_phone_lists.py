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

    def test_the_debtor_s_page_is_read_whole(self):
        """Its tabs and their lists stand below each other; nothing is hidden at the right."""
        worker = self.at_work("collector", PHONE)
        worker.go("action_claim")
        worker.do(self.planned.with_user(self.users["collector"]).action_recovery_page())
        worker.sees(".o_recovery_debtor_page .o_notebook_headers")
        hidden = "(one => one.scrollWidth - one.clientWidth)(document.querySelector('.o_notebook_headers'))"
        self.assertLessEqual(worker._run(hidden), 0)
        self.assertLessEqual(worker._run(hidden.replace(".o_notebook_headers", ".o_form_view_container")), 0)
        for tab in ("forecast", "notices", "interactions"):
            worker.click(f".o_notebook_headers [name={tab}]")
            worker.sees(".o_notebook .o_list_renderer")
            worker.shows_columns()
