"""Every act on a case and on a write-off, from every state, by every role: done, or refused in which words."""

import re
from contextlib import suppress
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .case_common import CaseCommon

GROUPS = {
    "reader": "account.group_account_readonly",
    "collector": "payment_plan_recovery.group_recovery_user",
    "manager": "payment_plan_recovery.group_recovery_manager",
}
CLOSED = "is closed"
NO_RIGHT = "not allowed|You are not|access|Ask a Recovery manager|Use the buttons"
#: The constraint that the client shows as “… use the buttons”.
BY_BUTTONS = "recovery_case_closed_has_outcome"
#: act on a case → what it is refused with, by (stage, role), the more general ones last; nothing: it is done.
CASE = {
    "weigh": {"closed": CLOSED},
    "agree": {"closed": CLOSED},
    "give_up": {"closed": CLOSED},
    "write_off": {"closed": CLOSED},
    "irrecoverable": {"collector": "Ask a Recovery manager", "closed": CLOSED},
    "begin": {"closed": CLOSED, "insolvency": "suits stop"},
    "entrust": {"closed": CLOSED, "insolvency": "insolvency"},
    "close_by_hand": dict.fromkeys(("preparation", "amicable", "court", "title", "insolvency"), BY_BUTTONS),
    "open_again": {"closed": BY_BUTTONS},
    "name_outcome": dict.fromkeys(("collector", "manager"), "Use the buttons"),
}
#: The same of a write-off of more than the ceiling, drafted and asked for by the first manager.
WRONG = "not in the state"
WRITE_OFF = {
    "ask": dict.fromkeys(("asked", "booked", "reversed"), WRONG),
    "approve": {
        **dict.fromkeys(("draft", "booked", "reversed"), WRONG),
        "collector": "Ask a Recovery manager",
        "manager": "somebody else",
    },
    "reverse": {
        **dict.fromkeys(("draft", "asked", "reversed"), WRONG),
        "collector": "Ask a Recovery manager",
        "manager": "somebody else",
    },
    "change_line": dict.fromkeys(("asked", "booked", "reversed"), "while it is a draft only"),
    "delete": dict.fromkeys(("booked", "reversed"), "stays on file"),
    "state_by_hand": dict.fromkeys(("collector", "manager", "other"), "Use the buttons"),
}
LEADS_TO = {"ask": "asked", "approve": "booked", "reverse": "reversed"}


class TriedError(Exception):
    """What was tried is rolled back."""


@tagged("post_install", "-at_install")
class TestCaseTransitions(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls.user(role, group) for role, group in GROUPS.items()}
        cls.users["other"] = cls.user("other", GROUPS["manager"])
        cls.stages = dict(cls.env["recovery.case"]._fields["stage"].selection)
        cls.agency = cls.env["recovery.mandate"].create(
            {
                "name": "Mandate",
                "partner_id": cls.company.partner_id.id,
                "company_id": cls.company.id,
                "currency_id": cls.currency.id,
            }
        )
        cls.company.recovery_write_off_account_id = cls.env["account.account"].create(
            {"name": "Losses", "code": "654000", "account_type": "expense"}
        )

    @classmethod
    def user(cls, role, group):
        own = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        return new_test_user(cls.env, f"transition-{role}", groups=group, **own)

    def tried(self, act, told):
        """Return what ``told()`` says after ``act()``, or the words it is refused with; then all is as before."""
        found = []
        try:
            with suppress(TriedError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                act()
                found.append(told())
                raise TriedError
        except (UserError, IntegrityError) as error:
            found.append(str(error))
        self.env.invalidate_all()
        return found[0]

    def words(self, refusals, state, role):
        """The words that an act is refused with; of two reasons whichever is found first may be said."""
        found = [refusals[key] for key in (state, role) if key in refusals]
        return "|".join([NO_RIGHT, *found] if role == "reader" else found)

    # -- a case ------------------------------------------------------------------------------------

    def case_in(self, stage):
        case = self.open_case(1000.0)
        case.action_weigh()
        if stage == "closed":
            case.action_give_up()
        elif stage == "insolvency":
            case.write({"date_published": self.today, "way": "insolvency", "stage": stage})
        else:
            case.stage = stage
        self.assertEqual(case.stage, stage)
        return case

    def acts(self, case):
        option = case.option_ids.filtered(lambda option: option.procedure_id == self.order)
        agency = self.agency.with_env(case.env)
        return {
            "weigh": case.action_weigh,
            "agree": case.action_agree,
            "give_up": case.action_give_up,
            "write_off": case.action_write_off,
            "irrecoverable": case.action_irrecoverable,
            "begin": option.action_begin,
            "entrust": lambda: case._entrust(agency),
            "close_by_hand": lambda: self.write_now(case, stage="closed"),
            "open_again": lambda: self.write_now(case, stage="court"),
            "name_outcome": lambda: self.write_now(case, outcome="paid"),
        }

    def write_now(self, record, **values):
        record.write(values)
        record.flush_recordset()

    def test_each_act_on_a_case(self):
        tries, wrong = 0, []
        for stage, _label in self.env["recovery.case"]._fields["stage"].selection:
            case = self.case_in(stage)
            for role in GROUPS:
                for name, act in self.acts(case.with_user(self.users[role])).items():
                    tries += 1
                    if name == "close_by_hand" and stage == "closed":
                        continue
                    found = self.tried(act, lambda case=case: case.sudo().stage)
                    words = self.words(CASE[name], stage, role)
                    if not (re.search(words, found) if words else found in self.stages):
                        wrong.append((stage, role, name, found, words))
            self.assertEqual(case.stage, stage, "nothing that was tried is left")
        self.assertFalse(wrong)
        self.assertEqual(tries, 6 * len(GROUPS) * len(CASE))

    def test_insolvency_and_title_from_each_stage(self):
        """An insolvency takes a running case over; a title is told to the invoices, and taken back."""
        for stage, _label in self.env["recovery.case"]._fields["stage"].selection:
            with self.subTest(stage=stage):
                case = self.case_in(stage)
                move = case.line_ids.move_id
                case.date_title = self.today
                self.assertEqual(move.recovery_judgment_date, self.today)
                case.date_title = False
                self.assertFalse(move.recovery_judgment_date)
                cases = self.env["recovery.case"]._publish(case.partner_id, self.company, self.today)
                self.assertEqual(set(cases.mapped("stage")), {"insolvency"})
                self.assertEqual(case in cases, stage != "closed")
                self.assertEqual(cases.line_ids.move_id, move)

    # -- a write-off -------------------------------------------------------------------------------

    def write_off_in(self, state):
        """A write-off that came to ``state`` by the acts of two managers, the first of whom drafted it."""
        debtor = self.make_debtor("Gone", is_company=True)
        item = self.item(self.invoice(debtor, 100.0))
        mine = self.env["recovery.write.off"].with_user(self.users["manager"])
        write_off = mine.create(
            {
                "partner_id": debtor.id,
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "reason": "cost",
                "line_ids": [(0, 0, {"move_line_id": item.id})],
            }
        )
        if state != "draft":
            write_off.action_ask()
        if state in ("booked", "reversed"):
            write_off.with_user(self.users["other"]).action_approve()
        if state == "reversed":
            write_off.with_user(self.users["other"]).action_reverse()
        self.assertEqual(write_off.state, state)
        return write_off

    def test_each_act_on_a_write_off(self):
        wrong = []
        for state, _label in self.env["recovery.write.off"]._fields["state"].selection:
            for role, user in self.users.items():
                write_off = self.write_off_in(state).with_user(user)
                acts = {
                    "ask": write_off.action_ask,
                    "approve": write_off.action_approve,
                    "reverse": write_off.action_reverse,
                    "change_line": lambda own=write_off: self.write_now(own.line_ids, amount=1.0),
                    "delete": write_off.unlink,
                    "state_by_hand": lambda own=write_off: self.write_now(own, state="booked"),
                }
                for name, act in acts.items():
                    found = self.tried(act, lambda own=write_off: own.sudo().exists().state)
                    words = self.words(WRITE_OFF[name], state, role)
                    leads_to = False if name == "delete" else LEADS_TO.get(name, state)
                    if not (re.search(words, str(found)) if words else found == leads_to):
                        wrong.append((state, role, name, found, words))
        self.assertFalse(wrong)

    def test_from_the_entry_to_the_claim_and_back(self):
        """What was given up is not owed; taken back, it is owed in full again, and can be given up anew."""
        write_off = self.write_off_in("booked")
        item = write_off.line_ids.move_line_id
        self.assertTrue(item.reconciled)
        write_off.with_user(self.users["other"]).action_reverse()
        self.assertEqual((item.reconciled, item.amount_residual), (False, 100.0))
        again = write_off.copy()
        again.action_ask()
        again.with_user(self.users["other"]).action_approve()
        self.assertEqual((again.state, write_off.state), ("booked", "reversed"))

    def test_title_limits_anew(self):
        """A title of today is good for ten years (CPCE L111-4), whatever was left of the debt's own limitation."""
        case = self.open_case(1000.0)
        limits = self.env["recovery.limitation"]
        items = case.line_ids.move_line_id
        limits._renew(self.company, self.today)
        before = limits.search([("move_line_id", "in", items.ids)]).expires_on
        case.date_title = self.today
        limits._renew(self.company, self.today)
        after = limits.search([("move_line_id", "in", items.ids)]).expires_on
        self.assertLess(before, after)
        self.assertGreater(after, self.today + timedelta(days=3650))
