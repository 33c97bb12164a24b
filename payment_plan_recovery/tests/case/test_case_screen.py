"""The case as a collector sees it, in a browser."""

from odoo.tests import HttpCase, tagged

from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestCaseScreen(CaseCommon, HttpCase):
    def test_case_opens_with_all_its_pages(self):
        case = self.begin(self.open_case(), self.order)
        case.action_build_evidence()
        self.env.ref("base.user_admin").company_ids |= self.company
        self.browser_js(
            f"/odoo/action-payment_plan_recovery.action_case/{case.id}?cids={self.company.id}",
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
            ready="document.querySelector('.o_form_view .o_notebook .nav-link')",
            login="admin",
            cookies={"cids": str(self.company.id)},
        )
