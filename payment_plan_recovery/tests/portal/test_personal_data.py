"""What is kept about people: how long, what stays of it, what keeps it, who is given it."""

from base64 import b64encode
from datetime import date, timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from ...models.common.guarded_fields import as_action
from ...models.common.personal_data import EMPTIED
from .personal_common import PersonalCommon

LONG_AFTER = "2040-01-01 10:00:00"
PICTURE = b64encode(b"as it was drawn")


@tagged("post_install", "-at_install")
class TestPersonalData(PersonalCommon):
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

    def traces(self, record):
        """Everything beside a record that says something of it, whoever reads it where."""
        of_record = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        messages = self.env["mail.message"].sudo()
        return (
            messages.search_count([("model", "=", record._name), ("res_id", "=", record.id)]),
            len(self.data._files(record)),
            self.env["mail.activity"].with_context(active_test=False).search_count(of_record),
        )

    def test_histories_files_and_activities_go_where_no_words_stand_in_the_record(self):
        promise = self.kept(
            "recovery.promise", amount=50, date_given="2026-01-20", date_promised="2026-02-01"
        )
        promise._judge(date(2026, 3, 1))
        guarantee = self.kept(
            "recovery.guarantee", kind="surety", amount=10, date_from="2026-01-01", date_until="2026-06-01"
        )
        said = "Her mother pays"
        for record in (promise, guarantee):
            user = new_test_user(self.env, f"asked_{record._table}", groups="base.group_user")
            record.message_post(body=said, message_type="comment")
            record.message_notify(body=said, partner_ids=user.partner_id.ids)
            file = {"name": "Certificate.txt", "raw": b"Ill", "res_model": record._name, "res_id": record.id}
            self.env["ir.attachment"].create(file)
            record.activity_schedule(
                "mail.mail_activity_data_todo", note="Ask her mother", user_id=self.env.uid
            )
            record.activity_schedule("mail.mail_activity_data_todo", note="And her aunt").action_done()
        self.apply()
        for record in (promise, guarantee):
            self.assertEqual((record.amount > 0, self.traces(record)), (True, (0, 0, 0)), record._name)
        before = self.env["recovery.retention.log"].search_count([])
        self.apply()
        self.assertEqual(self.env["recovery.retention.log"].search_count([]), before, "nothing is left")

    def test_what_is_written_after_it_was_forgotten_goes_too(self):
        hold = self.kept(
            "recovery.hold", kind="manual", reason="Ill", date_from="2026-01-20", date_until="2026-02-01"
        )
        self.apply("2039-01-01 10:00:00")
        self.assertEqual(hold.reason, EMPTIED)
        said = "She was ill then"
        hold.message_post(body=said, message_type="comment")
        self.apply()
        self.assertFalse(hold.message_ids)

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

    def test_a_signature_that_lies_in_a_file_behind_its_field_goes(self):
        """Of a plan and of who signed it online, and of no plan that is in force."""
        moves = [self.invoice(self.person, 300) for _number in range(2)]
        plans = self.env["recovery.plan"].create(
            [
                {
                    "partner_id": self.person.id,
                    "company_id": self.company.id,
                    "item_ids": [Command.create({"move_line_id": self.item(move).id})],
                }
                for move in moves
            ]
        )
        plans.action_propose()
        plans.action_accept(signature=PICTURE, signed_by="Ada Vane")
        signatures = as_action(self.env["recovery.signature"]).create(
            [
                {"plan_id": plan.id, "party": "debtor", "name": "Ada Vane", "signature": PICTURE}
                for plan in plans
            ]
        )
        self.assertTrue(all(len(self.data._files(one)) for one in (*plans, *signatures)))
        plans[0].action_cancel()
        self.apply()
        self.assertEqual(plans.mapped("signed_by"), ["Ada Vane"] * 2, "the other plan is going on")
        plans[1].action_cancel()
        for move in moves:
            self.pay(move, 300)
        self.apply()
        self.assertFalse(any([*plans.mapped("signature"), *signatures.mapped("signature")]))
        self.assertFalse(self.data._files(plans) + self.data._files(signatures))
        self.assertEqual((plans.mapped("signed_by"), signatures.mapped("name")), ([False] * 2, [False] * 2))
        self.assertEqual(plans.mapped("amount_total"), [300, 300])

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
