"""Segments of debtors: by declared rules, kept every night, and what chooses its debtors by them."""

import operator
import random
from datetime import timedelta

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .solvency_common import TODAY, SolvencyCommon, ago

COMPARE = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}


def reference(segments, measures, names, before):
    """The segment of each debtor, said in plain Python: the first whose conditions all hold.

    :param segments: (id, prefix of the name that debtors must have, [(figure, comparison, bound)]), in order
    :param measures: {debtor id: {figure: value or None}}
    """
    found = {}
    for debtor, figures in measures.items():
        for segment, prefix, conditions in segments:
            if prefix and not names[debtor].startswith(prefix):
                continue
            if all(
                figures[figure] is not None and COMPARE[comparison](figures[figure], bound)
                for figure, comparison, bound in conditions
            ):
                found[debtor] = segment
                break
    changes = {
        (debtor, before.get(debtor), found.get(debtor))
        for debtor in {*before, *found}
        if before.get(debtor) != found.get(debtor)
    }
    return found, changes


@tagged("post_install", "-at_install")
class TestSegment(SolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules.active = False
        cls.segments = cls.env["recovery.segment"]
        cls.segments.search([]).active = False
        cls.debtor = cls.make_debtor()

    def segment(self, *conditions, **values):
        return self.segments.create(
            {
                "name": "Segment",
                "condition_ids": [
                    Command.create({"measure": measure, "comparison": comparison, "bound": bound})
                    for measure, comparison, bound in conditions
                ],
                **values,
            }
        )

    def renew(self, day=TODAY):
        self.segments._renew(self.company, day)
        self.env.invalidate_all()
        members = self.env["recovery.segment.member"].search([("company_id", "=", self.company.id)])
        return {member.partner_id.id: member.segment_id.id for member in members}

    def changes(self, day):
        found = self.env["recovery.segment.change"].search(
            [("company_id", "=", self.company.id), ("date", "=", day)]
        )
        return {(row.partner_id.id, row.old_id.id or None, row.new_id.id or None) for row in found}

    # -- who is in which -----------------------------------------------------------------------

    def test_the_first_segment_that_fits_has_the_debtor(self):
        self.paid_invoice(self.debtor, 100, due=ago(60), paid=ago(40))
        late = self.segment(("paid_on_time", "lt", 50), ("days_late", "gt", 10), sequence=1)
        self.segment(("turnover", "ge", 0), sequence=2)
        self.renew()
        self.assertEqual(self.debtor.recovery_segment_id, late)
        self.assertEqual(late.member_count, 1)
        late.sequence = 3
        self.renew(TODAY + timedelta(days=1))
        self.assertNotEqual(self.debtor.recovery_segment_id, late)

    def test_a_bound_is_kept_on_both_sides(self):
        self.paid_invoice(self.debtor, 100, due=ago(60), paid=ago(50))
        for comparison, bound, fits in (
            ("ge", 10, True),
            ("ge", 10.01, False),
            ("gt", 10, False),
            ("gt", 9.99, True),
            ("le", 10, True),
            ("le", 9.99, False),
            ("lt", 10, False),
            ("lt", 10.01, True),
        ):
            segment = self.segment(("days_late", comparison, bound))
            self.assertEqual(self.renew().get(self.debtor.id) == segment.id, fits, (comparison, bound))
            segment.unlink()

    def test_a_figure_that_is_not_known_fits_nowhere(self):
        self.invoice(self.debtor, 100)
        self.segment(("days_late", "ge", 0))
        self.assertFalse(self.renew())
        new = self.segment(("relation_months", "lt", 6))
        self.assertEqual(self.renew(), {self.debtor.id: new.id})

    def test_contacts_are_in_the_segment_of_their_debtor(self):
        contact = self.make_debtor("Contact", is_company=False, parent_id=self.debtor.id)
        self.invoice(contact, 100)
        segment = self.segment()
        self.assertEqual(self.renew(), {self.debtor.id: segment.id})
        self.assertEqual(contact.recovery_segment_id, segment)

    def test_a_branch_has_the_segments_of_its_creditor(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.invoice(self.debtor, 100)
        segment = self.segment()
        self.segments._renew(branch, TODAY)
        self.assertEqual(self.debtor.with_company(branch).recovery_segment_id, segment)
        self.assertEqual(self.debtor.with_company(self.company).recovery_segment_id, segment)

    def test_history_keeps_every_change_and_nothing_else(self):
        self.invoice(self.debtor, 100, on=ago(60))
        segment = self.segment()
        self.renew(ago(3))
        self.assertEqual(self.changes(ago(3)), {(self.debtor.id, None, segment.id)})
        self.renew(ago(2))
        self.assertFalse(self.changes(ago(2)))
        segment.active = False
        self.assertFalse(self.renew(ago(1)))
        self.assertEqual(self.changes(ago(1)), {(self.debtor.id, segment.id, None)})

    # -- rules that cannot be used -------------------------------------------------------------

    def test_a_segment_may_not_depend_on_segments(self):
        with self.assertRaisesRegex(ValidationError, "last night"):
            self.segment(debtor_domain="[('recovery_segment_id', '=', 1)]")

    def test_a_bad_rule_keeps_its_debtors_and_somebody_is_asked(self):
        self.invoice(self.debtor, 100, on=ago(60))
        other = self.make_debtor("Other")
        self.invoice(other, 100, on=ago(60))
        bad = self.segment(debtor_domain="[('name', '=', 'Debtor')]", sequence=1)
        rest = self.segment(sequence=2)
        before = self.renew(ago(1))
        self.assertEqual(before, {self.debtor.id: bad.id, other.id: rest.id})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE recovery_segment SET debtor_domain = %s WHERE id = %s", ["[('gone', '=', 1)]", bad.id]
        )
        self.env.invalidate_all()
        with mute_logger("odoo.addons.payment_plan_recovery"):
            self.assertEqual(self.renew(), before)
        asked = self.env["mail.activity"].search([("note", "like", "gone")])
        self.assertEqual(len(asked), 1)

    # -- the reference -------------------------------------------------------------------------

    def test_random_ledgers_say_what_the_reference_says(self):
        draw = random.Random(2026)  # noqa: S311 (stories, no secrets)
        names = {}
        for number in range(12):
            debtor = self.make_debtor(f"{draw.choice(('Alpha', 'Beta'))} {number}")
            names[debtor.id] = debtor.name
            for _invoice in range(draw.randint(0, 4)):
                due = ago(draw.randint(-10, 300))
                move = self.invoice(debtor, draw.randint(10, 900), on=due - timedelta(days=30), due=due)
                if due < TODAY and draw.random() < 0.7:
                    day = min(due + timedelta(days=draw.randint(-5, 40)), TODAY)
                    self.pay(move, move.amount_total, day)
        before = {}
        for night in range(4):
            day = TODAY + timedelta(days=night)
            self.segments.search([]).active = False
            segments = [self.random_segment(draw, sequence) for sequence in range(draw.randint(1, 4))]
            measures = self.env["recovery.solvency.measure"]._measures(self.company, day)
            found, changes = reference(segments, measures, names, before)
            self.assertEqual(self.renew(day), found)
            self.assertEqual(self.changes(day), changes)
            before = found
        self.assertTrue(before, "nobody fitted: the test says nothing")

    def random_segment(self, draw, sequence):
        prefix = draw.choice(("", "Alpha", "Beta"))
        figures = ("days_late", "paid_on_time", "turnover", "open_overdue", "worst_delay", "relation_months")
        conditions = [
            (figure, draw.choice(list(COMPARE)), draw.choice((0, 5, 10, 50, 100, 500)))
            for figure in draw.sample(figures, draw.randint(0, 2))
        ]
        domain = f"[('name', '=like', '{prefix}%')]" if prefix else "[]"
        return self.segment(*conditions, debtor_domain=domain, sequence=sequence).id, prefix, conditions

    def test_many_debtors_take_as_many_queries_as_one(self):
        self.segment(("turnover", "ge", 0))
        self.invoice(self.debtor, 100)
        asked = [self.asked_tonight(ago(9)), self.asked_tonight(ago(8))]
        for number in range(6):
            self.invoice(self.make_debtor(f"Debtor {number}"), 100)
        asked.append(self.asked_tonight(ago(7)))
        self.assertEqual(asked[1], asked[2])

    def asked_tonight(self, day):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.segments._renew(self.company, day)
        return self.env.cr.sql_log_count - before

    # -- what chooses by it --------------------------------------------------------------------

    def test_filters_of_policies_messages_and_portfolios_know_it(self):
        self.invoice(self.debtor, 100)
        other = self.make_debtor("Other")
        segment = self.segment(debtor_domain="[('name', '=', 'Debtor')]")
        self.renew()
        both = self.debtor | other
        for text, kept in (
            (f"[('recovery_segment_id', '=', {segment.id})]", self.debtor),
            (f"[('recovery_segment_id', 'in', [{segment.id}])]", self.debtor),
            (f"[('recovery_segment_id', '!=', {segment.id})]", other),
            ("[('recovery_segment_id', '=', False)]", other),
            ("[('recovery_segment_id.name', '=', 'Segment')]", self.debtor),
        ):
            message = self.env["recovery.message"].create(
                {"name": "Words", "subject": "Words", "debtor_domain": text}
            )
            self.assertEqual(message._filter_keeps("debtor_domain", both), kept, text)
            query = message._filter_query("res.partner", text, self.company)
            found = {debtor for (debtor,) in self.env.execute_query(query)}
            self.assertEqual(found & set(both.ids), set(kept.ids), text)

    def test_the_dunning_policy_is_chosen_by_segment(self):
        self.debtor.email = "debtor@example.com"
        item = self.item(self.invoice(self.debtor, 100, on=ago(60), due=ago(30)))
        segment = self.segment()
        self.renew()
        self.env["recovery.dunning.policy"].search([]).active = False
        spared = {"name": "Spared", "do_not_chase": True}
        self.env["recovery.dunning.policy"].create(
            {**spared, "debtor_domain": f"[('recovery_segment_id', '=', {segment.id})]"}
        )
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": TODAY})
        claim = self.env["recovery.claim"].search([("move_line_id", "=", item.id)])
        self.assertEqual(set(run.explain(claim).values()), {"do_not_chase"})

    def test_a_plan_begins_with_the_limits_of_the_segment(self):
        self.invoice(self.debtor, 100)
        other = self.make_debtor("Other")
        segment = self.segment(debtor_domain="[('name', '=', 'Debtor')]")
        self.renew()
        policies = self.env["recovery.plan.policy"]
        policies.search([]).active = False
        general = policies.create({"name": "General", "sequence": 20})
        long = policies.create({"name": "Long", "sequence": 10, "segment_ids": segment.ids})
        plans = self.env["recovery.plan"].create([{"partner_id": one.id} for one in (self.debtor, other)])
        self.assertEqual(plans.mapped("policy_id"), long | general)
        self.assertEqual([plan.policy_id for plan in plans], [long, general])
        self.company.recovery_plan_policy_id = general
        self.assertEqual(policies._default_for(self.company, self.debtor), long)
        self.assertEqual(policies._default_for(self.company, other), general)

    def test_claims_and_worklist_are_found_and_grouped_by_it(self):
        self.invoice(self.debtor, 100, on=ago(60), due=ago(30))
        segment = self.segment()
        self.renew()
        own = [("partner_id", "=", self.debtor.id)]
        claims = self.env["recovery.claim"]
        self.assertEqual(claims.search([*own, ("segment_id", "=", segment.id)]).segment_id, segment)
        self.assertEqual(claims._read_group(own, ["segment_id"], ["__count"]), [(segment, 1)])
        self.env["recovery.contact"].create(
            {"partner_id": self.debtor.id, "outcome": "Away", "date": ago(2), "date_next": TODAY}
        )
        self.env["recovery.worklist"]._refresh(self.company, TODAY)
        self.assertEqual(self.env["recovery.worklist"].search(own).segment_id, segment)

    def test_shipped_segments_tell_how_debtors_pay(self):
        shipped = self.segments.with_context(active_test=False).search([("id", "!=", False)])
        shipped.active = True
        self.paid_invoice(self.debtor, 100, due=ago(60), paid=ago(60))
        late, new = self.make_debtor("Late"), self.make_debtor("New")
        self.paid_invoice(late, 100, due=ago(60), paid=ago(40))
        self.invoice(new, 100)
        self.renew()
        names = {
            one: self.env.ref(f"payment_plan_recovery.segment_{one}") for one in ("prompt", "chronic", "new")
        }
        self.assertEqual(
            [debtor.recovery_segment_id for debtor in (self.debtor, late, new)],
            [names["prompt"], names["chronic"], names["new"]],
        )
