"""Records that name items of a debtor, of any branch of the creditor; whoever looks may read only some of them."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ..common.guarded_fields import as_action


class RecoveryNamedItems(models.AbstractModel):
    """Records with ``partner_id``, ``company_id`` where they are kept, and ``move_line_ids``.

    Who works in some branches reads the items of these only: rules ask :meth:`_all_items`, never ``move_line_ids``,
    or a record about another branch's items would seem to be about everything.
    """

    _name = "recovery.named.items"
    _description = "Names Items of a Creditor"
    #: Whether an ``amount`` of theirs is a part of the one item they name.
    _names_parts = False

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Where it is kept and followed up: the creditor, or one of its branches. The items may be owed to any of "
        "them.",
    )
    creditor_id = fields.Many2one(
        "res.company",
        compute="_compute_creditor_id",
        compute_sudo=True,
        help="The company that the record's company is a branch of, else that company itself.",
    )
    items_elsewhere = fields.Char(
        string="Also of other branches",
        compute="_compute_items_elsewhere",
        help="Invoices that the record names too and that you may not open, each with its branch.",
    )

    @api.depends("company_id")
    def _compute_creditor_id(self):
        for record in self:
            record.creditor_id = record.company_id.root_id

    @api.depends("move_line_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_items_elsewhere(self):
        for record, items in self._named_items().items():
            unseen = items - items.with_env(self.env)._filtered_access("read")
            record.items_elsewhere = ", ".join(
                f"{item._recovery_number()} ({item.company_id.name})" for item in unseen
            )

    def _named_items(self):
        """Return {record: the items it names}, by sudo: what a record is about does not depend on who asks.

        Asked of the database: the cache holds what whoever read the field first may read.
        """
        items = self.env["account.move.line"].sudo()
        field = self._fields["move_line_ids"]
        kept = self.filtered(lambda record: isinstance(record.id, int))
        if not kept:
            return {record: record.sudo().move_line_ids for record in self}
        self.flush_model(["move_line_ids"])
        rows = self.env.execute_query(
            SQL(
                "SELECT %(record)s, ARRAY_AGG(%(item)s ORDER BY %(item)s) FROM %(named)s"
                " WHERE %(record)s = ANY(%(ids)s) GROUP BY %(record)s",
                record=SQL.identifier(field.column1),
                item=SQL.identifier(field.column2),
                named=SQL.identifier(field.relation),
                ids=kept.ids,
            )
        )
        named = dict(rows)
        return {
            record: items.browse(named.get(record.id, ())) if record in kept else record.sudo().move_line_ids
            for record in self
        }

    def _all_items(self):
        """Return the items that the records name, those among them that the user may not open too; by sudo."""
        return self.env["account.move.line"].sudo().union(*self._named_items().values())

    def _about(self, item):
        """Return those of the records that are about ``item``: that name it, or nothing at all."""
        named = self._named_items()
        return self.filtered(lambda record: not named[record] or item in named[record])

    @api.model
    def _open_in_sql(self, record: SQL) -> SQL:
        """Return a query of one row: whether a record (a column) names any, and who is owed those open.

        Each item is looked up by its id: joined, the whole ledger would be read once for each record.
        """
        field = self._fields["move_line_ids"]
        return SQL(
            """
            SELECT COUNT(*) > 0 AS is_any,
                   ARRAY_AGG(DISTINCT item.company_id) FILTER (WHERE item.reconciled IS NOT TRUE) AS company_ids
              FROM %(named)s named
             CROSS JOIN LATERAL (
                   SELECT found.company_id, found.reconciled FROM account_move_line found
                    WHERE found.id = named.%(item)s
                   OFFSET 0
             ) item
             WHERE named.%(record_column)s = %(record)s
            """,
            named=SQL.identifier(field.relation),
            item=SQL.identifier(field.column2),
            record_column=SQL.identifier(field.column1),
            record=record,
        )

    @api.constrains("company_id", "move_line_ids")
    def _check_one_creditor(self):
        for record, items in self._named_items().items():
            strangers = items.filtered(
                lambda item, record=record: item.company_id.root_id != record.creditor_id
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(item)s is owed to %(other)s, which is another creditor than %(company)s. Note it with each.",
                        item=strangers[0]._recovery_number(),
                        other=strangers[0].company_id.name,
                        company=record.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._require_seen(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._require_seen(vals)
        return super().write(vals)

    @api.model
    def _require_seen(self, vals):
        """Refuse ``vals`` that name items which whoever names them may not read."""
        named = set()
        for command in vals.get("move_line_ids") or ():
            match command:
                case (Command.LINK, item_id, *_rest):
                    named.add(item_id)
                case (Command.SET, _zero, item_ids):
                    named.update(item_ids)
                case int():
                    named.add(command)
        self.env["account.move.line"].browse(named)._recovery_require_seen()

    @api.model
    def _let_go_of(self, items):
        """Let nothing that names only ``items``, which are deleted, come to be about everything their debtor owes.

        It names what is left of their invoices, such as another due date; where nothing is, it is over.
        """
        for name in sorted(self.pool.descendants(["recovery.named.items"], "_inherit")):
            model = self.env[name]
            if not model._abstract:
                # sudo: whoever deletes an invoice need not read what was noted about it
                as_action(model.sudo().search([("move_line_ids", "in", items.ids)]))._name_what_is_left(items)

    @api.model
    def _name_too(self, items):
        """Let what named an invoice whole be about it whole, once its terms give it ``items`` more."""
        more = items.grouped("move_id")
        before = {
            invoice: (invoice.line_ids - of_invoice).filtered(
                lambda item: item.account_type == "asset_receivable" and item.display_type == "payment_term"
            )
            for invoice, of_invoice in more.items()
        }
        others = items.browse().union(*before.values())
        for name in sorted(self.pool.descendants(["recovery.named.items"], "_inherit")) if others else ():
            model = self.env[name]
            if model._abstract:
                continue
            # sudo: whoever corrects an invoice need not read what was noted about it
            records = as_action(model.sudo().search([("move_line_ids", "in", others.ids)]))
            for record, named in records._go_on()._named_items().items():
                for invoice in named.move_id.filtered(lambda move: move in more):
                    if before[invoice] <= named:
                        record._name_also(more[invoice])

    @api.model
    def _name_moved(self, moved):
        """Let what was noted about claims go on with what stands for them by now.

        :param moved: {item: ids of those that an entry moved to it}
        """
        for name in sorted(self.pool.descendants(["recovery.named.items"], "_inherit")):
            model = self.env[name]
            for item, before in moved.items() if not model._abstract else ():
                # sudo: whoever books need not read what was noted about claims
                records = as_action(model.sudo().search([("move_line_ids", "in", before)]))
                for record in records._go_on():
                    record._go_on_with(item)

    def _go_on_with(self, item):
        """Name the ``item`` that a named one was moved to; of a part of one it is the only one, once all was moved."""
        named = self._named_items()[self]
        if item in named or item.partner_id.commercial_partner_id != self.partner_id:
            return
        if not (self._names_parts and self.amount):
            self.move_line_ids = [Command.link(item.id)]
        elif all(named.mapped("reconciled")):
            self.move_line_ids = [Command.set(item.ids)]

    def _name_also(self, items):
        """Name ``items`` too; those of an invoice that is being given to another customer as well.

        That one owes them once it is posted, and what names them goes there then: until then they are nobody's.
        """
        if items.partner_id.commercial_partner_id == self.partner_id:
            self.move_line_ids = [Command.link(item.id) for item in items]
            return
        field = self._fields["move_line_ids"]
        self.flush_recordset(["move_line_ids"])
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT %s, unnest(%s::int[])",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                self.id,
                items.ids,
            )
        )
        self.invalidate_recordset(["move_line_ids"], flush=False)

    def _go_on(self):
        """Return those of the records that are not over: open, or with no end that has passed."""
        if "state" in self._fields:
            return self.filtered(lambda record: record.state == "open")
        return self.filtered(
            lambda record: not record.date_until or record.date_until >= record.company_id._recovery_today()
        )

    def _name_what_is_left(self, gone):
        for record, named in self._named_items().items():
            if named - gone:
                continue
            left = (named.move_id.line_ids - gone).filtered(
                lambda item, record=record: (
                    item.account_type == "asset_receivable"
                    and item.partner_id.commercial_partner_id == record.partner_id
                )
            )
            if left:
                record.move_line_ids = left
            else:
                record._lose_items()

    def _lose_items(self):
        """Nothing that the record named is there any more. A hook."""

    @api.model
    def _defaults_for(self, debtor, items):
        """Context for a new record about one debtor and its items."""
        if len(debtor.commercial_partner_id) != 1:
            raise UserError(self.env._("Choose records of one debtor."))
        if items:
            items._recovery_require_seen()
        if items and len(items.company_id._recovery_creditor()) > 1:
            raise UserError(self.env._("Choose records of one creditor: a company with its branches."))
        return {
            "default_partner_id": debtor.commercial_partner_id.id,
            "default_company_id": (items.company_id._recovery_where_kept() if items else self.env.company).id,
            "default_move_line_ids": items.ids if items else [],
        }
