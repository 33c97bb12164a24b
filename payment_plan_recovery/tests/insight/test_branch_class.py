"""The class of a debtor with a branch is the creditor's, on every screen, where the branch gave none of its own."""

from ast import literal_eval
from datetime import timedelta

from lxml import etree
from odoo.tests import tagged

from ..plan.plan_branch_common import PlanBranchCommon


@tagged("post_install", "-at_install")
class TestBranchClass(PlanBranchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        classes = cls.env["recovery.risk.class"].sudo()
        cls.trusted, cls.doubted = classes.create([{"code": code, "name": code} for code in ("T", "U")])
        cls.debtor.sudo().with_company(cls.company).recovery_risk_class = cls.trusted
        today = cls.company._recovery_today()
        cls.coming = cls.invoice(70, today + timedelta(days=5), company_id=cls.north.id)
        cls.env["recovery.forecast.line"].sudo().create(
            {
                "move_line_id": cls.item(cls.coming).id,
                "partner_id": cls.debtor.id,
                "company_id": cls.north.id,
                "date": today,
                "chance_in_time": 0.1,
            }
        )
        cls.env["recovery.promise"].create(
            {
                "partner_id": cls.debtor.id,
                "company_id": cls.north.id,
                "amount": 50,
                "date_given": today - timedelta(days=15),
                "date_promised": today - timedelta(days=8),
            }
        )._judge(today)
        cls.env["recovery.worklist"].sudo()._refresh(cls.company, today)

    def seen(self, model):
        """As somebody sees it whose only company is a branch."""
        return self.as_worker(self.env[model], self.north)

    def told_by(self, risk_class):
        """How many claims, waiting debtors and claims that will be late the screens show under a class."""
        claims = self.seen("recovery.claim")
        data = self.seen("recovery.dashboard").data({"person": None, "segment": risk_class.id})
        debtors = self.seen("res.partner").search([("recovery_class_in_force", "=", risk_class.id)])
        grouped = dict(claims._read_group([], ["risk_class_id"], ["__count"]))
        return {
            "figure": data["figures"][0]["code"] and self.owed_under(risk_class),
            "claims": claims.search_count([("risk_class_id", "=", risk_class.id)]),
            "grouped": grouped.get(risk_class.with_env(claims.env), 0),
            "waiting": sum(row["count"] for row in data["waiting"]),
            "late": data["warning"]["count"],
            "debtors": len(debtors & self.debtor.with_env(debtors.env)),
        }

    def owed_under(self, risk_class):
        today = self.company._recovery_today()
        told = self.seen("recovery.kpi").figures(today, today, by="segment", codes=["overdue"])
        return told[risk_class.id]["overdue"].numerator if risk_class.id in told else 0

    EVERYWHERE = {"figure": 120, "claims": 2, "grouped": 2, "waiting": 1, "late": 1, "debtors": 1}
    NOWHERE = dict.fromkeys(EVERYWHERE, 0)

    def test_the_creditors_class_holds_in_its_branch(self):
        self.assertEqual(self.told_by(self.trusted), self.EVERYWHERE)
        never = self.env.ref("payment_plan_recovery.view_partner_search_credit").arch
        self.assertIn("[('recovery_class_in_force', '=', False)]", never)
        unchecked = self.seen("res.partner").search([("recovery_class_in_force", "=", False)])
        self.assertNotIn(self.debtor.id, unchecked.ids)
        self.assertEqual(self.seen("recovery.claim").search([]).mapped("risk_class_code"), ["T", "T"])

    def test_a_branch_s_own_class_comes_first(self):
        self.debtor.sudo().with_company(self.north).recovery_risk_class = self.doubted
        self.assertEqual(self.told_by(self.doubted), self.EVERYWHERE)
        self.assertEqual(self.told_by(self.trusted), self.NOWHERE)

    def test_a_contact_has_the_class_of_its_company(self):
        contact = self.debtor.create({"name": "Purser", "parent_id": self.debtor.id})
        found = self.seen("res.partner").search([("recovery_class_in_force", "=", self.trusted.id)])
        self.assertIn(contact.id, found.ids)
        by_class = dict(
            self.seen("res.partner")._read_group(
                [("id", "in", (contact | self.debtor).ids)], ["recovery_class_in_force"], ["__count"]
            )
        )
        self.assertEqual({key.id: count for key, count in by_class.items()}, {self.trusted.id: 2})

    def test_the_creditors_check_expires_in_its_branch(self):
        """What stands with the branch itself comes first; who was never checked is not found."""
        today = self.company._recovery_today()
        view = self.env.ref("payment_plan_recovery.view_partner_search_credit")
        expired = etree.fromstring(view.arch).find(".//filter[@name='check_expired']").get("domain")
        seen, debtor = self.seen("res.partner"), self.debtor.sudo()

        def told():
            self.env.invalidate_all()
            return (
                self.debtor in seen.search(literal_eval(expired)).with_env(self.env),
                self.debtor in seen.search([("recovery_check_in_force", "=", False)]).with_env(self.env),
                seen.browse(self.debtor.id).recovery_check_in_force,
            )

        self.assertEqual(told(), (False, True, False))
        debtor.with_company(self.company).recovery_check_until = today - timedelta(days=3)
        self.assertEqual(told(), (True, False, today - timedelta(days=3)))
        debtor.with_company(self.north).recovery_check_until = today + timedelta(days=3)
        self.assertEqual(told(), (False, False, today + timedelta(days=3)))
        self.assertEqual(seen.search([("recovery_check_in_force", "=", today + timedelta(days=3))]), debtor)
        ordered = seen.search([("recovery_check_in_force", "!=", False)], order="recovery_check_in_force")
        self.assertEqual(ordered.ids, self.debtor.ids)
