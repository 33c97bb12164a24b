"""Declared scorecards: what they refuse to be, and the shipped ones."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .solvency_common import SolvencyCommon


def bands(*bounds):
    """Bands from (lower, upper, points); ``None`` is an open end."""
    return [
        Command.create(
            {
                "has_lower": lower is not None,
                "lower": lower or 0,
                "has_upper": upper is not None,
                "upper": upper or 0,
                "points": points,
            }
        )
        for lower, upper, points in bounds
    ]


@tagged("post_install", "-at_install")
class TestScorecard(SolvencyCommon):
    def criterion(self, name="Lateness", steps=((None, 10, 100), (10, None, 0)), **values):
        return {"name": name, "source": "ledger", "measure": "days_late", "band_ids": bands(*steps), **values}

    def make_card(self, *criteria, **values):
        return self.env["recovery.scorecard"].create(
            {
                "name": "Trial card",
                "criterion_ids": [Command.create(criterion) for criterion in criteria],
                "class_ids": [
                    Command.create({"class_id": self.class_a.id, "from_score": 50, "cap": 1000}),
                    Command.create({"class_id": self.class_e.id, "from_score": 0}),
                ],
                **values,
            }
        )

    def assert_refused(self, *words):
        """Expect a ValidationError that names the card and each of the words."""
        test = self

        class Refused:
            def __enter__(self):
                self.context = test.assertRaises(ValidationError)
                self.caught = self.context.__enter__()

            def __exit__(self, *details):
                done = self.context.__exit__(*details)
                for word in ("Trial card", *words):
                    test.assertIn(word, str(self.caught.exception))
                return done

        return Refused()

    def test_bands_that_leave_a_gap(self):
        with self.assert_refused("Lateness", "no band", "10"):
            self.make_card(self.criterion(steps=((None, 10, 100), (11, None, 0))))

    def test_bands_that_overlap(self):
        with self.assert_refused("Lateness", "two bands", "9"):
            self.make_card(self.criterion(steps=((None, 10, 100), (9, None, 0))))

    def test_a_band_without_values(self):
        with self.assert_refused("Lateness", "no value"):
            self.make_card(self.criterion(steps=((10, 10, 100),)))

    def test_weights_that_sum_to_nothing(self):
        with self.assert_refused("weight above zero"):
            self.make_card(self.criterion(weight=0), self.criterion("Age", weight=0))
        with self.assert_refused("Lateness", "negative"):
            self.make_card(self.criterion(weight=-1))

    def test_a_criterion_twice(self):
        with self.assert_refused("Lateness", "twice"):
            self.make_card(self.criterion(), self.criterion())

    def test_classes_that_contradict_each_other(self):
        with self.assert_refused("twice"):
            self.make_card(
                self.criterion(),
                class_ids=[
                    Command.create({"class_id": self.class_a.id, "from_score": 50}),
                    Command.create({"class_id": self.class_b.id, "from_score": 50}),
                ],
            )

    def test_a_rounding_unit_of_zero(self):
        with self.assert_refused("rounding unit"):
            self.make_card(
                self.criterion(), limit_unit=0, limit_part_ids=[Command.create({"kind": "class_cap"})]
            )

    def test_bounds_move_together_and_alone(self):
        card = self.make_card(self.criterion())
        low, high = card.criterion_ids.band_ids
        card.criterion_ids.write(
            {"band_ids": [Command.update(low.id, {"upper": 20}), Command.update(high.id, {"lower": 20})]}
        )
        with self.assert_refused("Lateness", "no band"):
            low.upper = 15
        with self.assert_refused("Lateness", "two bands"):
            high.lower = 15
        with self.assert_refused("Lateness", "two bands"):
            self.env["recovery.scorecard.band"].create(
                {"criterion_id": card.criterion_ids.id, "lower": 5, "upper": 6}
            )

    def test_removing_a_band_in_the_middle(self):
        card = self.make_card(self.criterion(steps=((None, 10, 100), (10, 20, 50), (20, None, 0))))
        with self.assert_refused("Lateness", "no band"):
            card.criterion_ids.band_ids[1].unlink()

    def test_a_source_without_what_it_needs(self):
        for source in ("ledger", "statement", "rating"):
            with self.assertRaisesRegex(ValidationError, "Lateness"):
                self.make_card(self.criterion(source=source, measure=False))

    def test_questions_are_answered_by_yes_and_no(self):
        question = {"name": "Proceedings?", "source": "question"}
        with self.assertRaisesRegex(ValidationError, r"Proceedings\?.*yes"):
            self.make_card({**question, "answer_ids": [Command.create({"value": "maybe", "points": 5})]})

    def test_a_card_may_be_built_step_by_step(self):
        card = self.env["recovery.scorecard"].create({"name": "Trial card"})
        criterion = self.env["recovery.scorecard.criterion"].create(
            {"scorecard_id": card.id, "name": "Lateness", "source": "ledger", "measure": "days_late"}
        )
        for lower, upper in ((0, 5), (5, 9)):
            self.env["recovery.scorecard.band"].create(
                {"criterion_id": criterion.id, "lower": lower, "upper": upper, "points": 1}
            )
        self.assertEqual(len(card.criterion_ids.band_ids), 2)

    def test_copying_a_card(self):
        copy = self.card.copy()
        self.assertEqual(len(copy.criterion_ids.band_ids), len(self.card.criterion_ids.band_ids))
        self.assertEqual(len(copy.class_ids), 5)

    def test_shipped_cards_judge_any_value(self):
        for card in self.card + self.person_card:
            for criterion in card.criterion_ids:
                if criterion.band_ids:
                    self.assertFalse(criterion.band_ids[0].has_lower, criterion.name)
                    self.assertFalse(criterion.band_ids.sorted("lower")[-1].has_upper, criterion.name)
            self.assertEqual(card.class_ids.mapped("class_id.code"), list("ABCDE"))

    def test_persons_are_judged_by_how_they_pay_only(self):
        self.assertEqual(set(self.person_card.criterion_ids.mapped("source")), {"ledger", "question"})
