"""Coming from another addon: what there is of it, told apart from how it is brought in.

Each addon that is known is one class of kind ``recovery.coming``. It reads the addon's tables, by the names of
their documented columns, whether its code is still installed or not; nothing of them is changed.
"""

from dataclasses import dataclass, field
from datetime import date

from odoo import api, models
from odoo.tools import SQL


@dataclass(frozen=True)
class OldLevel:
    """A level as the other addon declares it."""

    number: int
    name: str
    delay_days: int
    trigger: str = "due_date"
    channels: tuple = ("email", "letter", "phone")
    mail: str = ""
    letter: str = ""
    #: What it means otherwise here than there.
    note: str = ""


@dataclass(frozen=True)
class OldPolicy:
    """A policy as the other addon declares it; ``key`` tells it from the addon's others for ever."""

    key: str
    name: str
    levels: tuple = ()
    do_not_chase: bool = False


@dataclass(frozen=True)
class OldNotice:
    """A claim that was written to at a level; of no policy where reminders were counted only."""

    item_id: int
    policy: str
    number: int
    day: date | None
    channel: str = "email"


@dataclass
class Coming:
    """All there is of one addon for one creditor, a company and its branches.

    ``left`` says what does not come, and why: (what, why); ``same`` what is Odoo's own and holds here as well.
    """

    policies: list = field(default_factory=list)
    notices: list = field(default_factory=list)
    #: {debtor's id: key of the policy set on it}, and the same of invoices.
    debtor_policies: dict = field(default_factory=dict)
    move_policies: dict = field(default_factory=dict)
    #: {debtor's id: credit limit in company currency}
    limits: dict = field(default_factory=dict)
    left: list = field(default_factory=list)
    same: list = field(default_factory=list)
    #: {key of a policy that is not among them though somebody chose it: its name}
    absent: dict = field(default_factory=dict)


class RecoveryComing(models.AbstractModel):
    """Base of the addons that one may come from."""

    _name = "recovery.coming"
    _description = "Addon to Come From"
    _inherit = "recovery.kind"

    #: {table of the addon: columns without which its rows say nothing, whole numbers all}.
    _needed = {}

    @api.model
    def _is_there(self) -> bool:
        """Tell whether there is anything of the addon in this database."""
        raise NotImplementedError(self._name)

    @api.model
    def _read(self, company) -> Coming:
        """Return what there is of the addon for ``company``, a creditor, and its branches."""
        raise NotImplementedError(self._name)

    @api.model
    def _installed_selection(self):
        return [(code, thing._label()) for code, thing in self._things().items() if thing._is_there()]

    @api.model
    def _columns(self, table) -> set:
        """Return the names of the columns of ``table``, none when there is no such table."""
        rows = self.env.execute_query(
            SQL(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND table_schema = current_schema",
                table,
            )
        )
        return {name for (name,) in rows}

    @api.model
    def _left_sql(self, table, **others) -> SQL:
        """Return a query of ``table``, one of those needed, as it was left behind by whatever version of the addon.

        A column that it lacks is NULL, and there is no row where it lacks one that is needed, or is gone itself.

        :param others: {column besides those needed: its type}
        """
        needed = self._needed[table]
        columns, types = self._columns(table), dict.fromkeys(needed, "integer") | others
        is_readable = columns.issuperset(needed)
        parts = [
            SQL.identifier(name)
            if is_readable and name in columns
            else SQL("NULL::%s AS %s", SQL(kind), SQL.identifier(name))
            for name, kind in types.items()
        ]
        source = SQL("FROM %s", SQL.identifier(table)) if is_readable else SQL("WHERE FALSE")
        return SQL("(SELECT %s %s)", SQL(", ").join(parts), source)

    @api.model
    def _gone(self):
        """Return [(table, why nothing of it comes)] of those that an addon that was uninstalled left in part."""
        gone = []
        for table, needed in self._needed.items():
            columns = self._columns(table)
            if lacking := [name for name in needed if name not in columns]:
                why = self.env._(
                    "This table is gone from the database, or lacks %s: what it said does not come. Restore the"
                    " database as it was before that addon was uninstalled, or set it up by hand.",
                    ", ".join(lacking),
                )
                gone.append((table, why))
        return gone

    @api.model
    def _value_sql(self, column, company) -> SQL:
        """Return the text of a column for ``company``, whether it is kept by company or once for all."""
        return SQL(
            "CASE jsonb_typeof(to_jsonb(%(column)s)) WHEN 'object' THEN to_jsonb(%(column)s) ->> %(company)s"
            " ELSE to_jsonb(%(column)s) #>> '{}' END",
            column=SQL.identifier(column),
            company=str(company.id),
        )

    @api.model
    def _text(self, value) -> str:
        """Return a translated column's text in the user's language, or a plain one's."""
        if isinstance(value, dict):
            value = value.get(self.env.lang) or value.get("en_US") or next(iter(value.values()), "")
        return value or ""
