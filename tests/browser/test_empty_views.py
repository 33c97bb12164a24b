"""Each view in which nothing stands says in French what would stand there: calendars, activities and charts too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from days import DESK, Days
from odoo.tests import tagged
from odoo.tools import html2plaintext

#: Kinds of views; lists and plain kanbans say it by themselves in the same way everywhere.
KINDS = ("calendar", "activity", "graph", "pivot", "kanban")
NOTHING = [(0, "=", 1)]


@tagged("post_install", "-at_install")
class TestEmptyViews(Days):
    def views(self):
        """(window, kind, view) of ours, each model's kind of view once; of kanbans those that stand in groups."""
        ours = self.env["ir.model.data"].search(
            [("model", "=", "ir.actions.act_window"), ("module", "=", "payment_plan_recovery")]
        )
        windows = self.env["ir.actions.act_window"].browse(ours.mapped("res_id")).with_context(lang="fr_FR")
        found = {}
        for window in windows:
            declared = {kind.view_mode: kind.view_id.id for kind in window.view_ids}
            for kind in window.view_mode.split(","):
                model = self.env[window.res_model]
                if kind not in KINDS:
                    continue
                view = declared.get(kind) or (window.view_id.type == kind and window.view_id.id)
                if kind == "kanban" and "default_group_by" not in model.get_view(view, kind)["arch"]:
                    continue
                found.setdefault((model._name, kind, view), window)
        return [(window, kind, view) for (_model, kind, view), window in found.items()]

    def test_each_says_what_would_stand_there(self):
        views = self.views()
        self.assertGreaterEqual({kind for _window, kind, _view in views}, set(KINDS))
        worker = self.at_work("manager", DESK)
        worker.go("action_claim")
        for window, kind, view in views:
            told = html2plaintext(window.help).strip().splitlines()[0].strip("* ")
            with self.subTest(window.name, kind=kind):
                worker.do(
                    {
                        "type": "ir.actions.act_window",
                        "name": window.name,
                        "res_model": window.res_model,
                        "views": [[view, kind]],
                        "domain": NOTHING,
                        "help": str(window.help),
                    }
                )
                worker.sees(f".o_{kind}_view")
                self.assertIn(told, " ".join(worker.text(".o_action_manager").split()))
