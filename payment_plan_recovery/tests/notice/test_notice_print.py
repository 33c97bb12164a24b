"""Papers over HTTP, as each role gets them: the first time and the second."""

from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron
from odoo.tests import HttpCase, new_test_user, tagged

from .notice_common import NoticeCommon

ADDRESS = {"street": "2 Side Street", "zip": "69001", "city": "Lyon", "email": False}
#: Roles that may read notices, each with its own groups only.
ROLES = {
    "reader": "account.group_account_readonly",
    "invoicing": "account.group_account_invoice",
    "accountant": "account.group_account_user",
    "collector": "payment_plan_recovery.group_recovery_user",
    "manager": "payment_plan_recovery.group_recovery_manager",
}
#: Odoo prints HTML in tests unless told that wkhtmltopdf is there.
REALLY = 'context={"force_report_rendering": true}'
OTHERS = ("report_formal_notice", "report_evidence")
STYLES = ("web.report_assets_common", "web.report_assets_pdf")


@tagged("post_install", "-at_install")
class TestNoticePrint(NoticeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor("Debtor", is_company=True, **ADDRESS)
        for login, group in ROLES.items():
            new_test_user(
                cls.env,
                f"print_{login}",
                groups=f"base.group_user,{group}",
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )

    def cold(self):
        """Forget what earlier prints left behind: bundles of styles, and what was remembered."""
        self.env["ir.attachment"].search([("url", "=like", "/web/assets/%")]).unlink()
        self.env.registry.clear_cache("assets")
        self.env.registry.clear_cache("templates")

    def warm(self):
        """Leave behind the bundles of styles that the first print does: in a test they go with its cursor."""
        for name in STYLES:
            self.env["ir.qweb"]._get_asset_bundle(name, css=True, js=False, autoprefix=True).css()

    def get(self, url, times=1):
        for time in range(times):
            answer = self.url_open(url, timeout=120)
            self.assertEqual(answer.status_code, 200, f"{url}, time {time + 1}")
            self.assertTrue(answer.content.startswith(b"%PDF"), f"{url}, time {time + 1}")

    def test_each_role_prints_cold_and_warm(self):
        notice = self.notify(self.debtor)
        for role in ROLES:
            self.authenticate(f"print_{role}", f"print_{role}")
            self.cold()
            with self.subTest(role):
                self.get(f"/report/pdf/payment_plan_recovery.report_letter/{notice.id}?{REALLY}")
                self.warm()
                self.get(f"/report/pdf/payment_plan_recovery.report_letter/{notice.id}?{REALLY}")
                for report in OTHERS:
                    self.get(f"/report/pdf/payment_plan_recovery.{report}/{notice.id}?{REALLY}")
                # the first time Odoo has just read the layout itself, for everybody
                statement = f"/report/pdf/payment_plan_recovery.report_statement/{self.debtor.id}?{REALLY}"
                self.get(statement, times=2)

    def test_each_role_opens_what_was_archived(self):
        notice = self.notify(self.debtor)
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_kwargs: 1.0):
            self.env["recovery.notice"]._cron_send()
        self.assertEqual(notice.state, "to_post", notice.failure_reason)
        mailing = notice.mailing_id.action_print()["url"]
        for role in ROLES:
            self.authenticate(f"print_{role}", f"print_{role}")
            with self.subTest(role):
                user = self.env["res.users"].search([("login", "=", f"print_{role}")])
                self.get(notice.with_user(user).action_preview_document()["url"], times=2)
                self.get(mailing, times=2)
