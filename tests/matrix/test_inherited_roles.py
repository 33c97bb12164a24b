"""What our models have from Odoo, asked over RPC by those who may less than a manager, and of another company's records."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import QUIET
from inherited import TOLD, Inherited
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger
from samples import ELSEWHERE, NO_COMPANY
from ways import ROLES, Ways

#: What reads: each with a call that could tell something of a record.
READING = {
    "read": lambda ids, domain: ([ids], {}),
    "web_read": lambda ids, domain: ([ids, {"display_name": {}}], {}),
    "export_data": lambda ids, domain: ([ids, [".id", "display_name"]], {}),
    "get_metadata": lambda ids, domain: ([ids], {}),
    "copy_data": lambda ids, domain: ([ids], {}),
    "get_external_id": lambda ids, domain: ([ids], {}),
    "search_read": lambda ids, domain: ([domain, ["display_name"]], {}),
    "web_search_read": lambda ids, domain: ([domain, {"display_name": {}}], {}),
    "search_count": lambda ids, domain: ([domain], {}),
    "name_search": lambda ids, domain: (["", domain], {}),
    "web_name_search": lambda ids, domain: (["", {"display_name": {}}, domain], {}),
    "formatted_read_group": lambda ids, domain: ([domain, ["create_uid"], ["__count", "id:max"]], {}),
    "read_group": lambda ids, domain: ([domain, ["id:max"], ["create_uid"]], {}),
    "web_read_group": lambda ids, domain: ([domain, ["create_uid"], ["id:max"]], {}),
    "formatted_read_grouping_sets": lambda ids, domain: ([domain, [["create_uid"], []], ["id:max"]], {}),
    "read_progress_bar": lambda ids, domain: (
        [domain, "create_uid", {"field": "create_uid", "colors": {"1": "success"}}],
        {},
    ),
    "search_panel_select_range": lambda ids, domain: (["company_id"], {"search_domain": domain}),
    "onchange": lambda ids, domain: ([ids, {}, [], {"display_name": {}}], {}),
    "message_get_suggested_recipients": lambda ids, domain: ([ids], {}),
    "_message_get": None,
}


@tagged("post_install", "-at_install")
class TestInheritedByRole(Inherited, Ways):
    """Evidence stays whoever calls, and nobody is told of a company he does not work in."""

    def kept(self):
        return [
            name
            for name, model in sorted(self.env.registry.items())
            if name.startswith("recovery.") and not model._abstract and not model._transient
        ]

    def test_nobody_changes_evidence_by_what_is_inherited(self):
        guard, through = self.env.registry["recovery.guarded.fields"], set()
        for model in self.kept():
            record = self.sample(model, self.company)
            if not issubclass(self.env.registry[model], guard) or not record:
                continue
            before = self.evidence(record)
            for name, function in self.inherited(model):
                for role in ("portal", *ROLES[:-1]):
                    after = self.tried(role, record, name, function)
                    if after is None:
                        continue
                    through.add((role, name))
                    with self.case(role, model, name):
                        self.assertEqual(after[0], before[0])
                        self.assertEqual(after[1][: len(before[1])], before[1])
                        self.assertEqual(after[2][: len(before[2])], before[2])
        self.assertIn(("collector", "web_save"), through, "tried for real")

    def told(self, role, model, method, call, records):
        """What a client of ``role`` is told of ``records``; None when it is refused."""
        domain = [("id", "in", records.ids)]
        arguments, named = call(records.ids, domain)
        named["context"] = {"allowed_company_ids": self.company.ids, "active_test": False}
        env = self.env(user=self.users[role])
        with mute_logger(*QUIET, "odoo.http"):
            try:
                return call_kw(env[model], method, arguments, named)
            except TOLD:
                return None

    def test_nobody_is_told_of_another_company_s_records(self):
        """Asked about a foreign record, every method answers as it does about one that there is not."""
        through = set()
        for model in self.kept():
            if model in NO_COMPANY or model in ELSEWHERE:
                continue
            theirs, mine = self.sample(model, self.sister), self.sample(model, self.company)
            for method, call in READING.items():
                if call is None or not hasattr(theirs, method):
                    continue
                for role in ("portal", "employee", "invoicing", "accountant", "collector", "manager"):
                    if self.told(role, model, method, call, mine):
                        through.add(method)
                    answer = self.told(role, model, method, call, theirs)
                    with self.case(role, model, method):
                        self.assert_says_nothing(answer, theirs)
        self.assertLessEqual({"read", "web_read", "export_data", "formatted_read_group"}, through)

    def assert_says_nothing(self, answer, theirs):
        words = repr(answer)
        self.assertNotIn(f"'id': {theirs.id}", words)
        self.assertNotIn(f"'id:max': {theirs.id}", words)
        for name in ("display_name", "create_uid"):
            self.assertNotIn(f"'{name}': ('", words)
        if isinstance(answer, int):
            self.assertEqual(answer, 0)
