"""Everything the addon keeps about somebody, for that person: a ZIP of a page to read, of JSON, and of the files."""

import datetime
import json
import tempfile
import zipfile

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime, html2plaintext
from odoo.tools.misc import formatLang

from ...tools.text import file_name, stem_and_ending
from .file_content import content_of
from .labelled import labelled

#: Of no meaning to anybody outside.
LEFT_OUT = frozenset(
    (
        *("access_token", "activity_ids", "create_uid", "display_name", "id", "message_ids"),
        *("website_message_ids", "write_uid"),
    )
)
#: What is told with the records that they lead to.
MANY = ("one2many", "many2many")


class RecoveryPersonalExport(models.AbstractModel):
    _name = "recovery.personal.export"
    _description = "Export of Personal Data"

    @api.model
    def _write(self, partner, file):
        """Write into ``file`` the ZIP of what is kept about ``partner`` and whoever belongs to it.

        The caller has checked that the user may.
        """
        partners = partner.sudo().with_context(active_test=False).search([("id", "child_of", partner.id)])
        kept = self.env["recovery.personal.data"]._of(partners)
        kept = {name: read for name, records in kept.items() if (read := self._read_by_user(records))}
        told = {"res.partner": self._told(partners, self._partner_fields(), partners)}
        told |= {name: self._told(records, self._fields_of(records)) for name, records in kept.items()}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{self.env._('Personal data')}.html", self._page(partner, told))
            archive.writestr("data.json", json.dumps(told, indent=1, ensure_ascii=False, default=str))
            for records in kept.values():
                for attachment in self.env["recovery.personal.data"]._files(records):
                    name, ending = stem_and_ending(attachment.name)
                    archive.writestr(
                        f"files/{records._name}/{attachment.res_id}/{attachment.id} {file_name(name)}{ending}",
                        content_of(attachment),
                    )

    def _read_by_user(self, records):
        """Return those of ``records`` that the user may read in some company of his: the others hand out their own."""
        companies = self.env.user.company_ids
        own = records.with_user(self.env.user).with_context(allowed_company_ids=companies.ids)
        return own._filtered_access("read").with_env(records.env)

    def _partner_fields(self):
        """Who it is, what recovery says of it, and the credit it was given."""
        fields = self.env["res.partner"]._fields
        own = [name for name in fields if name.startswith("recovery_") and fields[name].store]
        return [
            *("name", "email", "phone", "street", "street2", "zip", "city", "country_id", "vat", "lang"),
            *("credit_limit", "trust"),
            *(name for name in own if fields[name].type not in MANY),
        ]

    def _fields_of(self, records):
        return [
            name
            for name, field in records._fields.items()
            if field.store and field.type not in ("binary", *MANY) and name not in LEFT_OUT
        ]

    def _told(self, records, names, asking=None):
        """Return the records in words: {label of the field: value}, with what was said in their histories.

        :param asking: partners for whom it is; what a company says of a debtor is not for who only works there
        """
        shown = []
        for record in records:
            row = {}
            for name in names:
                value = self._shown_in_companies(record, name, asking)
                if value is False or value in (None, "", {}):
                    continue
                label = record._fields[name].get_description(self.env)["string"]
                row[f"{label} ({name})" if label in row else label] = value
            if "message_ids" in record._fields and record._name != "res.partner":
                row[self.env._("History")] = self._history(record)
            shown.append(row)
        return shown

    def _history(self, record):
        """Return what was said of a record, in words: [{label: value}], without messages that say nothing."""
        date, subject, text = self.env._("Date"), self.env._("Subject"), self.env._("Text")
        return [
            {date: self._instant(message.date), subject: message.subject or "", text: words}
            for message in record.message_ids
            if (words := html2plaintext(message.body or "").strip()) or message.subject
        ]

    def _instant(self, value):
        """Return an instant as the clock of whoever hands it out shows it, to the second."""
        return fields.Datetime.context_timestamp(self, value).replace(microsecond=0, tzinfo=None)

    def _page(self, partner, told):
        """Return what was ``told`` as a page that anybody reads: under the words for each kind, line by line."""
        kinds = [
            # sudo: what a kind of record is called is no secret
            (self.env["ir.model"].sudo()._get(name).name, [self._lines(row) for row in rows])
            for name, rows in told.items()
        ]
        values = {
            "about": self.env._(
                "What %(creditors)s keeps about %(person)s, as of %(day)s.",
                creditors=", ".join(self.env.user.company_ids.mapped("name")),
                person=partner.sudo().display_name,
                day=format_date(self.env, self.env.company._recovery_today()),
            ),
            "kinds": kinds,
            "spoken": (self.env.lang or "en_US").replace("_", "-"),
        }
        return (
            f"<!DOCTYPE html>\n{self.env['ir.qweb']._render('payment_plan_recovery.personal_export', values)}"
        )

    def _lines(self, row):
        """Return (label, texts) of each value of a record."""
        return [
            (label, [self._words(one) for one in (value if isinstance(value, list) else [value])])
            for label, value in row.items()
        ]

    def _words(self, value):
        """Return one value as the reader's language writes it."""
        match value:
            case dict():
                told = (labelled(self.env, label, self._words(said)) for label, said in value.items() if said)
                return "\n".join(told)
            case bool():
                return self.env._("Yes") if value else self.env._("No")
            case float():
                return formatLang(self.env, value)
            case datetime.datetime():
                return format_datetime(self.env, value, tz="UTC", dt_format="short")
            case datetime.date():
                return format_date(self.env, value)
        return str(value)

    def _shown_in_companies(self, record, name, asking):
        """Return the value in words; of a debtor what each company of the user says, by the company's name."""
        if not record._fields[name].company_dependent:
            return self._shown(record, name)
        if asking is not None and record.commercial_partner_id not in asking:
            return False
        told = {
            company.display_name: self._shown(record.with_company(company), name)
            for company in self.env.user.company_ids
        }
        return {company: value for company, value in told.items() if value}

    def _shown(self, record, name):
        field, value = record._fields[name], record[name]
        if field.type == "many2one":
            return value.display_name or False
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "datetime" and value:
            return self._instant(value)
        return value

    @api.model
    def _open_file(self, partner):
        """Return a file on disk, at its beginning, with the ZIP of :meth:`_write`: it may not fit into memory."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 closed by who asked for it
        self._write(partner, file)
        file.seek(0)
        return file
