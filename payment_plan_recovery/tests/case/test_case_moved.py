"""Claims that an entry moves to another account, doubtful debts above all: their case goes on with them."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .case_common import day
from .write_off_common import WriteOffCommon


@tagged("post_install", "-at_install")
class TestCaseMoved(WriteOffCommon):
    def test_a_case_goes_on_with_claims_that_are_doubtful_by_now(self):
        """A part of them, then all: the hold names them from the moment on that they are matched."""
        case = self.open_case(100.0)
        item = case.line_ids.move_line_id
        part = self.doubtful(item, 40.0, on=50)
        rest = self.doubtful(item, 60.0, on=60)
        (part | rest).no_followup = False  # as whoever wants it chased again
        today = (self.today - day(0)).days
        self.assertEqual({self.reason(claim, today) for claim in part | rest}, {"on_hold"})
        self.follow()
        self.assertEqual((case.stage, case.line_ids.move_line_id), ("preparation", item | part | rest))
        self.assertEqual((case.amount_opened, case.amount_residual), (100.0, 100.0))
        again = self.doubtful(part, 40.0, on=70)
        (again + self.credit(case.partner_id, 40.0, account="416000")).reconcile()
        self.follow()
        self.assertEqual((case.stage, case.amount_residual), ("preparation", 60.0))
        (rest + self.credit(case.partner_id, 60.0, account="416000")).reconcile()
        self.follow()
        self.assertEqual((case.stage, case.outcome), ("closed", "paid"))

    def test_a_case_whose_claims_went_where_none_follows_them_is_not_paid(self):
        case = self.open_case(100.0)
        elsewhere = self.env["account.account"].create(
            {"name": "Doubtful", "code": "419999", "account_type": "asset_current", "reconcile": True}
        )
        moved = self.doubtful(case.line_ids.move_line_id, 100.0, on=50, account=elsewhere)
        self.follow()
        self.follow()
        asked = case.activity_ids.filtered(lambda one: moved.move_id.name in (one.summary or ""))
        self.assertEqual((case.stage, len(asked)), ("preparation", 1))
        self.assertIn("where no case follows them", asked.summary)

    def test_an_entry_that_is_undone_leaves_the_case_as_it_was(self):
        for deleted in (False, True):
            case = self.open_case(100.0)
            item = case.line_ids.move_line_id
            moved = self.doubtful(item, 100.0, on=50)
            self.assertEqual(case.line_ids.move_line_id, item | moved)
            if deleted:
                moved.move_id.button_draft()
                moved.move_id.unlink()
            else:
                moved.move_id.line_ids.remove_move_reconcile()
            self.assertEqual((case.line_ids.move_line_id, case.amount_residual), (item, 100.0))

    def test_vat_of_several_claims_that_one_entry_moved(self):
        """Of 120 with 20 of VAT all but 12 was paid, 60 with 10 was moved whole: 2 and 10 are given up."""
        paid, whole = self.taxed(100.0), self.taxed(50.0)
        self.pay(paid, 108.0)
        items = self.item(paid) | self.item(whole)
        moved = self.doubtful(items, 72.0, on=50)
        write_off = self.write_off(paid, tax_recovered=True, line_ids=[])
        write_off.line_ids = [Command.create({"move_line_id": moved.id, "amount": 72.0})]
        write_off.action_ask()
        write_off.action_approve()
        self.assertEqual(self.balances(write_off.move_id), {"416000": -72.0, "445710": 12.0, "654000": 60.0})

    def test_what_was_noted_about_claims_goes_on_with_them(self):
        """A hold, a promise, disputes of a whole and of a part: by night none of them is over, as if it was settled."""
        debtor = self.make_debtor("Doubtful", is_company=True)
        item, part = (self.item(self.invoice(debtor, 100.0)) for _each in range(2))
        about = {"partner_id": debtor.id, "move_line_ids": item.ids}
        hold = self.env["recovery.hold"].create(
            {**about, "kind": "negotiation", "date_until": self.today + timedelta(days=30), "reason": "Talks"}
        )
        promise = self.env["recovery.promise"].create(
            {**about, "amount": 100.0, "date_promised": self.today + timedelta(days=9)}
        )
        disputes = self.env["recovery.dispute"].create(
            [
                {**about, "cause": "goods", "description": "Broken"},
                {**about, "cause": "goods", "description": "Two", "amount": 30.0, "move_line_ids": part.ids},
            ]
        )
        first = self.doubtful(item, 40.0, on=50)
        rest = self.doubtful(item, 60.0, on=60)
        of_part = self.doubtful(part, 100.0, on=60)
        for record in (hold, promise, disputes[0]):
            self.assertEqual(record.move_line_ids, item | first | rest, record._name)
        self.assertEqual((disputes[1].move_line_ids, disputes[1].hold_id.move_line_ids), (of_part, of_part))
        disputes._close_settled()
        promise.action_judge()
        self.assertEqual((*disputes.mapped("state"), promise.state), ("open", "open", "open"))

    def test_vat_of_a_claim_that_was_moved_to_doubtful_debts(self):
        """It stands on the invoice: of a part that is given up, its share."""
        move = self.taxed(500.0)
        moved = self.doubtful(self.item(move), 600.0, on=50)
        write_off = self.write_off(move, tax_recovered=True, line_ids=[])
        write_off.line_ids = [Command.create({"move_line_id": moved.id, "amount": 300.0})]
        write_off.action_ask()
        write_off.action_approve()
        self.assertEqual(
            self.balances(write_off.move_id), {"416000": -300.0, "445710": 50.0, "654000": 250.0}
        )
