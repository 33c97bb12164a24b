"""A map of bits says of every id what the list of them says."""

from random import Random

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...models.common.id_map import FEW, IdList, IdMap, among


@tagged("post_install", "-at_install")
class TestIdMap(TransactionCase):
    def held(self, ids, asked):
        condition = among(ids).holds_sql(SQL("asked.id"))
        rows = self.env.execute_query(
            SQL("SELECT id FROM unnest(%s::int[]) asked(id) WHERE %s", asked, condition)
        )
        return {record_id for (record_id,) in rows}

    def test_says_what_the_list_says(self):
        random = Random(20261130)  # noqa: S311 drawn again from the seed, not secret
        for count in (0, 1, 7, FEW, FEW + 1, 5 * FEW):
            for span in (count + 1, 9 * count + 8, 400 * count + 8):
                start = random.choice((1, 2, 8, 9, 1_000_000, 2**31 - 1 - span))
                ids = random.sample(range(start, start + span), count)
                # whatever stands near it, and at both ends of what an id can be
                near = {record_id + step for record_id in ids[:300] for step in (-9, -8, -1, 0, 1, 7, 8)}
                asked = sorted(one for one in near | {1, 2**31 - 1} if 0 < one < 2**31)
                with self.subTest(count=count, span=span, start=start):
                    self.assertEqual(self.held(ids, asked), set(ids) & set(asked))

    def test_few_are_a_list_and_many_a_map(self):
        self.assertIsInstance(among(range(1, FEW + 1)), IdList)
        self.assertIsInstance(among(range(1, FEW + 2)), IdMap)
