"""What a contact's login is shown on our pages and on Odoo's: never that nothing is there because it is not shown."""

from odoo.tests import tagged

from .portal_common import PortalCommon

NOTHING_OPEN, NO_PLAN, NOT_SHOWN = (
    "Nothing is open",
    "You have no instalment plan",
    "is not shown with this login",
)


@tagged("post_install", "-at_install")
class TestPortalLogin(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.late_invoice(300)
        cls.running = cls.active_plan(cls.bill)
        cls.user = cls.portal_user("login_own", cls.contact("Own", cls.debtor))
        cls.stranger = cls.portal_user("login_none", cls.env["res.partner"].create({"name": "Stranger"}))

    def reads(self, path, *words, without=()):
        page = self.url_open(path).text
        for said in words:
            self.assertIn(said, page, path)
        for said in without:
            self.assertNotIn(said, page, path)

    def test_nothing_is_said_to_be_owed_only_where_it_is_so(self):
        self.login(self.stranger)
        self.reads("/my/statement", NOTHING_OPEN, without=[NOT_SHOWN])
        self.reads("/my/plans", NO_PLAN, without=[NOT_SHOWN])
        self.login(self.user)
        for hidden, switch in (
            (self.user.partner_id, "recovery_no_portal"),
            (self.debtor, "recovery_no_portal"),
            (self.company, "recovery_portal"),
        ):
            hidden[switch] = not hidden[switch]
            with self.subTest(hidden=hidden):
                self.reads("/my/statement", NOT_SHOWN, without=[NOTHING_OPEN, self.bill.name])
                self.reads("/my/plans", NOT_SHOWN, without=[NO_PLAN, self.running.name])
            hidden[switch] = not hidden[switch]

    def test_the_way_back_stands_above_each_page(self):
        free = self.late_invoice(40)
        self.login(self.user)
        root = f"/my/creditor/{self.company.id}"
        back = f'<li class="breadcrumb-item"><a href="{root}">Your account</a></li>'
        for page in ("/dispute", "/data", "/ask", f"/pay?items={self.item(free).id}"):
            self.reads(root + page, back)
        self.reads(f"{self.link()._path()}/dispute", "Your account", without=["breadcrumb-item"])

    def test_odoo_s_page_of_an_invoice_says_what_pays_it(self):
        late, why = "o_portal_sidebar_timeago", f"paid by the instalments of {self.running.name}"
        page, way = self.bill.get_portal_url(), f'href="/my/plans/{self.running.id}"'
        self.login()
        self.reads(page, why, without=[late, way])
        self.login(self.user)
        self.reads(page, why, way, without=[late])
        paid = self.late_invoice(20)
        self.active_plan(paid)
        self.pay(paid, 20, self.today)
        self.reads(paid.get_portal_url(), without=["paid by the instalments"])
        self.user.partner_id.recovery_no_portal = True
        self.reads(page, why, without=[late, way])
        self.running.sudo().action_cancel()
        self.reads(page, late, without=[why])
