"""What our models have from Odoo to read with, asked over RPC of another company's records: nothing is told."""

from client import QUIET
from inherited import ASKING, TOLD
from odoo.service.model import call_kw
from odoo.tools import mute_logger
from samples import ELSEWHERE, NO_COMPANY

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
}


class ReadFromOutside:
    """Mixed into a test case with a file of which something went out: see ``Ways``."""

    def kept(self):
        return [
            name
            for name, model in sorted(self.env.registry.items())
            if name.startswith("recovery.") and not model._abstract and not model._transient
        ]

    def told(self, role, model, method, call, records):
        """What a client of ``role`` is told of ``records``; None when it is refused."""
        domain = [("id", "in", records.ids)]
        arguments, named = call(records.ids, domain)
        named["context"] = {"allowed_company_ids": self.company.ids, "active_test": False}
        env = self.env(user=self.users[role])
        self.env.invalidate_all()  # a request begins with nothing read
        with mute_logger(*QUIET, "odoo.http"):
            try:
                return call_kw(env[model], method, arguments, named)
            except TOLD:
                return None

    def test_nobody_is_told_of_another_company_s_records(self):
        """Asked about a foreign record, every method answers as it does about one that there is not."""
        through = set()
        self.users["manager"].group_ids |= self.env.ref("base.group_allow_export")
        for model in self.kept():
            if model in NO_COMPANY or model in ELSEWHERE:
                continue
            theirs, mine = self.sample(model, self.sister), self.sample(model, self.company)
            name = theirs.sudo().display_name
            for method, call in READING.items():
                if not hasattr(theirs, method):
                    continue
                if self.told("manager", model, method, call, mine):
                    through.add(method)
                for role in ASKING:
                    answer = self.told(role, model, method, call, theirs)
                    with self.case(role, model, method):
                        self.assert_says_nothing(answer, theirs, name)
        self.assertLessEqual({"read", "web_read", "export_data", "formatted_read_group"}, through)

    def assert_says_nothing(self, answer, theirs, name):
        words = repr(answer)
        if answer == [{"id": theirs.id, "xmlid": False, "noupdate": False, "xmlids": []}]:
            return  # metadata of what nobody signs: the id that was asked about
        self.assertNotIn(f"'id': {theirs.id}", words)
        self.assertNotIn(f"'id:max': {theirs.id}", words)
        self.assertNotIn(name or "\0", words)
        if isinstance(answer, int):
            self.assertEqual(answer, 0)
