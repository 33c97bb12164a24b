"""The case as a collector sees it, in a browser."""

from odoo.tests import HttpCase, tagged

from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestCaseScreen(CaseCommon, HttpCase):
    def test_case_opens_with_all_its_pages(self):
        case = self.begin(self.open_case(), self.order)
        case.action_build_evidence()
        admin = self.env.ref("base.user_admin")
        admin.write({"company_ids": [(4, self.company.id)], "company_id": self.company.id})
        self.browser_js(
            f"/odoo/recovery.case/{case.id}",
            """
            const pages = [...document.querySelectorAll(".o_notebook .nav-link")];
            (async () => {
                for (const page of pages) {
                    page.click();
                    await new Promise((resolve) => setTimeout(resolve, 300));
                    if (document.querySelector(".o_error_dialog")) throw new Error(page.textContent);
                }
                const names = pages.map((page) => page.textContent.trim());
                for (const name of ["Claims", "What can be done", "Steps", "Costs", "People", "Evidence"]) {
                    if (!names.includes(name)) throw new Error(`no page ${name}`);
                }
                console.log("test successful");
            })();
            """,
            ready="!!document.querySelector('.o_form_view .o_notebook .nav-link')",
            login="admin",
        )
