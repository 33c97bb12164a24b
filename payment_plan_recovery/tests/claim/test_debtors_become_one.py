"""Two debtors become one, and both have what a debtor has once: nothing is refused, and nothing else is lost."""

from odoo import Command, fields
from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestDebtorsBecomeOne(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.make_policy({"trigger": "due_date", "delay_days": 5})
        cls.person = cls.make_debtor("Jean Dupont", is_company=False)
        cls.firm = cls.make_debtor("Dupont SARL", is_company=True)
        cls.provider = cls.env["recovery.rating.provider"].create({"name": "Agency"})

    def kept(self, model, debtor, **values):
        return (
            self.env[model].sudo().create({"partner_id": debtor.id, "company_id": self.company.id, **values})
        )

    def merge(self, leaving, into):
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge((leaving + into).ids, into)
        self.env.invalidate_all()

    def become_contact(self):
        self.person.parent_id = self.firm

    def promise(self, debtor, **values):
        told = {
            "amount": 100.0,
            "currency_id": self.currency.id,
            "date_given": day(0),
            "date_promised": day(300),
        }
        return self.kept("recovery.promise", debtor, **told, **values)

    def hold(self, debtor, **values):
        told = {"date_from": day(0), "date_until": fields.Date.add(fields.Date.today(), days=400)}
        return self.kept("recovery.hold", debtor, reason="Ill", **told, **values)

    # -- what a debtor has once ----------------------------------------------------------------

    def test_ratings_and_accounts_of_both_stay(self):
        for debtor, rating, equity in ((self.person, "C", 1.0), (self.firm, "A", 2.0)):
            for date in (day(0), day(1 if debtor == self.person else 2)):
                self.kept("recovery.rating", debtor, provider_id=self.provider.id, date=date, rating=rating)
                self.kept("recovery.financial.statement", debtor, date_end=date, equity=equity)
        self.merge(self.person, self.firm)
        ratings = self.env["recovery.rating"].search([("partner_id", "=", self.firm.id)], order="date")
        self.assertEqual(
            ratings.mapped("rating"), ["A", "C", "A"], "of one day that of the debtor that stays"
        )
        accounts = self.env["recovery.financial.statement"].search(
            [("partner_id", "=", self.firm.id)], order="date_end"
        )
        self.assertEqual(accounts.mapped("equity"), [2.0, 1.0, 2.0])

    def test_of_several_that_go_the_latest_stands(self):
        other = self.make_debtor("J. Dupont", is_company=False)
        for debtor, rating in ((self.person, "C"), (other, "B")):
            self.kept("recovery.rating", debtor, provider_id=self.provider.id, date=day(0), rating=rating)
        self.merge(self.person + other, self.firm)
        ratings = self.env["recovery.rating"].search([("partner_id", "=", self.firm.id)])
        self.assertEqual(ratings.mapped("rating"), ["B"])

    def grants(self, *states):
        incentive = self.env["recovery.incentive"].create({"name": "More credit", "limit_percent": 10})
        told = {"incentive_id": incentive.id, "date_proposed": day(0)}
        return [
            self.kept("recovery.incentive.grant", debtor, state=state, **told)
            for debtor, state in zip((self.person, self.firm), states, strict=True)
        ]

    def test_incentives_of_both(self):
        for become_one in (self.become_contact, lambda: self.merge(self.person, self.firm)):
            for states, after in (
                (("proposed", "granted"), ("refused", "granted")),
                (("granted", "proposed"), ("withdrawn", "proposed")),
                (("withdrawn", "granted"), ("withdrawn", "granted")),
                (("granted", "withdrawn"), ("granted", "withdrawn")),
            ):
                with self.subTest(states=states), self.env.cr.savepoint() as savepoint:
                    his, theirs = self.grants(*states)
                    become_one()
                    self.assertEqual((his.state, theirs.state), after)
                    self.assertEqual((his + theirs).partner_id, self.firm)
                    if states != after:
                        self.assertIn("Dupont SARL", his.decision_reason)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_documents_of_both_had_passed_the_gate(self):
        for debtor in (self.person, self.firm):
            self.env["recovery.credit.gate"]._pass(self.company, debtor)
        self.merge(self.person, self.firm)
        gates = self.env["recovery.credit.gate"].search([("partner_id", "=", self.firm.id)])
        self.assertEqual(len(gates), 1)

    def test_every_model_that_has_something_once_of_a_debtor_makes_room(self):
        """From the database: an index that Odoo's merge does not see, or that makes it delete what a debtor had."""
        self.env.cr.execute(
            """
            SELECT relation.relname
              FROM pg_index held
              JOIN pg_class relation ON relation.oid = held.indrelid
              JOIN pg_attribute attribute
                ON attribute.attrelid = relation.oid AND attribute.attnum = ANY(held.indkey)
             WHERE held.indisunique AND relation.relname LIKE 'recovery\\_%' AND attribute.attname = 'partner_id'
            """
        )
        once = {name for (name,) in self.env.cr.fetchall()}
        makes_room = {
            self.env[name]._table
            for name in self.registry.descendants(["recovery.once.of.debtor"], "_inherit")
        }
        # found anew every night, of the debtors there are
        derived = {"recovery_segment_member", "recovery_worklist"}
        self.assertEqual(once - derived, makes_room - {"recovery_once_of_debtor"})

    # -- promises and holds ------------------------------------------------------------------

    def test_both_had_promised_whatever_they_owed(self):
        his, theirs = self.invoice(self.person), self.invoice(self.firm)
        hers, ours = self.promise(self.person), self.promise(self.firm)
        self.become_contact()
        self.assertEqual((hers.partner_id, ours.partner_id), (self.firm, self.firm))
        self.assertEqual((hers.move_line_ids, ours.move_line_ids), (self.item(his), self.item(theirs)))
        self.assertEqual((hers.state, ours.state), ("open", "open"))

    def test_he_had_promised_an_invoice_and_they_everything(self):
        his, theirs = self.invoice(self.person), self.invoice(self.firm)
        hers = self.promise(self.person, move_line_ids=[Command.set(self.item(his).ids)])
        ours = self.promise(self.firm)
        self.become_contact()
        self.assertEqual((hers.move_line_ids, ours.move_line_ids), (self.item(his), self.item(theirs)))

    def test_they_promised_and_owe_nothing(self):
        his = self.invoice(self.person)
        hers, ours = self.promise(self.person), self.promise(self.firm)
        self.become_contact()
        self.assertEqual((hers.state, hers.partner_id, ours.state), ("open", self.firm, "cancelled"))
        self.assertEqual(self.reason(his, 5), "on_hold")

    def test_he_promised_and_owes_nothing(self):
        theirs = self.invoice(self.firm)
        hers = self.promise(self.person)
        self.become_contact()
        self.assertEqual((hers.state, hers.partner_id), ("cancelled", self.firm))
        self.assertEqual(self.reason(theirs, 400), "selected", "nobody promised what the company owes")

    def test_he_is_held_and_owes_nothing(self):
        theirs = self.invoice(self.firm)
        hold = self.hold(self.person)
        later = (fields.Date.today() - day(0)).days + 1
        self.assertEqual(self.reason(theirs, later), "selected")
        self.become_contact()
        self.assertEqual((hold.partner_id, hold.date_until), (self.firm, fields.Date.today()))
        self.assertEqual(self.reason(theirs, later), "selected", "what the company owes is not held for him")

    def test_merged_into_a_contact_of_who_promised_everything(self):
        contact = self.make_debtor("Jean", parent_id=self.firm.id)
        his, theirs = self.invoice(self.person), self.invoice(self.firm)
        hers, ours = self.promise(self.person), self.promise(self.firm)
        self.merge(self.person, contact)
        self.assertEqual((hers.move_line_ids, ours.move_line_ids), (self.item(his), self.item(theirs)))
