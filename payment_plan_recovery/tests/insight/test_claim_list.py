"""The list of claims: each column told, found and grouped by, in one query for all of them."""

from datetime import date

from freezegun import freeze_time
from odoo.tests import new_test_user, tagged

from ..plan.plan_common import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestClaimList(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claims = cls.env["recovery.claim"]

    def claim(self, move):
        return self.claims.search([("move_id", "=", move.id)])

    def test_how_late(self):
        days = {"2026-03-02": 0, "2026-03-01": 1, "2026-01-31": 30, "2026-01-30": 31, "2025-12-01": 91}
        ages = ["0", "1", "1", "2", "4"]
        for (due, late), age in zip(days.items(), ages, strict=True):
            claim = self.claim(self.invoice(100, due))
            self.assertEqual((claim.days_late, claim.age), (late, age), due)
            self.assertIn(claim, self.claims.search([("age", "=", age)]))
            self.assertIn(claim, self.claims.search([("days_late", ">=", late)]))
            self.assertNotIn(claim, self.claims.search([("days_late", ">", late)]))

    def test_pages_by_due_date_are_those_of_all_claims(self):
        days = ["2026-01-31", "2026-02-20", "2026-01-10", "2026-02-20", "2026-03-20", "2026-01-31"]
        moves = [self.invoice(100 + number, day) for number, day in enumerate(days)]
        self.active_plan(self.invoice(600, "2026-01-15"), instalment_count=4)
        ours = ("company_id", "=", self.company.id)
        for domain, is_broad in (
            ([ours], True),
            ([ours, ("age", "in", ("0", "2")), ("date_due", ">", "2025-12-31")], True),
            ([ours, "|", ("hold_kind", "!=", False), ("amount_residual", ">", 90)], True),
            ([("move_id", "in", [move.id for move in moves])], False),
            ([ours, ("partner_id.name", "=", self.debtor.name)], False),
            ([ours, ("instalment_id", "!=", False)], False),
        ):
            query = self.claims._search(domain, limit=2, order="date_due, id")
            self.assertEqual(") UNION ALL (" in query.select().code, is_broad, domain)
            found = self.claims.search(domain, order="id")
            self.assertGreater(len(found), 3)
            for order, wanted in (
                ("date_due, id", found.sorted(lambda claim: (claim.date_due, claim.id))),
                (None, found.sorted(lambda claim: (claim.date_due, claim.id))),
                ("date_due desc, id", found.sorted("id").sorted("date_due", reverse=True)),
                ("date_due DESC, id DESC", found.sorted(lambda c: (c.date_due, c.id), reverse=True)),
                ("amount_residual, id", found.sorted(lambda claim: (claim.amount_residual, claim.id))),
            ):
                pages = [
                    self.claims.search(domain, order=order, limit=2, offset=offset)
                    for offset in range(0, len(found) + 2, 2)
                ]
                told = [claim.id for page in pages for claim in page]
                self.assertEqual(told, wanted.ids, (domain, order))
            self.assertEqual(self.claims.search_count(domain, limit=3), 3)
        moves[0].line_ids.filtered("date_maturity").date_maturity = "2015-01-01"  # not written out yet
        self.assertEqual(self.claims.search([ours], limit=1).move_id, moves[0])

    def test_grouped_by_age(self):
        self.invoice(100, "2026-02-20")
        self.invoice(50, "2026-02-25")
        self.invoice(7, "2025-01-01")
        mine = [("partner_id", "=", self.debtor.id)]
        groups = self.claims._read_group(mine, ["age"], ["amount_company:sum"])
        self.assertEqual(groups, [("1", 150), ("4", 7)])

    def test_grouped_by_reason(self):
        held, free = self.invoice(100, "2026-01-31"), self.invoice(50, "2026-01-31")
        self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "reason": "Broken in transit",
                "date_until": date(2026, 4, 1),
                "move_line_ids": self.item(held).ids,
            }
        )
        mine = [("partner_id", "=", self.debtor.id)]
        judged = self.claim(free).reason
        self.assertNotEqual(judged, "on_hold")
        groups = self.claims.web_read_group(mine, ["reason"], ["amount_company:sum"])["groups"]
        told = {group["reason"]: group["amount_company:sum"] for group in groups}
        self.assertEqual(told, {"on_hold": 100, judged: 50})
        self.assertEqual(self.claims.search([*mine, ("reason", "=", "on_hold")]), self.claim(held))

    def test_a_row_says_when_it_was_judged(self):
        claim = self.claim(self.invoice(50, "2026-01-31"))
        self.assertEqual(claim.reason_as_of, "Today")
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": "2026-02-20"})
        self.assertEqual(claim.with_context(recovery_run_id=run.id).reason_as_of, "Run of 02/20/2026")

    def test_no_claim_is_judged_to_describe_the_columns(self):
        self.invoice(100, "2026-01-31")
        self.claims.fields_get()
        with self.assertQueryCount(0):
            described = self.claims.fields_get(["reason"], ["groupable", "sortable"])["reason"]
        self.assertEqual(described, {"groupable": True, "sortable": False})

    def test_a_hold_on_one_invoice_is_not_on_another(self):
        held, free = self.invoice(100, "2026-01-31"), self.invoice(50, "2026-01-31")
        self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "dispute",
                "reason": "Broken in transit",
                "date_from": date(2026, 3, 1),
                "date_until": date(2026, 4, 1),
                "move_line_ids": self.item(held).ids,
            }
        )
        self.assertEqual((self.claim(held).hold_kind, self.claim(free).hold_kind), ("dispute", False))
        mine = [("partner_id", "=", self.debtor.id)]
        self.assertEqual(self.claims.search([*mine, ("hold_kind", "=", "dispute")]), self.claim(held))
        self.assertEqual(self.claims.search([*mine, ("hold_kind", "=", False)]), self.claim(free))
        with freeze_time("2026-04-02 10:00:00"):
            self.env.invalidate_all()
            self.assertFalse(self.claim(held).hold_kind)

    def test_who_is_responsible(self):
        claim = self.claim(self.invoice(100, "2026-01-31"))
        self.assertFalse(claim.user_id)
        collector = new_test_user(
            self.env, "portfolio_collector", groups="payment_plan_recovery.group_recovery_user"
        )
        self.env["recovery.portfolio"].create({"name": "All", "user_id": collector.id})
        self.env.invalidate_all()
        self.assertEqual(claim.user_id, collector)
        self.assertIn(claim, self.claims.search([("user_id", "=", collector.id)]))

    def test_last_interaction_and_expected_day(self):
        move = self.invoice(100, "2026-01-31")
        self.env["recovery.contact"].create(
            {"partner_id": self.debtor.id, "date": date(2026, 2, 20), "outcome": "Pays next week"}
        )
        self.env["recovery.forecast.line"]._keep(self.company, date(2026, 3, 2))
        kept = self.env["recovery.forecast.line"].search([("move_line_id", "=", self.item(move).id)])
        claim = self.claim(move)
        self.assertEqual(claim.date_contact, date(2026, 2, 20))
        self.assertTrue(kept)
        self.assertEqual(claim.date_expected, kept.date_expected)

    def test_a_page_takes_as_many_queries_as_a_row(self):
        told = ("age", "days_late", "level_reached_id", "hold_kind", "date_contact", "user_id", "reason")
        columns = {name: {} for name in told}
        for due in range(1, 20):
            self.invoice(10, f"2026-01-{due:02}")
        mine = [("partner_id", "=", self.debtor.id)]

        def queries(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.claims.web_search_read(mine, columns, limit=limit)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(19), queries(1))

    def test_a_row_opens_its_invoice(self):
        move = self.invoice(100, "2026-01-31")
        action = self.claim(move).action_open()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", move.id))

    def test_a_row_opens_its_plan(self):
        plan = self.active_plan(self.invoice(600, "2026-01-31"))
        claim = self.claims.search([("plan_id", "=", plan.id)], limit=1)
        action = claim.action_open()
        self.assertEqual((action["res_model"], action["res_id"]), ("recovery.plan", plan.id))

    def test_a_promise_for_several(self):
        first, second = self.invoice(100, "2026-01-31"), self.invoice(50, "2026-02-20")
        context = (self.claim(first) + self.claim(second)).action_promise()["context"]
        self.assertEqual(context["default_amount"], 150)
        self.assertEqual(context["default_move_line_ids"], self.item(first, second).ids)
        promise = self.env["recovery.promise"].with_context(**context).create({})
        self.assertEqual((promise.amount, promise.date_promised), (150, date(2026, 3, 9)))
        self.assertEqual((promise.hold_id.amount, promise.hold_id.move_line_ids), (0, promise.move_line_ids))
        stranger = self.invoice(
            5, "2026-01-31", partner_id=self.env["res.partner"].create({"name": "Other"}).id
        )
        several = (self.claim(first) + self.claim(stranger)).action_promise()
        self.assertEqual(several["res_model"], "recovery.bulk")

    def test_why_names_its_day_and_hold(self):
        move = self.invoice(100, "2026-01-31")
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "dispute",
                "reason": "Broken in transit",
                "date_from": date(2026, 3, 1),
                "date_until": date(2026, 4, 1),
            }
        )
        action = self.claim(move).action_why_not()
        why = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((why.reason, why.date, why.hold_ids), ("on_hold", date(2026, 3, 2), hold))
        self.assertEqual((why.move_id, why.partner_id), (move, self.debtor))
        self.assertLess(
            {"date", "notice_id", "level_id"},
            {
                node.get("name")
                for node in why._get_view()[0].iterfind(".//field[@name='notice_line_ids']//field")
            },
            "each notice so far with its day, and opened by its name",
        )

    # -- the debtor's page -----------------------------------------------------------------

    def test_debtor_page(self):
        self.invoice(100, "2026-01-31")
        self.invoice(50, "2026-02-15")
        self.invoice(7, "2026-03-02")
        self.env["recovery.forecast.line"]._keep(self.company, date(2026, 3, 2))
        debtor = self.debtor
        self.assertEqual(
            (debtor.recovery_overdue, debtor.recovery_date_oldest, debtor.recovery_claim_amount),
            (150, date(2026, 1, 31), 157),
        )
        self.assertGreater(debtor.recovery_expected_30, 0)
        self.assertLess(debtor.recovery_expected_30, 157)
        self.assertEqual(debtor.action_recovery_promise()["context"]["default_amount"], 150)
        page = debtor.action_recovery_page()
        self.assertEqual(page["res_id"], debtor.id)
        kept = self.env["ir.actions.act_window"].browse(page.get("id"))
        self.assertEqual(
            kept.view_id, self.env.ref("payment_plan_recovery.view_debtor_form"), "found again by its address"
        )
