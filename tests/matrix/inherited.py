"""Every public method that our models have from Odoo, asked over RPC of each record of evidence: it stays as it was.

Methods and models come from the registry: what a later Odoo adds to them is tried without anybody naming it here.
"""

import inspect

import psycopg2
from client import QUIET
from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw
from odoo.tools import mute_logger

OURS = "odoo.addons.payment_plan_recovery."
#: What a method without an own value is called with.
WORD = "Invented"
#: Values that let methods get as far as they may, by the names of their parameters.
GUESSED = {
    "vals": {},
    "values": {},
    "default": {},
    "vals_list": [{}],
    "fields": ["display_name"],
    "field_names": ["display_name"],
    "fnames": ["display_name"],
    "domain": [],
    "specification": {"display_name": {}},
    "groupby": ["id"],
    "aggregates": ["__count"],
    "data": [[WORD]],
    "translations": {"en_US": WORD},
    "ids": [1],
    "limit": 3,
    "partner_ids": [3],
    "subtype_ids": [1],
    "channel_ids": [],
    "attachment_ids": [],
    "act_type_xmlids": ["mail.mail_activity_data_todo"],
    "act_type_xmlid": "mail.mail_activity_data_todo",
    "user_id": 2,
    "new_user_id": 2,
    "message_id": 1,
    "operation": "write",
    "access_rule": "read",
    "new_thread": None,
    "rate": 3,
    "rating": 3,
    "progress_bar": {"field": "state", "colors": {"sent": "success"}},
    "group_by": "state",
    "date": "2026-03-02",
    "email": "x@example.com",
    "msg_dict": {},
    "custom_values": {},
    "post_after": True,
    "template_id": 1,
    "template": "mail.mail_template_data_notification_email_default",
}
#: Who asks, the one who may most first: an accountant may what who invoices and any employee may.
ASKING = ("manager", "collector", "accountant", "portal")
REFUSED, FAILED = "refused", "failed"
#: How the names of methods begin that read: a call that could not read is no harm, one that could changes nothing.
READING = (
    "read",
    "search",
    "web_read",
    "web_search",
    "formatted_",
    "export_",
    "fields_",
    "check_",
    "has_",
    "get_",
)
#: Errors that end a request, and change nothing.
TOLD = (
    AccessError,
    UserError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    NotImplementedError,
    AssertionError,
)


class Inherited:
    """Mixed into a test case with a file of which something went out: see ``Ways``."""

    def inherited(self, model):
        """Yield (name, function) of the public methods of ``model`` that are Odoo's."""
        cls = self.env.registry[model]
        for name in sorted(dir(cls)):
            function = getattr(cls, name, None)
            if name.startswith(("_", *READING)) or not callable(function) or isinstance(function, type):
                continue
            owner = next((part for part in cls.mro() if name in vars(part)), None)
            if (
                owner
                and not owner.__module__.startswith(OURS)
                and not getattr(function, "_api_private", False)
            ):
                yield name, function

    def arguments(self, function, record):
        """Return (arguments, named ones) that ``function`` cannot do without."""
        parameters = list(inspect.signature(function).parameters.values())[1:]
        needed = [one for one in parameters if one.default is one.empty]
        given = [GUESSED.get(one.name, WORD) for one in needed if one.kind <= one.POSITIONAL_OR_KEYWORD]
        named = {one.name: GUESSED.get(one.name, WORD) for one in needed if one.kind == one.KEYWORD_ONLY}
        return ([] if getattr(function, "_api_model", False) else [record.ids]) + given, named

    def evidence(self, record):
        """What of a record nobody changes but actions: its protected fields, its history, its files."""
        record = record.sudo().with_context(active_test=False).exists()
        if not record:
            return "deleted", [], []
        names = [
            name
            for name in sorted(record._fields_that_are("protected"))
            if (field := record._fields[name]).store
            and any(module.startswith("payment_plan_recovery") for module in field._modules)
            and name not in (*MAGIC_COLUMNS, *self.MOVES)
        ]
        messages = record.message_ids.sorted("id") if "message_ids" in record._fields else ()
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", record._name), ("res_id", "=", record.id)], order="id")
        )
        return (
            names and record.read(names),  # of no names Odoo reads every field
            [(one.id, one.body, one.date, one.author_id.id, one.tracking_value_ids.ids) for one in messages],
            [(one.id, one.checksum, one.name, one.public, one.access_token) for one in files],
        )

    #: Protected, and what writing to somebody does by itself: who waits for whom.
    MOVES = ("is_waiting",)

    def tried(self, role, record, name, function):
        """Call as a client of ``role``; return what evidence there is then, and undo it.

        REFUSED to that role, or FAILED, as it would for anybody.
        """
        arguments, named = self.arguments(function, record)
        env = self.env(user=self.users[role])
        named["context"] = {"allowed_company_ids": self.company.ids}
        with mute_logger(*QUIET, "odoo.http"):
            try:
                with self.env.cr.savepoint() as savepoint:
                    try:
                        call_kw(env[record._name], name, arguments, named)
                        env.flush_all()
                        self.env.invalidate_all()
                        return self.evidence(record)
                    finally:
                        savepoint.rollback()
            except AccessError:
                return REFUSED
            except (*TOLD, psycopg2.Error):
                return FAILED
            finally:
                self.env.invalidate_all()

    def test_nothing_inherited_changes_evidence(self):
        """Asked as a manager, who may most, and as the others of whom each may something else."""
        guard, through = self.env.registry["recovery.guarded.fields"], set()
        for model, cls in sorted(self.env.registry.items()):
            if not issubclass(cls, guard) or cls._abstract or cls._transient:
                continue
            record = self.sample(model, self.company)
            if not record:
                continue
            before = self.evidence(record)
            for name, function in self.inherited(model):
                for role in ASKING:
                    after = self.tried(role, record, name, function)
                    if after == FAILED:
                        break
                    if after == REFUSED:
                        continue
                    through.add((role, name))
                    with self.case(role, model, name):
                        self.assertEqual(after[0], before[0])
                        self.assertEqual(after[1][: len(before[1])], before[1])
                        self.assertEqual(after[2][: len(before[2])], before[2])
        for name in ("copy", "load", "web_save"):
            self.assertIn(("manager", name), through, "tried for real")
        self.assertIn(("collector", "web_save"), through, "tried for real")
