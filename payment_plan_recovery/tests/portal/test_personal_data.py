"""What is kept about people: how long, what stays of it, what keeps it, who is given it, and Odoo's look-up."""

import json
import secrets
import zipfile
from datetime import date, timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged

from ...models.common.personal_data import EMPTIED
from ..common.memory import MeasuresMemory
from ..notice.notice_common import NoticeCommon

LONG_AFTER = "2040-01-01 10:00:00"


@tagged("post_install", "-at_install")
class TestPersonalData(MeasuresMemory, NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recovery_retention = True
        cls.person = cls.make_debtor("Ada Vane", email="ada@vane.example")
        cls.data = cls.env["recovery.personal.data"]

    def kept(self, model, **values):
        return self.env[model].create({"partner_id": self.person.id, "company_id": self.company.id, **values})

    def interaction(self):
        return self.kept("recovery.contact", outcome="Said she was ill", date="2026-01-05")

    def apply(self, at=LONG_AFTER):
        with freeze_time(at), self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_retention").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_every_kind_has_a_rule_with_a_source(self):
        rules = self.env["recovery.retention.rule"].search([("company_id", "=", False)])
        self.assertEqual(set(rules.mapped("kind")), set(self.data._things()))
        self.assertTrue(all(rules.mapped("legal_source")))

    def test_every_kind_can_say_what_is_due(self):
        for rule in self.env["recovery.retention.rule"].search([]):
            for erased in (True, False):
                rule._thing()._due(self.company, date(2040, 1, 1), erased)

    def test_after_its_time_it_is_erased_and_counted(self):
        contact = self.interaction()
        self.apply("2030-12-31 10:00:00")
        self.assertTrue(contact.exists())
        self.apply("2031-01-06 10:00:00")
        self.assertFalse(contact.exists())
        log = self.env["recovery.retention.log"].search([("kind", "=", "interaction")])
        self.assertEqual((log.record_count, log.action, log.date), (1, "erase", date(2031, 1, 6)))

    def test_an_instant_is_of_the_day_that_it_is_where_the_company_is(self):
        request = self.kept("recovery.request", kind="contact", description="Moved", new_city="Lyon")
        due = self.data._thing("request")._due
        for zone, instant, day in (
            ("Pacific/Auckland", "2026-01-04 23:30:00", date(2026, 1, 5)),
            ("America/New_York", "2026-01-06 02:00:00", date(2026, 1, 5)),
            ("Europe/Paris", "2026-01-05 22:59:59", date(2026, 1, 5)),
            ("Europe/Paris", "2026-01-05 23:00:00", date(2026, 1, 6)),
        ):
            self.company.partner_id.tz = zone
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE recovery_request SET state = 'closed', write_date = %s WHERE id = %s",
                [instant, request.id],
            )
            self.env.invalidate_all()
            self.assertFalse(due(self.company, day - timedelta(days=1), True), (zone, instant))
            self.assertEqual(due(self.company, day, True), request, (zone, instant))

    def test_not_where_the_company_does_not_want_it(self):
        self.company.recovery_retention = False
        contact = self.interaction()
        self.apply()
        self.assertTrue(contact.exists())

    def test_a_companys_own_rule_goes_before(self):
        contact = self.interaction()
        self.env["recovery.retention.rule"].create(
            {
                "kind": "interaction",
                "days": 30000,
                "legal_source": "Our own",
                "company_id": self.company.id,
            }
        )
        self.apply()
        self.assertTrue(contact.exists())

    def test_a_branch_takes_the_rule_of_the_company_it_is_of(self):
        rules = self.env["recovery.retention.rule"]
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        below = self.env["res.company"].create({"name": "Below", "parent_id": branch.id})
        told = {"kind": "interaction", "legal_source": "Our own"}
        own = rules.create({**told, "days": 30000, "company_id": self.company.id})
        contact = self.kept("recovery.contact", outcome="Ill", date="2026-01-05", company_id=below.id)
        self.assertTrue(below.recovery_retention)
        self.apply()
        self.assertTrue(contact.exists())
        self.assertEqual(rules._of(below).filtered(lambda rule: rule.kind == "interaction"), own)
        nearer = rules.create({**told, "days": 40, "action": "erase", "company_id": branch.id})
        self.assertEqual(rules._of(below).filtered(lambda rule: rule.kind == "interaction"), nearer)
        self.apply()
        self.assertFalse(contact.exists())

    def test_what_an_archived_branch_knew_is_forgotten_too(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        contact = self.kept("recovery.contact", outcome="Ill", date="2026-01-05", company_id=branch.id)
        branch.active = False
        self.apply("2031-01-04 10:00:00")
        self.assertTrue(contact.exists())
        self.apply()
        self.assertFalse(contact.exists())

    def test_words_go_and_sums_stay(self):
        promise = self.kept(
            "recovery.promise",
            amount=50,
            date_given="2026-01-20",
            date_promised="2026-02-01",
            note="Her mother pays",
        )
        promise._judge(date(2026, 3, 1))
        self.assertEqual(promise.state, "broken")
        until = {"date_from": "2026-01-20", "date_until": "2026-02-01"}
        hold = self.kept("recovery.hold", kind="manual", reason="In hospital", **until)
        self.apply()
        self.assertEqual((promise.note, promise.amount, promise.state), (False, 50, "broken"))
        self.assertFalse(promise.message_ids)
        self.assertEqual((hold.reason, hold.date_until), (EMPTIED, date(2026, 2, 1)))
        before = self.env["recovery.retention.log"].search_count([])
        self.apply()
        self.assertEqual(
            self.env["recovery.retention.log"].search_count([]), before, "nothing is left to forget"
        )

    def test_notice_keeps_its_sums_and_the_hash_of_its_paper(self):
        self.only("letter")
        self.person.write({"street": "1 rue du Four", "zip": "75006", "city": "Paris"})
        notice = self.notify(self.person)
        self.drain_letters()
        notice._bulk_write({"state": "sent", "date_sent": "2026-03-01 10:00:00"})
        digest, amount = notice.document_sha256, notice.line_ids.amount_residual
        self.assertTrue(digest and notice.attachment_id)
        self.pay(notice.line_ids.move_id, 100.0)
        self.apply()
        self.assertFalse(notice.attachment_id)
        self.assertFalse(self.data._files(notice))
        self.assertFalse(notice.message_ids)
        self.assertEqual((notice.document_sha256, notice.line_ids.amount_residual), (digest, amount))

    def test_nothing_goes_while_something_is_going_on(self):
        contact = self.interaction()
        move = self.invoice(self.person)
        self.apply()
        self.assertTrue(contact.exists(), "a claim is open")
        case = self.env["recovery.case"]._open(self.person, self.item(move))
        self.pay(move, 100.0)
        self.apply()
        self.assertTrue(contact.exists(), "a case is running")
        case._close("paid")
        self.apply()
        self.assertFalse(contact.exists())

    def test_nothing_goes_while_a_dispute_or_request_is_open(self):
        contact = self.interaction()
        move = self.invoice(self.person)
        dispute = self.kept(
            "recovery.dispute",
            move_line_ids=self.item(move).ids,
            description="Faulty",
            date_opened="2026-02-01",
        )
        self.pay(move, 100.0)
        self.assertEqual(dispute.state, "open")
        self.apply()
        self.assertTrue(contact.exists(), "the invoice is paid, and what the debtor said of it stands")
        dispute.answer = "It was faultless"
        dispute.action_reject()
        request = self.kept("recovery.request", kind="contact", description="Moved", new_city="Lyon")
        self.apply()
        self.assertTrue(contact.exists(), "who asked is answered first")
        request.action_close()
        self.apply()
        self.assertFalse(contact.exists())

    def test_evidence_loses_its_files_and_keeps_its_fingerprints(self):
        move = self.invoice(self.person)
        case = self.env["recovery.case"]._open(self.person, self.item(move))
        step = self.env["recovery.case.step"].create(
            {"case_id": case.id, "name": "Call", "note": "She cried"}
        )
        dossier = self.env["recovery.dossier"]._build(case)
        digests = dossier.piece_ids.mapped("sha256")
        self.assertTrue(self.data._files(dossier))
        self.pay(move, 100.0)
        with freeze_time("2026-06-01 10:00:00"):
            case._close("paid")
        self.apply("2036-05-31 10:00:00")
        self.assertTrue(self.data._files(dossier))
        self.assertEqual(step.note, "She cried")
        self.apply("2036-06-01 10:00:00")
        self.assertFalse(self.data._files(dossier))
        self.assertFalse(step.note)
        self.assertTrue(dossier.sha256)
        self.assertEqual(dossier.piece_ids.mapped("sha256"), digests)
        before = self.env["recovery.retention.log"].search_count([])
        self.apply("2036-06-02 10:00:00")
        self.assertEqual(self.env["recovery.retention.log"].search_count([]), before)

    #: Words that say nothing about anybody, or that go by themselves.
    NO_WORDS = {
        "recovery.case.option": "why a procedure does not fit: the product's own words",
        "recovery.case.person": "the number of a court or a lawyer",
        "recovery.dossier.piece": "names and fingerprints of evidence",
        "recovery.financial.statement": "the name of the file that the figures came from",
        "recovery.forecast.line": "figures, found anew every night",
        "recovery.mandate": "what is agreed with an agency, not about debtors",
        "recovery.plan.option": "ways to pay, worked out anew",
        "recovery.portal.link": "a code, of no meaning once it was revoked",
        "recovery.solvency.check.line": "figures of a score",
        "recovery.worklist": "gone with what waits",
    }

    def test_every_table_with_words_about_people_is_kept_no_longer_than_it_is_needed(self):
        kinds = {thing._about for thing in self.data._things().values()}
        wordy = {
            name
            for name in self.data._paths()
            if any(
                field.store and not field.related and field.type in ("char", "text", "html", "binary")
                for field in self.env[name]._fields.values()
                if field.name not in ("name", "display_name", "res_model", "registration", "rating")
            )
        }
        self.assertEqual(wordy - kinds, set(self.NO_WORDS))

    def test_evidence_is_not_erased(self):
        rule = self.env.ref("payment_plan_recovery.retention_notice")
        with self.assertRaisesRegex(ValidationError, "evidence"):
            rule.action = "erase"

    def test_a_rule_shows_what_it_would_do(self):
        contact = self.interaction()
        rule = self.env.ref("payment_plan_recovery.retention_interaction").with_company(self.company)
        with freeze_time(LONG_AFTER):
            self.assertEqual(rule.due_count, 1)
            action = rule.action_show_due()
        self.assertEqual(
            (action["res_model"], action["domain"]), ("recovery.contact", [("id", "in", contact.ids)])
        )

    def exported(self, person):
        return self.env["recovery.personal.export"]._open_file(person)

    # -- the person asks --------------------------------------------------------------------

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
