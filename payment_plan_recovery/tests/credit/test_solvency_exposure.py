"""What a debtor could cost: the exposure, its parts, and finding and sorting debtors by them."""

from odoo import Command
from odoo.tests import tagged

from ..solvency.solvency_common import TODAY, SolvencyCommon, ago


@tagged("post_install", "-at_install")
class TestExposure(SolvencyCommon):
    def parts(self, debtor):
        debtor.invalidate_recordset()
        return {
            name: debtor[f"recovery_exposure_{name}"]
            for name in ("receivable", "credit", "to_invoice", "draft", "guarantee")
            if debtor[f"recovery_exposure_{name}"]
        }

    def test_receivables_less_credits(self):
        debtor = self.make_debtor()
        self.invoice(debtor, 1000)
        paid = self.invoice(debtor, 500)
        self.pay(paid, 200)
        self.invoice(debtor, -50)
        self.credit(debtor, 30)
        self.assertEqual(self.parts(debtor), {"receivable": 1300, "credit": -80})
        self.assertEqual(debtor.recovery_exposure, 1220)
        self.assertEqual(debtor.recovery_exposure, debtor.credit, "Odoo's own total receivable")

    def test_nothing_known_is_zero(self):
        debtor = self.make_debtor()
        self.assertEqual((debtor.recovery_exposure, self.parts(debtor)), (0, {}))
        self.assertEqual(self.env["res.partner"].new({"name": "New"}).recovery_exposure, 0)

    def test_drafts_count_where_the_company_says_so(self):
        debtor = self.make_debtor()
        self.invoice(debtor, 1000, post=False)
        self.invoice(debtor, -100, post=False)
        self.assertEqual(debtor.recovery_exposure, 0)
        self.company.recovery_exposure_drafts = True
        self.assertEqual(
            self.parts(debtor), {"draft": 1000}, "a credit note makes no room before it is posted"
        )
        self.assertEqual(debtor.recovery_exposure, 1000)

    def test_guarantees_lower_it_on_the_days_they_hold(self):
        debtor = self.make_debtor()
        self.invoice(debtor, 1000)
        guarantees = {"partner_id": debtor.id, "kind": "bank", "amount": 300}
        for dates, expected in (
            ({"date_from": TODAY, "date_until": TODAY}, 700),
            ({"date_from": ago(9), "date_until": False}, 700),
            ({"date_from": ago(9), "date_until": ago(1)}, 1000),
            ({"date_from": ago(-1)}, 1000),
        ):
            guarantee = self.env["recovery.guarantee"].create({**guarantees, **dates})
            debtor.invalidate_recordset()
            self.assertEqual(debtor.recovery_exposure, expected, dates)
            guarantee.unlink()

    def test_credit_insurance_is_a_figure_of_the_limit_instead(self):
        debtor = self.make_debtor()
        self.invoice(debtor, 1000)
        self.env["recovery.guarantee"].create(
            {"partner_id": debtor.id, "kind": "insurance", "amount": 300, "reference": "P-1"}
        )
        self.assertEqual(debtor.recovery_exposure, 1000)

    def test_contacts_share_the_exposure_of_their_commercial_entity(self):
        debtor = self.make_debtor()
        contact = self.env["res.partner"].create({"name": "Accountant", "parent_id": debtor.id})
        self.invoice(contact, 100)
        entry = self.credit(contact, 40)
        self.assertEqual(entry.partner_id, contact)
        self.assertEqual((debtor.recovery_exposure, contact.recovery_exposure), (60, 60))

    def test_each_company_sees_its_own(self):
        other = self.make_company("Other creditor")
        debtor = self.make_debtor(limit=100)
        self.invoice(debtor, 500, company=other)
        self.assertEqual(debtor.recovery_exposure, 0)
        self.assertFalse(debtor.recovery_over_limit)
        self.assertEqual(debtor.with_company(other).recovery_exposure, 500)

    def test_over_limit_on_both_sides(self):
        at_limit = self.make_debtor("At", limit=100)
        above = self.make_debtor("Above", limit=100)
        unlimited = self.make_debtor("Unlimited")
        no_credit = self.make_debtor("No credit", risk_class=self.class_e)
        idle = self.make_debtor("Idle", risk_class=self.class_e)
        debtors = at_limit + above + unlimited + no_credit + idle
        self.rules.active = False
        for debtor, amount in ((at_limit, 100), (above, 100.01), (unlimited, 10**6), (no_credit, 1)):
            self.invoice(debtor, amount)
        partners = self.env["res.partner"].with_context(active_test=False)
        mine = [("id", "in", debtors.ids)]
        self.assertEqual(debtors.filtered("recovery_over_limit"), above + no_credit)
        self.assertEqual(partners.search([*mine, ("recovery_over_limit", "=", True)]), above + no_credit)
        self.assertEqual(
            partners.search([*mine, ("recovery_over_limit", "=", False)]), at_limit + unlimited + idle
        )
        self.assertEqual(
            partners.search([*mine, ("recovery_over_limit", "!=", True)]), at_limit + unlimited + idle
        )
        self.assertEqual(partners.search([*mine, ("recovery_credit_available", "<", 0)]), above + no_credit)

    def test_search_and_sort_agree_with_what_is_shown(self):
        debtors = self.env["res.partner"]
        for amount in (300, 100, 0, 200):
            debtors |= self.make_debtor(f"Owes {amount}")
            if amount:
                self.invoice(debtors[-1], amount)
        mine = [("id", "in", debtors.ids)]
        by_exposure = debtors.sorted("recovery_exposure", reverse=True)
        self.assertEqual(debtors.search(mine, order="recovery_exposure desc"), by_exposure)
        for operator, value, expected in (
            (">", 100, {300, 200}),
            (">=", 100, {300, 200, 100}),
            ("<", 100, {0}),
            ("<=", 100, {0, 100}),
            ("=", 100, {100}),
            ("=", 0, {0}),
            ("!=", 0, {300, 200, 100}),
            ("in", [100, 300], {100, 300}),
        ):
            found = debtors.search([*mine, ("recovery_exposure", operator, value)])
            self.assertEqual(set(found.mapped("recovery_exposure")), expected, (operator, value))
        fields = self.env["res.partner"].fields_get(["recovery_exposure"], ["sortable", "searchable"])
        self.assertEqual(fields["recovery_exposure"], {"sortable": True, "searchable": True})

    def test_totals_of_a_list(self):
        debtor = self.make_debtor()
        self.invoice(debtor, 100)
        rows = self.env["res.partner"]._read_group([("id", "=", debtor.id)], [], ["recovery_exposure:sum"])
        self.assertEqual(rows, [(100,)])

    def test_reading_many_costs_as_few_queries_as_reading_few(self):
        debtors = self.env["res.partner"].create([{"name": f"Debtor {number}"} for number in range(50)])
        self.invoice(debtors[0], 100)

        def queries(partners):
            self.env.flush_all()
            partners.invalidate_recordset()
            partners.mapped("commercial_partner_id.credit_limit")
            before = self.env.cr.sql_log_count
            self.assertEqual(sum(partners.mapped("recovery_exposure")), 100)
            return self.env.cr.sql_log_count - before

        queries(debtors[:1])
        self.assertEqual(queries(debtors[:5]), queries(debtors))

    def test_figures_are_for_readers_of_the_ledger(self):
        debtor = self.make_debtor(limit=100)
        seller = self.make_user("solvency_seller", "base.group_user,base.group_partner_manager")
        with self.assertRaises(Exception) as refused:
            debtor.with_user(seller).read(["recovery_exposure"])
        self.assertEqual(type(refused.exception).__name__, "AccessError")
        with self.assertRaises(Exception) as refused:
            debtor.with_user(seller).search([("recovery_over_limit", "=", True)])
        self.assertEqual(type(refused.exception).__name__, "AccessError")
        reader = self.make_user("solvency_reader", "account.group_account_readonly")
        self.assertEqual(debtor.with_user(reader).recovery_exposure, 0)

    def test_items_in_a_plan_stay_part_of_it(self):
        debtor = self.make_debtor()
        move = self.invoice(debtor, 600, on=ago(60), due=ago(30))
        plan = self.env["recovery.plan"].create(
            {
                "partner_id": debtor.id,
                "date_start": TODAY,
                "instalment_count": 3,
                "item_ids": [Command.create({"move_line_id": self.item(move).id})],
            }
        )
        plan.generate_instalments()
        self.assertEqual(debtor.recovery_exposure, 600)
