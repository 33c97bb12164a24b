"""The way to the debtor's account on whatever is printed for it or written to it, and on nothing that is for others."""

from odoo import Command
from odoo.tests import tagged

from ...models.common.guarded_fields import as_action
from ..notice.notice_common import NoticeCommon, day

#: Papers for debtors, with the model that the sample of each is of; a new paper belongs here or below.
FOR_DEBTORS = {
    "report_agreement": "plan",
    "report_formal_notice": "notice",
    "report_letter": "notice",
    "report_plan_options": "offered",
    "report_plan_statement": "plan",
    "report_statement": "debtor",
}
#: Papers for courts, agencies, tax offices and one's own file, and the page of evidence behind an agreement, which
#: carries the link itself.
FOR_OTHERS = {
    "report_case_chronology",
    "report_declaration",
    "report_dossier",
    "report_evidence",
    "report_irrecoverable",
    "report_mission",
    "report_payment_order",
    "report_signatures",
    "report_solvency_check",
    "report_vat_duplicate",  # of what was given up and is not asked for any more
}
PREFIX = "payment_plan_recovery."


@tagged("post_install", "-at_install")
class TestPortalLinkEverywhere(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owing = cls.make_debtor("Boulangerie Dupont", email="debtor@example.com")

    def plan(self):
        values = {"date_start": day(60), "instalment_count": 3, "currency_id": self.currency.id}
        item = self.item(self.invoice(self.owing, 300.0))
        plan = self.env["recovery.plan"].create(
            {
                **values,
                "partner_id": self.owing.id,
                "company_id": self.company.id,
                "item_ids": [Command.create({"move_line_id": item.id})],
            }
        )
        plan.generate_instalments()
        plan.action_compare_options()
        return plan

    def running(self):
        plan = self.plan()
        plan.action_propose()
        plan.action_accept(signed_by="Anne")
        plan.action_activate()
        return plan

    def test_every_paper_for_a_debtor_carries_the_code_and_what_is_scanned(self):
        reports = self.env["ir.actions.report"].search([("report_name", "like", f"{PREFIX}%")])
        named = {report.report_name.removeprefix(PREFIX) for report in reports}
        self.assertEqual(named, FOR_DEBTORS.keys() | FOR_OTHERS, "whom is a new paper for?")
        notice = self.notify(self.owing)
        self.invoice(self.owing, 40.0)
        samples = {"notice": notice, "plan": self.running(), "offered": self.plan(), "debtor": self.owing}
        for name, kind in FOR_DEBTORS.items():
            with self.subTest(name):
                sample = samples[kind]
                plan = sample if sample._name == "recovery.plan" else None
                link = self.owing._recovery_portal_link(self.company, plan)
                printer = reports.with_company(self.company)
                page = printer._render_qweb_html(PREFIX + name, sample.ids)[0].decode()
                self.assertIn(link._printed_code(), page, name)
                self.assertIn(link._qr_code(), page, name)

    def test_every_message_to_a_debtor_carries_the_link(self):
        plan = self.running()
        link = self.owing._recovery_portal_link(self.company, plan)
        messages = self.env["recovery.message"]
        for occasion, label in messages._fields["occasion"]._description_selection(self.env):
            with self.subTest(label):
                before = self.env["mail.mail"].sudo().search([])
                messages._mail_occasion(occasion, {plan: plan._contents()[plan.id]})
                mail = self.env["mail.mail"].sudo().search([]) - before
                self.assertEqual(len(mail), 1)
                self.assertIn(link._url(), mail.body_html)

    def test_what_is_written_in_an_exchange_leads_the_debtor_to_it_and_nobody_else(self):
        stranger = self.env["res.partner"].create({"name": "Carrier", "email": "carrier@example.com"})
        item = self.item(self.invoice(self.owing, 300.0))
        about = {"partner_id": self.owing.id, "company_id": self.company.id}
        dispute = self.env["recovery.dispute"].create(
            {**about, "move_line_ids": item.ids, "description": "Wet flour"}
        )
        request = self.env["recovery.request"].create({**about, "kind": "message", "description": "Why?"})
        url = self.owing._recovery_portal_link(self.company)._url()
        for record, path in ((dispute, "disputes"), (request, "requests")):
            before = self.env["mail.mail"].sudo().search([])
            record.message_post(
                body=record._description,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=(self.owing | stranger).ids,
            )
            mails = self.env["mail.mail"].sudo().search([]) - before
            carried = {
                mail.recipient_ids: f"{url}/{path}/{record.id}" in mail.body_html
                for mail in mails
                if mail.recipient_ids & (self.owing | stranger)
            }
            self.assertEqual(carried, {self.owing: True, stranger: False}, path)
        before = self.env["mail.mail"].sudo().search([])
        dispute.answer = "You are right."
        dispute.action_accept()
        mails = self.env["mail.mail"].sudo().search([]) - before
        mail = mails.filtered(lambda one: self.owing in one.recipient_ids)
        self.assertIn(f"{url}/disputes/{dispute.id}", mail.body_html)

    def test_a_notice_about_an_instalment_and_an_invoice_opens_the_whole_account(self):
        plan, notice = self.running(), self.notify(self.owing)
        account, only = (self.owing._recovery_portal_link(self.company, one) for one in (None, plan))
        [line] = notice.line_ids
        first, second, *_later = plan.instalment_ids
        as_action(line).copy({"notice_id": notice.id, "move_line_id": False, "instalment_id": first.id})
        content = notice._contents()[notice.id]
        self.assertEqual((content.plan, self.owing._recovery_portal_link_of(content)), (plan, account))
        as_action(line).write({"move_line_id": False, "instalment_id": second.id})
        content = notice._contents()[notice.id]
        self.assertEqual(self.owing._recovery_portal_link_of(content), only)
