"""A person becomes a contact of a company, or is merged into one: what was kept about him still covers his invoices."""

from odoo import fields
from odoo.tests import tagged

from ..dunning.dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestDebtorChange(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.make_policy({"trigger": "due_date", "delay_days": 5})
        cls.person = cls.make_debtor("Jean Dupont", is_company=False)
        cls.firm = cls.make_debtor("Dupont SARL", is_company=True)
        cls.his = cls.invoice(cls.person, 100.0)
        cls.firm_s = cls.invoice(cls.firm, 500.0)

    def hold(self, **values):
        return self.env["recovery.hold"].create(
            {
                "partner_id": self.person.id,
                "kind": "dispute",
                "date_from": day(0),
                "date_until": day(400),
                "reason": "Wrong goods",
                **values,
            }
        )

    def promise(self, **values):
        return self.env["recovery.promise"].create(
            {
                "partner_id": self.person.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "amount": 100.0,
                "date_given": day(0),
                "date_promised": day(300),
                **values,
            }
        )

    def become_contact(self):
        self.person.parent_id = self.firm
        self.assertEqual(self.person.commercial_partner_id, self.firm)

    def merge(self, into):
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.person + into).ids, into)
        self.env.invalidate_all()

    def reasons(self, on=5):
        return [self.reason(move, on) for move in (self.his, self.firm_s)]

    def test_before(self):
        self.hold()
        self.assertEqual(self.reasons(), ["on_hold", "selected"])

    def test_hold_of_a_person_who_becomes_a_contact(self):
        hold = self.hold()
        self.become_contact()
        self.assertEqual(self.reasons(), ["on_hold", "selected"], "his invoice, and not the company's own")
        self.assertEqual(hold.partner_id, self.firm)
        self.assertIn("belongs to Dupont SARL", hold.message_ids[0].body)

    def test_hold_when_the_company_owes_nothing_else(self):
        self.pay(self.firm_s, 500.0)
        self.hold()
        self.become_contact()
        self.assertEqual(self.reasons()[0], "on_hold")
        later = self.invoice(self.person, 50.0)
        self.assertEqual(self.reason(later, 5), "on_hold", "the whole debtor was held")

    def test_hold_on_an_item(self):
        other = self.invoice(self.person, 70.0)
        self.hold(move_line_ids=self.item(self.his).ids)
        self.become_contact()
        self.assertEqual([*self.reasons(), self.reason(other, 5)], ["on_hold", "selected", "selected"])

    def test_hold_of_a_person_merged_into_a_company(self):
        hold = self.hold()
        self.merge(self.firm)
        self.assertEqual(self.reasons(), ["on_hold", "on_hold"], "it is one debtor, and it is held")
        self.assertEqual(hold.partner_id, self.firm)

    def test_hold_of_a_person_merged_into_a_contact_of_a_company(self):
        contact = self.make_debtor("Jean", parent_id=self.firm.id)
        hold = self.hold()
        self.merge(contact)
        self.assertEqual(hold.partner_id, self.firm)
        self.assertEqual(self.reasons()[0], "on_hold")

    def test_contact_that_leaves_a_held_company(self):
        self.become_contact()
        hold = self.hold(partner_id=self.firm.id)
        self.person.parent_id = False
        self.assertEqual(self.reasons(), ["on_hold", "on_hold"])
        self.assertEqual(hold.partner_id, self.firm)

    def test_dispute(self):
        for change in (
            self.become_contact,
            lambda: self.merge(self.make_debtor("Jean", parent_id=self.firm.id)),
        ):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                dispute = self.env["recovery.dispute"].create(
                    {
                        "partner_id": self.person.id,
                        "company_id": self.company.id,
                        "move_line_ids": self.item(self.his).ids,
                        "cause": "price",
                        "description": "Too dear",
                        "date_opened": day(0),
                    }
                )
                change()
                self.assertEqual((dispute.partner_id, dispute.hold_id.partner_id), (self.firm, self.firm))
                self.assertEqual(self.reasons(), ["on_hold", "selected"])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_promise(self):
        promise = self.promise()
        self.become_contact()
        self.assertEqual(self.reasons(), ["on_hold", "selected"])
        self.assertEqual((promise.partner_id, promise.hold_id.partner_id), (self.firm, self.firm))
        self.assertEqual(promise.move_line_ids, self.item(self.his))

    def test_promise_merged(self):
        contact = self.make_debtor("Jean", parent_id=self.firm.id)
        promise = self.promise(move_line_ids=self.item(self.his).ids)
        self.merge(contact)
        self.assertEqual((promise.partner_id, promise.hold_id.partner_id), (self.firm, self.firm))
        self.assertEqual(self.reasons(), ["on_hold", "selected"])

    def test_do_not_chase(self):
        self.person.recovery_policy_id = self.make_policy(do_not_chase=True)
        for change in (self.become_contact, lambda: self.merge(self.firm)):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                change()
                self.assertEqual(self.reasons()[0], "do_not_chase")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_do_not_chase_against_the_company_s_own_policy(self):
        self.person.recovery_policy_id = self.make_policy(do_not_chase=True)
        self.firm.recovery_policy_id = self.policy
        self.merge(self.firm)
        self.assertEqual(self.reasons(), ["do_not_chase", "selected"])

    def test_limit_and_class(self):
        risky = self.env["recovery.risk.class"].search([], limit=1)
        self.person.sudo().write({"credit_limit": 1000.0, "recovery_risk_class": risky.id})
        self.become_contact()
        self.assertEqual((self.firm.credit_limit, self.firm.sudo().recovery_risk_class), (1000.0, risky))

    def test_limit_of_the_company_stands(self):
        self.person.sudo().credit_limit = 1000.0
        self.firm.sudo().credit_limit = 50.0
        self.become_contact()
        self.assertEqual(self.firm.credit_limit, 50.0)

    def test_levels_go_along(self):
        self.policy.level_ids.copy({"sequence": 99, "trigger": "previous_notice", "delay_days": 10})
        notice = self.run_on(5).notice_ids.filtered(lambda one: one.partner_id == self.person)
        self.become_contact()
        self.assertEqual(notice.partner_id, self.firm)
        self.assertEqual(self.reason(self.his, 14), "waiting_interval")
        self.assertEqual(self.reason(self.his, 15), "selected")

    # Another customer, another day -------------------------------------------------------------

    def two_levels(self):
        second = self.policy.level_ids.copy(
            {"name": "Second", "sequence": 99, "trigger": "previous_notice", "delay_days": 10}
        )
        first = self.policy.level_ids - second
        self.run_on(5)
        return first, second

    def levels(self, move, on):
        run = self.make_run(on)
        run.action_propose()
        run.action_confirm()
        return run.notice_ids.line_ids.filtered(lambda line: line.move_id == move).level_id

    def test_new_customer_starts_at_the_first_level(self):
        first, second = self.two_levels()
        self.his.button_draft()
        self.his.partner_id = self.make_debtor("Successor")
        self.his.action_post()
        self.assertEqual(self.levels(self.his, 20), first)
        self.assertEqual(self.levels(self.firm_s, 21), second.browse(), "it was told on day 20 already")

    def test_company_goes_on_meanwhile(self):
        _first, second = self.two_levels()
        self.assertEqual(self.levels(self.firm_s, 15), second)

    def put_off(self, until):
        self.item(self.his).date_maturity = until

    def test_claim_put_off_starts_again(self):
        first, _second = self.two_levels()
        self.put_off(day(60))
        for on in (15, 20, 60, 64):
            self.assertEqual(self.reason(self.his, on), "not_due", on)
        self.assertEqual(self.levels(self.his, 65), first)

    def test_claim_put_off_starts_again_at_any_trigger(self):
        for trigger in ("due_date", "month_end"):
            with self.subTest(trigger), self.env.cr.savepoint() as savepoint:
                first, _second = self.two_levels()
                first.write({"trigger": trigger, "delay_days": 1})
                self.put_off("2026-12-31")
                last, following = (
                    (fields.Date.to_date(one) - day(0)).days for one in ("2026-12-31", "2027-01-01")
                )
                self.assertEqual(self.reason(self.his, 20), "not_due")
                self.assertEqual(self.reason(self.his, last), "not_due")
                self.assertEqual(self.reason(self.his, following), "selected")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_correction_of_a_day_that_was_past_anyway_starts_nothing_again(self):
        _first, second = self.two_levels()
        self.put_off(day(3))
        self.assertEqual(self.reason(self.his, 14), "waiting_interval")
        self.assertEqual(self.levels(self.his, 15), second)
