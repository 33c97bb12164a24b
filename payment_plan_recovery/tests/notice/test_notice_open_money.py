"""Money received and matched with nothing: what notices ask for, and which of them go."""

from odoo import Command
from odoo.tests import tagged

from ..dunning.dunning_common import day
from .notice_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestNoticeOpenMoney(NoticeCommon):
    """Invoices are due on day 0, the level is reached on day 5, the outbox is drained today."""

    def letters(self, notice):
        return notice.with_context(lang="en_US")._contents()[notice.id]

    def test_total_is_what_nothing_covers(self):
        debtor = self.make_debtor()
        self.invoice(debtor, 1000.0)
        self.credit(debtor, 900.0, on=0)
        notice = self.notify(debtor, amount=50.0)
        content = self.letters(notice)
        self.assertEqual(list(content.totals.values()), [1050.0])
        self.assertEqual(list(content.credits.values()), [900.0])
        self.assertEqual(list(content.balances.values()), [150.0])
        self.assertEqual(notice.amount_total, 150.0)

    def test_a_credit_comes_off_one_of_two_notices(self):
        """One notice for each level: what covers a claim is told where the claim is."""
        self.policy.write(
            {
                "grouping": "level",
                "level_ids": [
                    Command.create(
                        {
                            "name": "Second",
                            "sequence": 9,
                            "trigger": "due_date",
                            "delay_days": 35,
                            "channel_ids": [Command.create({"channel": "email"})],
                        }
                    )
                ],
            }
        )
        self.policy.escalation = "catch_up"
        debtor = self.make_debtor()
        self.invoice(debtor, 300.0, due=-30)
        self.invoice(debtor, 200.0, due=0)
        self.credit(debtor, 100.0, on=0)
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        balances = [
            sum(self.letters(notice).balances.values()) for notice in run.notice_ids.sorted("level_id")
        ]
        self.assertEqual(balances, [200.0, 200.0])

    def test_only_uncovered_claims_decide_the_level(self):
        """The oldest is covered first: its level is asked of nobody."""
        self.policy.write({"escalation": "catch_up"})
        second = self.level.copy({"sequence": 20, "delay_days": 35, "name": "Second"})
        debtor = self.make_debtor()
        old, young = self.invoice(debtor, 5000.0, due=-30), self.invoice(debtor, 3000.0)
        self.assertEqual(self.make_run(5)._judge(self.item(old))[self.item(old).id]["level_id"], second.id)
        self.credit(debtor, 5000.0, on=0)
        run = self.make_run(5)
        run.action_propose()
        self.assertEqual(run.line_ids.move_line_id, self.item(young))
        self.assertEqual(run.line_ids.notice_level_id, self.level)
        self.assert_reasons(old, day5="offset_by_credit")

    def test_four_levels_and_two_credit_notes(self):
        """One is for an invoice of level 2; the free one covers the oldest, of levels 4 and 3, and part of the next."""
        self.policy.escalation = "catch_up"
        self.level.delay_days = 5
        levels = self.level.union(
            *(
                self.level.copy({"name": f"Level {number}", "sequence": 10 * number, "delay_days": delay})
                for number, delay in ((2, 20), (3, 35), (4, 50))
            )
        )
        debtor = self.make_debtor()
        told = ((3000, 50), (10000, 48), (5000, 35), (1500, 34), (1000, 20), (500, 5))
        moves = [self.invoice(debtor, amount, due=due) for amount, due in told]
        self.assertEqual(self._levels_of(moves, levels), [1, 1, 2, 2, 3, 4])
        self.invoice(debtor, -2000.0, due=59, reversed_entry_id=moves[2].id)
        free = self.invoice(debtor, -1999.99, due=59)
        self.assertEqual(self._levels_of(moves, levels), [1, 1, 2, 2, None, None])
        run = self.make_run(60)
        run.action_propose()
        self.assertEqual((run.line_ids.notice_level_id, len(run.line_ids)), (levels[1], 4))
        run.action_confirm()
        lines = {line.move_id: line.amount_residual for line in run.notice_ids.line_ids}
        self.assertEqual([lines.get(move) for move in moves], [3000, 10000, 3000, 1000.01, None, None])
        self.assertEqual(list(self.letters(run.notice_ids).balances.values()), [17000.01])
        run.notice_ids.action_cancel()
        free.button_draft()
        free.invoice_line_ids.price_unit = 1499.99
        free.action_post()
        self.assertEqual(self._levels_of(moves, levels), [1, 1, 2, 2, 3, None], "a cent of it is not covered")

    def _levels_of(self, moves, levels):
        """The number of the level each invoice is told at on day 60; None where nothing is told."""
        run = self.make_run(60)
        run.action_propose()
        told = {line.move_id: list(levels).index(line.level_id) + 1 for line in run.line_ids}
        run.action_cancel()
        return [told.get(move) for move in moves]

    def test_money_of_a_later_day_is_not_there_yet(self):
        debtor = self.make_debtor()
        move = self.invoice(debtor, 100.0)
        self.credit(debtor, 100.0, on=6)
        self.assert_reasons(move, day5="selected", day6="offset_by_credit")

    def test_old_debt_that_is_not_chased_takes_the_money(self):
        debtor = self.make_debtor()
        old = self.invoice(debtor, 500.0, due=-400)
        self.item(old).no_followup = True
        young = self.invoice(debtor, 400.0)
        self.credit(debtor, 500.0, on=0)
        self.assert_reasons(young, day5="selected")
        self.credit(debtor, 400.0, on=0)
        self.assert_reasons(young, day5="offset_by_credit")

    def test_old_debt_of_a_miscellaneous_entry_takes_a_receipt_of_the_bank(self):
        debtor = self.make_debtor()
        accounts = self.env["account.account"].search([("company_ids", "in", self.company.ids)])
        receivable, income = (
            accounts.filtered(lambda one, code=code: one.code == code) for code in ("411000", "707000")
        )
        entry = self.env["account.move"].create(
            {
                "date": "2024-03-31",
                "line_ids": [
                    Command.create({"account_id": receivable.id, "partner_id": debtor.id, "debit": 500}),
                    Command.create({"account_id": income.id, "credit": 500}),
                ],
            }
        )
        entry.action_post()
        self.company.recovery_account_ids = receivable
        self.item(entry).no_followup = True
        young = self.invoice(debtor, 400.0)
        bank = self.env["account.journal"].create({"name": "Bank", "code": "BNK", "type": "bank"})
        self.credit(debtor, 500.0, journal=bank, on=2)
        self.assert_reasons(young, day4="not_due", day5="selected")
        self.credit(debtor, 399.99, journal=bank, on=2)
        self.assert_reasons(young, day5="selected")
        self.credit(debtor, 0.01, journal=bank, on=2)
        self.assert_reasons(young, day5="offset_by_credit")

    def test_paid_while_a_formal_notice_waits_for_approval(self):
        """Asked on day 5, the money comes on day 6, approved on day 7."""
        self.level.needs_approval = True
        paid, unpaid = self.make_debtor("Paid"), self.make_debtor("All but a cent")
        notices = self.notify(paid, unpaid)
        self.assertEqual(notices.mapped("state"), ["draft", "draft"])
        self.credit(paid, 100.0, on=6)
        self.credit(unpaid, 99.99, on=6)
        notices.action_approve()
        postbox = self.drain()
        found = {notice.partner_id: (notice.state, notice.line_ids.drop_reason) for notice in notices}
        self.assertEqual(found, {paid: ("cancelled", "covered"), unpaid: ("sent", False)})
        self.assertEqual(len(postbox.envelopes), 1)

    def test_paid_in_full_unmatched_before_it_goes(self):
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        self.credit(debtor, 100.0, on=6)
        self.drain()
        self.assertEqual((notice.state, notice.line_ids.drop_reason), ("cancelled", "covered"))

    def test_one_cent_less_goes_for_one_cent(self):
        debtor = self.make_debtor()
        notice = self.notify(debtor)
        self.credit(debtor, 99.99, on=6)
        self.drain()
        self.assertEqual((notice.state, notice.line_ids.amount_residual), ("sent", 0.01))

    def test_money_in_another_currency_is_shown_and_asked_about(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        debtor = self.make_debtor()
        self.invoice(debtor, 1000.0, currency=dollar)
        self.credit(debtor, 910.0, on=0)
        notices = self.notify(self.make_debtor("Another"))
        asked = notices.filtered(lambda notice: notice.partner_id == debtor)
        notice = notices - asked
        self.drain()
        self.assertEqual((notice.state, asked.state), ("sent", "draft"))
        self.assertIn("910.00", asked.waiting_money)
        content = self.letters(asked)
        self.assertEqual((content.balances, content.waiting), ({dollar: 1000.0}, {self.currency: 910.0}))
        asked.action_approve()
        self.drain()
        self.assertEqual(asked.state, "sent")

    def test_more_money_after_the_approval_is_asked_about_again(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        debtor = self.make_debtor()
        self.invoice(debtor, 1000.0, currency=dollar)
        self.credit(debtor, 10.0, on=0)
        run = self.make_run(5)
        run.action_propose()
        run.action_confirm()
        self.drain()
        run.notice_ids.action_approve()
        self.credit(debtor, 900.0, on=6)
        self.drain()
        self.assertEqual(run.notice_ids.state, "draft")
        self.assertIn("910.00", run.notice_ids.waiting_money)

    def test_money_of_another_debtor_that_names_the_invoice_is_asked_about(self):
        named, also, other, holding = (
            self.make_debtor(name) for name in ("Named", "Also named", "Other", "Holding")
        )
        notices = self.notify(named, also, other)
        told = {notice.partner_id: notice.line_ids.move_id.name for notice in notices}
        credit = self.credit(holding, 70.0, on=4)
        credit.name = f"PAYS {told[named]}, {told[also]} {told[other]}1"
        self.credit(other, 5.0, on=4).name = f"MINE {told[other]}"
        self.drain()
        asked = named.currency_id.format(70.0)
        self.assertEqual(
            [(notice.partner_id.name, notice.state, notice.waiting_money) for notice in notices.sorted("id")],
            [("Named", "draft", asked), ("Also named", "draft", asked), ("Other", "sent", False)],
        )
        notices.filtered(lambda notice: notice.state == "draft").action_approve()
        self.drain()
        self.assertEqual(set(notices.mapped("state")), {"sent"}, "somebody looked at it")

    def test_money_in_suspense_is_asked_about(self):
        bank = self.env["account.journal"].create({"name": "Bank", "code": "BNK", "type": "bank"})
        bank.suspense_account_id = self.env["account.account"].create(
            {"name": "Suspense", "code": "471000", "account_type": "asset_current"}
        )
        known, named, other = (self.make_debtor(name) for name in ("Known", "Named", "Other"))
        notices = self.notify(known, named, other)
        number = notices.filtered(
            lambda notice: notice.partner_id == named
        ).line_ids.move_line_id.move_id.name
        line = {"journal_id": bank.id, "date": day(4)}
        self.env["account.bank.statement.line"].create(
            [
                {**line, "partner_id": known.id, "amount": 100.0, "payment_ref": "x"},
                # the bank does not say who paid: the memo does
                {**line, "amount": 70.0, "payment_ref": f"TRANSFER MARTIN {number}, thank you"},
                {**line, "amount": 60.0, "payment_ref": f"TRANSFER 1 MARTIN {number}1"},
            ]
        )
        self.drain()
        self.assertEqual(
            [(notice.partner_id.name, notice.state, notice.waiting_money) for notice in notices.sorted("id")],
            [
                ("Known", "draft", known.currency_id.format(100.0)),
                ("Named", "draft", known.currency_id.format(70.0)),
                ("Other", "sent", False),
            ],
        )
