"""The figures of a company with two branches, in two currencies, beside a sister company: each told again by hand.

Claims and acts are drawn; told together, by company, person, segment, country, debtor and cause, and opened.
"""

from datetime import date, timedelta
from random import Random

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..plan.plan_branch_common import PlanBranchCommon
from . import kpi_reference as reference
from .kpi_acts_drawn import PRICES, DrawnActs
from .kpi_ledger import DrawnLedger
from .proved import Proved

FIRST, LAST = date(2026, 2, 1), date(2026, 3, 31)
SEED = 12


@tagged("post_install", "-at_install")
class TestKpiBranches(DrawnLedger, DrawnActs, Proved, PlanBranchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        countries = cls.env["res.country"].search([], limit=2)
        cls.debtors = cls.env["res.partner"].create(
            [
                {"name": name, "country_id": country.id, "property_payment_term_id": False}
                for name in ("Durand", "Petit", "Leroy")
                for country in countries
            ]
        )
        cls.foreign = cls.setup_other_currency("HRK", rates=[(str(day), rate) for day, rate in cls.RATES])
        cls.journal_general = cls.company_data["default_journal_misc"]
        cls.loss = cls.company_data["default_account_expense"]
        cls.kpi = cls.env["recovery.kpi"].with_company(cls.company)
        cls.branches = cls.company | cls.north | cls.south
        cls.acts = []
        cls.tell_apart()
        cls.invoice(999, company_id=cls.sister.id, partner_id=cls.debtors[0].id)

    @classmethod
    def tell_apart(cls):
        """Two collectors, who have the debtors of one name each; two classes; what things cost."""
        cls.clerks = [cls.works(name, "user") for name in ("Durand", "Petit")]
        cls.env["recovery.portfolio"].search([]).active = False
        cls.env["recovery.portfolio"].create(
            [
                {"name": who.login, "user_id": who.id, "debtor_domain": [("name", "=", who.login)]}
                for who in cls.clerks
            ]
        )
        classes = cls.env["recovery.risk.class"].sudo()
        cls.classes = classes.create([{"code": code, "name": code} for code in ("T", "U")])
        for number, debtor in enumerate(cls.debtors.sudo()):
            debtor.with_company(cls.company).recovery_risk_class = (*cls.classes, classes)[number % 3]
        cls.declare_prices()

    @classmethod
    def works(cls, login, role):
        return new_test_user(
            cls.env,
            login,
            groups=f"payment_plan_recovery.group_recovery_{role}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.branches.ids)],
        )

    @classmethod
    def books(cls, draw):
        return draw.choice(cls.branches)

    @classmethod
    def draw_what_happens(cls, draw, move):
        """Besides: paid and taken back, or paid on the last day."""
        fate = draw.random()
        if fate < 0.15:
            return [cls.booked(cls.item(move), 1, max(LAST, move.invoice_date), "bank")]
        if fate < 0.3:
            day = min(max(move.invoice_date_due, move.invoice_date), LAST)
            entry = cls.book(cls.item(move), 1, day, "bank")
            entry._reverse_moves([{"date": day + timedelta(days=draw.randrange(20))}], cancel=True)
            return []
        return super().draw_what_happens(draw, move)

    def expected(self, debtors, companies):
        """The figures of what these companies are owed by these debtors, and of what happened with them there."""
        claims, sales = self.facts(debtors, companies, LAST)
        theirs = [act for act in self.acts if act.debtor in debtors.ids]
        acts = [act for act in theirs if act.company in companies.ids]
        holds = [act for act in theirs if act.kind == "hold"]
        return {
            **reference.figures(claims, sales, FIRST, LAST),
            **reference.Acts(PRICES, FIRST, LAST).told(acts, claims, holds),
            "at_risk": reference.at_risk(claims, self.chances, LAST),
        }

    def foresee(self):
        """Keep {item id: chance to be paid within 90 days of the last day} of the ledger as it is."""
        foreseen = self.env["recovery.forecast"].with_company(self.company).predict(LAST)
        self.chances = {item: found.chances[90] for item, found in foreseen.items()}

    def assert_same(self, found, debtors, companies, what):
        for code, pair in self.expected(debtors, companies).items():
            with self.subTest(what, figure=code):
                told = found.get(code)
                self.assertAlmostEqual(told.numerator if told else 0, pair[0], 1)
                self.assertAlmostEqual(told.denominator if told else 0, pair[1], 1)

    def test_each_figure_is_the_same_told_by_hand(self):
        draw = Random(SEED)  # noqa: S311 drawn again from the seed, not secret
        self.random_ledger(draw)
        everybody = self.debtors | self.debtor
        self.acts = self.draw_acts(draw)
        self.foresee()
        self.assert_same(self.kpi.figures(FIRST, LAST)[None], everybody, self.branches, "all")
        told = self.kpi.figures(FIRST, LAST, by="company")
        self.assertLessEqual(set(told), set(self.branches.ids))
        for branch in self.branches:
            self.assert_same(told[branch.id], everybody, branch, branch.name)
        self.told_by_debtors(everybody)
        known = set(self.kpi.figures(FIRST, LAST)[None])
        self.assertEqual(known - set(self.expected(everybody, self.branches)), {"dso", "time_median"})
        self.opened()
        self.shown()

    def told_by_debtors(self, everybody):
        """What is told by whose debtors they are, by their class, country, cause and name."""
        dimensions = ("person", "segment", "country", "cause", "debtor")
        told_by = self.kpi._figures_by(self.kpi._scope(FIRST, LAST), dimensions)
        for by, key_of in (
            ("person", lambda debtor: {who.login: who.id for who in self.clerks}.get(debtor.name)),
            (
                "segment",
                lambda debtor: debtor.sudo().with_company(self.company).recovery_risk_class.id or None,
            ),
            ("country", lambda debtor: debtor.country_id.id or None),
            ("cause", self.cause_of),
            ("debtor", lambda debtor: debtor.id),
        ):
            told = told_by[by]
            groups = everybody.grouped(key_of)
            self.assertLessEqual(set(told), set(groups), by)
            for key, debtors in groups.items():
                self.assert_same(told.get(key, {}), debtors, self.branches, f"{by} {key}")

    def cause_of(self, debtor):
        """The cause noted last, by a dispute before an interaction of the same day, None when none was."""
        noted = [
            (one[day], -rank, one.id, one.cause_id.id)
            for rank, (model, day) in enumerate(
                (("recovery.dispute", "date_opened"), ("recovery.contact", "date"))
            )
            for one in self.env[model].search([("partner_id", "=", debtor.id), (day, "<=", LAST)])
            if one.cause_id
        ]
        return max(noted)[-1] if noted else None

    # -- what it is made of ----------------------------------------------------------------

    def opened(self):
        """Every figure, of whomever it may be: what it opens adds up to it, to the cent."""
        whom = [
            {},
            *({"company": branch.id} for branch in self.branches),
            *({"person": who.id} for who in self.clerks),
            {"person": self.clerks[0].id, "company": self.north.id},
            {"segment": self.classes[0].id, "country": self.debtors.country_id[0].id},
            {"debtor": self.debtors[2].id},
            {"cause": self.env.ref("payment_plan_recovery.cause_cash").id},
            {"person": None},
        ]
        for only in whom:
            told = self.kpi.figures(FIRST, LAST, only=only)[None]
            self.assertEqual(set(told), set(self.env["recovery.figure"]._things()))
            for code, figure in told.items():
                with self.subTest(figure=code, only=only):
                    window = self.kpi.action_proof(code, FIRST, LAST, only)
                    rows = self.env["recovery.kpi.proof"].search(window["domain"])
                    self.assertEqual(round(sum(rows.mapped("numerator")), 2), round(figure.numerator, 2))
                    self.assertEqual(round(sum(rows.mapped("denominator")), 2), round(figure.denominator, 2))
                    if "company" in only:
                        self.assertLessEqual(set(rows.company_id.ids), {only["company"]})

    def seen_by(self, user, model):
        """As somebody sees it who works for the creditor, not for its sister."""
        return super().seen_by(user, model).with_context(allowed_company_ids=self.branches.ids)

    def shown(self):
        """The dashboard of a manager, and of a collector, whatever is chosen: every number opens its proof."""
        days = {"period": "own", "date_from": FIRST, "date_to": LAST}
        manager, clerk = self.works("manages", "manager"), self.clerks[0]
        country, of_class = self.debtors.country_id[0], self.classes[0]
        for branch in self.branches:
            self.env["recovery.worklist"].sudo()._refresh(branch, LAST)
        self.env["recovery.forecast.line"].sudo()._keep(self.company, LAST)
        for user, asked in (
            (manager, {}),
            (manager, {"company": self.north.id}),
            (manager, {"segment": of_class.id}),
            (manager, {"country": country.id, "company": self.south.id}),
            (clerk, {}),
            (clerk, {"country": country.id, "segment": of_class.id}),
        ):
            with self.subTest(user=user.login, asked=asked):
                data = self.seen_by(user, "recovery.dashboard").data({**days, **asked})
                self.assertEqual(
                    data["asked"]["only"], {**({} if user == manager else {"person": user.id}), **asked}
                )
                for kind in ("companies", "segments", "countries"):
                    self.assertTrue(data["choices"][kind], kind)
                self.counted = 0
                self.prove(user, data)
                self.assertGreater(self.counted, 15, "the ledger has too little to prove")
                self.waits_for(data, asked)

    def waits_for(self, data, asked):
        """What waits is of the branch, class and country that are looked at."""
        for row in data["waiting"]:
            for waiting in self.env["recovery.worklist"].search(row["domain"]):
                debtor = waiting.partner_id.sudo().with_company(self.company)
                told = {
                    "company": waiting.company_id.id,
                    "segment": debtor.recovery_risk_class.id,
                    "country": debtor.country_id.id,
                }
                self.assertEqual({by: told[by] for by in asked}, asked)

    def test_who_works_in_a_branch_is_told_of_it_alone(self):
        self.random_ledger(Random(SEED))  # noqa: S311
        self.foresee()
        seen = self.as_worker(self.env["recovery.kpi"], self.south).figures(FIRST, LAST)[None]
        self.assert_same(seen, self.debtors | self.debtor, self.south, "south")

    def dispute(self, company, *moves):
        return self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": company.id,
                "kind": "dispute",
                "move_line_ids": self.item(*moves).ids if moves else [],
                "date_from": "2026-03-11",
                "date_review": "2026-05-01",
                "reason": "Wrong flour",
            }
        )

    def disputed(self, kpi):
        return kpi.figures(FIRST, LAST, codes=["disputed"])[None]["disputed"]

    def test_what_is_disputed_is_so_in_whichever_branch_that_is_kept(self):
        hold = self.dispute(self.company, self.northern)
        self.assertEqual(self.disputed(self.kpi), (0.4, 120, 300))
        of_north = self.as_worker(self.env["recovery.kpi"], self.north)
        self.assertEqual(self.disputed(of_north), (1, 120, 120), "kept with the creditor")
        hold.unlink()
        self.dispute(self.sister)
        self.assertEqual(self.disputed(self.kpi), (0, 0, 300), "a sister's dispute is not ours")
        self.dispute(self.company)
        self.assertEqual(
            self.disputed(self.kpi), (1, 300, 300), "everything that the debtor owes the creditor"
        )
