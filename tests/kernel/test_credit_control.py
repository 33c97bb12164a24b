"""Who gets more credit: each trigger on both sides of its threshold, and which rules count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import refuses
from tools.credit_control import ACTIONS, TRIGGERS, Rule, Standing, rules_for, verdict

DAY = date(2026, 3, 1)


def action(rule, **standing):
    return verdict((rule,), Standing(**{"exposure": 0, **standing}), DAY).action


class TestTriggers:
    @pytest.mark.parametrize(
        ("exposure", "limit", "expected"),
        [
            (1000, 1000, None),
            ("1000.01", 1000, "block"),
            (10**6, None, None),
            (0, 0, None),
            ("0.01", 0, "block"),
            (-5, 0, None),
        ],
    )
    def test_over_limit(self, exposure, limit, expected):
        assert action(Rule("over_limit", "block"), exposure=exposure, limit=limit) == expected

    @pytest.mark.parametrize(("exposure", "expected"), [(1100, None), ("1100.01", "approve")])
    def test_a_limit_may_be_passed_by_some_percent(self, exposure, expected):
        assert action(Rule("over_limit", "approve", 10), exposure=exposure, limit=1000) == expected

    def test_a_limit_is_passed_by_the_cent(self):
        rule = Rule("over_limit", "block", "2.5")
        assert action(rule, exposure="1025.51", limit="1000.50") is None
        assert action(rule, exposure="1025.52", limit="1000.50") == "block"

    @pytest.mark.parametrize(("days", "expected"), [(0, None), (30, None), (31, "block")])
    def test_days_overdue(self, days, expected):
        assert action(Rule("days_overdue", "block", 30), days_overdue=days) == expected

    @pytest.mark.parametrize(
        ("amount", "expected"), [(0, None), ("499.99", None), (500, None), ("500.01", "inform")]
    )
    def test_amount_overdue(self, amount, expected):
        assert action(Rule("amount_overdue", "inform", 500), amount_overdue=amount) == expected

    def test_of_whom_nothing_is_known_nothing_is_overdue(self):
        assert action(Rule("amount_overdue", "block")) is None
        assert action(Rule("days_overdue", "block")) is None

    @pytest.mark.parametrize(
        ("until", "expected"),
        [
            (DAY, None),
            (DAY - timedelta(days=7), None),
            (DAY - timedelta(days=8), "approve"),
            (None, None),
        ],
    )
    def test_check_expired(self, until, expected):
        assert action(Rule("check_expired", "approve", 7), check_until=until) == expected


class TestWhichRules:
    def test_a_rule_that_names_the_class_replaces_those_for_everybody(self):
        everybody, best = Rule("days_overdue", "block", 30), Rule("days_overdue", "inform", 90, {"A"})
        late = {"exposure": 0, "days_overdue": 45}
        assert verdict((everybody, best), Standing(risk_class="A", **late), DAY).action is None
        assert verdict((everybody, best), Standing(risk_class="B", **late), DAY).action == "block"
        assert verdict((everybody, best), Standing(risk_class=None, **late), DAY).action == "block"

    def test_a_rule_of_the_company_replaces_shared_ones_even_for_a_class(self):
        shared, own = Rule("over_limit", "block", classes={"A"}), Rule("over_limit", "inform", nearness=1)
        assert rules_for((shared, own), "A") == (own,)

    def test_triggers_do_not_replace_each_other(self):
        named, other = Rule("over_limit", "inform", classes={"A"}), Rule("days_overdue", "block", 30)
        assert rules_for((named, other), "A") == (named, other)

    def test_steps_of_one_rank_stand_side_by_side_and_the_strictest_wins(self):
        steps = (Rule("days_overdue", "block", 60), Rule("days_overdue", "inform", 15))
        judged = [verdict(steps, Standing(0, days_overdue=days), DAY) for days in (15, 16, 61)]
        assert [each.action for each in judged] == [None, "inform", "block"]
        assert judged[2].rules == steps


def test_a_natural_person_is_never_refused_by_a_rule_alone():
    rule = Rule("over_limit", "block")
    assert action(rule, exposure=2, limit=1, is_person=True) == "approve"
    assert action(Rule("over_limit", "inform"), exposure=2, limit=1, is_person=True) == "inform"


def test_bad_rules():
    refuses("unknown_choice", Rule, "gut_feeling", "block")
    refuses("unknown_choice", Rule, "over_limit", "shout")
    refuses("not_finite", Rule, "over_limit", "block", "NaN")


RULES = st.lists(
    st.builds(
        Rule,
        st.sampled_from(TRIGGERS),
        st.sampled_from(ACTIONS),
        st.integers(0, 50),
        st.frozensets(st.sampled_from("AB")),
        st.booleans(),
    )
)
STANDINGS = st.builds(
    Standing,
    exposure=st.integers(0, 3000),
    limit=st.none() | st.integers(0, 3000),
    days_overdue=st.integers(0, 100),
    amount_overdue=st.integers(0, 100),
    check_until=st.none() | st.dates(DAY - timedelta(days=100), DAY),
    risk_class=st.sampled_from(["A", "B", "C", None]),
)


@given(RULES, STANDINGS)
def test_the_action_is_that_of_the_strictest_rule_and_every_rule_concerns_the_debtor(rules, standing):
    judged = verdict(rules, standing, DAY)
    assert (judged.action is None) == (not judged.rules)
    assert all(rule.concerns(standing.risk_class) for rule in judged.rules)
    if judged.rules:
        assert ACTIONS.index(judged.action) == max(ACTIONS.index(rule.action) for rule in judged.rules)


@given(RULES, STANDINGS)
def test_the_order_of_rules_does_not_matter(rules, standing):
    assert verdict(rules, standing, DAY).action == verdict(rules[::-1], standing, DAY).action
