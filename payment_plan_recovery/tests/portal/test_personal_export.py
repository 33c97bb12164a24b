"""Who asks is told what is kept about it: the export, and Odoo's look-up."""

import json
import secrets
import zipfile

from markupsafe import Markup
from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged

from ..common.memory import MeasuresMemory
from .personal_common import PersonalCommon


@tagged("post_install", "-at_install")
class TestPersonalExport(MeasuresMemory, PersonalCommon):
    def exported(self, person):
        return self.env["recovery.personal.export"]._open_file(person)

    def test_export(self):
        contact = self.interaction()
        notice = self.notify(self.person)
        self.drain()
        archive = zipfile.ZipFile(self.exported(self.person))
        told = json.loads(archive.read("data.json"))
        self.assertEqual(told["res.partner"][0]["Name"], "Ada Vane")
        self.assertIn(contact.outcome, json.dumps(told["recovery.contact"]))
        self.assertIn(notice.name, json.dumps(told["recovery.notice"]))
        self.assertIn("100.0", json.dumps(told["recovery.notice.line"]))
        self.assertIn("Dear", json.dumps(told["recovery.notice"]), "what was written to her")
        others = json.dumps(told)
        self.assertNotIn("Another", others)

    def told(self, person, **context):
        export = self.env["recovery.personal.export"].with_context(**context)
        with export._open_file(person) as file, zipfile.ZipFile(file) as archive:
            return json.loads(archive.read("data.json"))

    def test_export_is_a_page_that_anybody_reads(self):
        """In the words of the screens, without tags, names of tables or times of another zone."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.user.tz = "Europe/Paris"
        contact = self.interaction()
        contact.message_post(body=Markup("<p>She rang <b>back</b></p>"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE recovery_contact SET create_date = '2026-01-05 23:30:00' WHERE id = %s", [contact.id]
        )
        contact.invalidate_recordset()
        export = self.env["recovery.personal.export"].with_context(lang="fr_FR", tz="Europe/Paris")
        with export._open_file(self.person) as file, zipfile.ZipFile(file) as archive:
            [name] = [name for name in archive.namelist() if name.endswith(".html")]
            page = archive.read(name).decode()
        for words in (
            "Ada Vane",
            "Said she was ill",
            "05/01/2026",
            "06/01/2026 00:30",
            "She rang *back*",
            'lang="fr-FR"',
        ):
            self.assertIn(words, page)
        for raw in ("recovery.contact", "2026-01-05", "res.partner", "&lt;p&gt;"):
            self.assertNotIn(raw, page)
        [told] = self.told(self.person, lang="en_US")["recovery.contact"]
        self.assertEqual([said["Text"] for said in told["History"]], ["She rang *back*"])

    def test_export_holds_the_credit_that_was_given_in_each_company(self):
        other, sister = self.env["res.company"].create([{"name": "Other"}, {"name": "Sister"}])
        self.env.user.company_ids = self.company | other
        for company, limit in ((self.company, 1500), (other, 250), (sister, 99)):
            self.person.with_company(company).sudo().credit_limit = limit
        self.person.with_company(other).sudo().trust = "bad"
        row = self.told(self.person)["res.partner"][0]
        fields = self.person._fields
        limit, trust = (
            fields[name].get_description(self.env)["string"] for name in ("credit_limit", "trust")
        )
        self.assertEqual(row[limit], {self.company.name: 1500, "Other": 250})
        self.assertEqual(row[trust]["Other"], "Bad Debtor")

    def test_who_works_for_a_debtor_is_not_told_its_credit(self):
        firm = self.make_debtor("Firm", is_company=True)
        firm.sudo().credit_limit = 1500
        clerk = self.env["res.partner"].create({"name": "Clerk", "parent_id": firm.id})
        self.assertNotIn("1500", json.dumps(self.told(clerk)))
        self.assertIn("1500", json.dumps(self.told(firm)))

    def test_two_fields_of_one_label_are_both_told(self):
        """In French the words of a check and its points are both called « Note »."""
        check = self.kept("recovery.solvency.check", note="Owns a mill")
        told = self.env["ir.model.fields"]._get(check._name, "score")
        told.field_description = check._fields["note"].get_description(self.env)["string"]
        told.flush_recordset()
        self.env.registry.clear_cache()
        (row,) = self.told(self.person, lang="en_US")["recovery.solvency.check"]
        self.assertEqual({row["Note"], row["Note (score)"]}, {"Owns a mill", check.score})

    def test_nothing_is_told_as_the_name_of_a_table(self):
        self.interaction()
        self.assertNotIn("recovery.contact(", json.dumps(self.told(self.person)["res.partner"]))

    def test_files_are_unpacked_everywhere_whatever_they_are_called(self):
        names = ("x..\\..\\y.z/etc\\passwd", 'a:b*?"<>|\n.pdf', "fdp.\u202eexe", "é" * 300 + ".pdf")
        contact = self.interaction()
        for name in names:
            place = {"res_model": contact._name, "res_id": contact.id}
            self.env["ir.attachment"].create({"name": name, "raw": b"file", **place})
        with self.exported(self.person) as file, zipfile.ZipFile(file) as archive:
            files = [name for name in archive.namelist() if name.startswith("files/")]
        self.assertEqual(len(files), len(names))
        for name in files:
            self.assertEqual(name.count("/"), 3, name)
            self.assertNotRegex(name, r'[\\:*?"<>|\n\u202e]')
            self.assertLess(len(name.rpartition("/")[2].encode()), 256)
        self.assertEqual(len([name for name in files if name.endswith(".pdf")]), 2)

    def test_memory_of_an_export_does_not_grow_with_the_files(self):
        def peak(files):
            person = self.make_debtor("Bea Scanned")
            hold = self.env["recovery.hold"].create(
                {
                    "partner_id": person.id,
                    "kind": "manual",
                    "date_until": "2026-12-31",
                    "reason": "In hospital",
                }
            )
            self.env["ir.attachment"].create(
                [
                    {
                        "name": f"Scan {number}.bin",
                        "raw": secrets.token_bytes(100_000),
                        "res_model": hold._name,
                        "res_id": hold.id,
                    }
                    for number in range(files)
                ]
            )
            return self.peak_of(lambda: self.exported(person).close())

        few, many = peak(30), peak(300)
        # 27 MB more in the file
        self.assertLess(many - few, 8_000_000)

    def test_export_is_for_managers_who_may_see_means(self):
        groups = "payment_plan_recovery.group_recovery_manager"
        manager = new_test_user(self.env, "manager_export", groups=groups, company_id=self.company.id)
        with self.assertRaises(AccessError):
            self.person.with_user(manager).action_recovery_export()
        manager.group_ids = [
            Command.link(self.env.ref("payment_plan_recovery.group_recovery_confidential").id)
        ]
        self.assertIn(str(self.person.id), self.person.with_user(manager).action_recovery_export()["url"])

    def test_export_is_of_the_companies_of_who_hands_it_out(self):
        """What another creditor keeps about the person is that one's to hand out."""
        sister = self.env["res.company"].create({"name": "Sister"})
        own = self.interaction()
        theirs = self.kept(
            "recovery.contact", outcome="Sister knows", date="2026-01-05", company_id=sister.id
        )
        groups = (
            "payment_plan_recovery.group_recovery_manager,payment_plan_recovery.group_recovery_confidential"
        )
        manager = new_test_user(self.env, "manager_export", groups=groups, company_id=self.company.id)
        for companies, told in ((self.company, own), (self.company | sister, own | theirs)):
            manager.company_ids = companies
            export = self.env["recovery.personal.export"].with_user(manager)
            archive = zipfile.ZipFile(export.with_context(allowed_company_ids=[])._open_file(self.person))
            contacts = json.loads(archive.read("data.json"))["recovery.contact"]
            self.assertEqual(len(contacts), len(told))

    # -- Odoo's look-up ---------------------------------------------------------------------

    def found(self):
        """{(model, id)} that Odoo's look-up finds about the person."""
        wizard = self.env["privacy.lookup.wizard"].create({"name": "Ada Vane", "email": "ada@vane.example"})
        wizard.action_lookup()
        pairs = [(line.res_model, line.res_id) for line in wizard.line_ids]
        self.assertEqual(len(pairs), len(set(pairs)), "each once")
        return set(pairs)

    def test_lookup_finds_all(self):
        contact = self.interaction()
        notice = self.notify(self.person)
        self.drain()
        found = self.found()
        self.assertIn(("recovery.contact", contact.id), found)
        self.assertIn(("recovery.notice", notice.id), found)
        self.assertIn(("recovery.notice.line", notice.line_ids.id), found)
        kept = self.data._of(self.person)
        self.assertEqual(
            {pair for pair in found if pair[0].startswith("recovery.")},
            {(name, record.id) for name, records in kept.items() for record in records},
        )

    def test_every_table_about_people_is_in_it(self):
        """A new model with a contact, or a part of one that has, is looked through without being named."""
        paths = self.data._paths()
        for name, model in self.env.registry.items():
            if not name.startswith("recovery.") or model._abstract or model._transient or not model._auto:
                continue
            contacts = [
                field.name
                for field in model._fields.values()
                if field.comodel_name == "res.partner" and field.store and field.type == "many2one"
            ]
            self.assertLessEqual(set(contacts), set(paths.get(name, ())), name)
            for path in paths.get(name, ()):
                self.env[name].search(Domain(path, "in", self.person.ids))
        parts = {"recovery.plan.item", "recovery.dossier.piece", "recovery.signature", "recovery.case.step"}
        self.assertLessEqual(parts, set(paths))
