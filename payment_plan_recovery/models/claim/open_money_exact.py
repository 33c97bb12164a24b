"""Money that is exactly the price of some open items: what a step of open money's queries lays first."""

from odoo import api, models
from odoo.tools import SQL

#: Of ``price``: all that the ``credit`` names.
NAMED = SQL(
    """
    SELECT 0 AS place, ARRAY_AGG(price.place) AS places, MIN(lot.first) AS first
      FROM price
      JOIN (SELECT plan_id, MIN(place) AS first FROM price GROUP BY plan_id) lot
        ON lot.plan_id IS NOT DISTINCT FROM price.plan_id
     WHERE is_named
     GROUP BY price.plan_id
    HAVING SUM(asked) = credit.amount AND (BOOL_OR(is_less) OR NOT credit.names <@ ARRAY[credit.entry_id])
    """
)
#: Of ``price``: stretches with a discount that the ``credit`` pays.
STRETCH = SQL(
    """
    SELECT first.place, ARRAY(
               SELECT place FROM price
                WHERE place BETWEEN first.place AND last.place
                  AND plan_id IS NOT DISTINCT FROM first.plan_id
           ), NULL
      FROM price first
      JOIN price last ON last.asked_before = first.asked_before - first.asked + credit.amount
       AND last.plan_id IS NOT DISTINCT FROM first.plan_id
     WHERE last.discounts > first.discounts - first.is_less::int
       AND (credit.names = '{}' OR last.names > first.names - first.is_named::int)
    """
)


class RecoveryOpenMoneyExact(models.AbstractModel):
    """Finds the credits that pay whole items to the cent, each less the discount that its day still earned.

    Whether a credit fits depends on what those before it took: they are gone through one after the other, for each
    debtor apart, and only for debtors who have a discount or whose text names more than itself.
    """

    _name = "recovery.open.money.exact"
    _description = "Open Money: Paid Exactly"

    @api.model
    def _step_fitted(self) -> SQL:
        """What credits lie exactly over; ``closed`` is all of the item, what a discount left of it included."""
        return SQL(
            """
            SELECT owner.debtor_id, owner.currency_id, fit.*
              FROM (
                SELECT debtor_id, currency_id, JSONB_AGG(credit) FILTER (WHERE item IS NULL) AS credits,
                       JSONB_AGG(item) FILTER (WHERE item IS NOT NULL) AS items
                  FROM (
                    SELECT *, BOOL_OR(is_told) OVER (PARTITION BY debtor_id, currency_id) AS may_fit
                      FROM (%(credits)s UNION ALL %(items)s) told
                  ) told
                 WHERE may_fit
                 GROUP BY debtor_id, currency_id
              ) owner
             CROSS JOIN LATERAL (%(fit)s) fit
            """,
            credits=self._told_credits(),
            items=self._told_items(),
            fit=self._fit_of_owner(),
        )

    def _told_credits(self) -> SQL:
        """Each credit with what refunds left of it; what reverses an entry pays nothing exactly."""
        return SQL(
            """
            SELECT debtor_id, currency_id, NOT words <@ ARRAY[entry_id] AS is_told,
                   JSONB_BUILD_OBJECT(
                       'id', id, 'date', date, 'amount', amount, 'place', place, 'entry_id', entry_id, 'words', words,
                       'plan_id', plan_id, 'may_fit', reverses IS NULL AND amount > 0
                   ) AS credit, NULL::jsonb AS item
              FROM (
                SELECT debtor_id, currency_id, id, MAX(date) AS date, SUM(amount) AS amount, MAX(place) AS place,
                       MAX(entry_id) AS entry_id, MAX(plan_id) AS plan_id, MAX(reverses) AS reverses,
                       MAX(words) AS words
                  FROM (
                    SELECT debtor_id, currency_id, id, date, amount, place, entry_id, plan_id, reverses, words
                      FROM purse
                     UNION ALL
                    SELECT debtor_id, currency_id, credit_id, NULL, -amount, NULL, NULL, NULL, NULL, NULL
                      FROM refunded
                  ) purse
                 GROUP BY debtor_id, currency_id, id
              ) purse
            """
        )

    def _told_items(self) -> SQL:
        """What may be paid exactly: items that nobody disputes."""
        return SQL(
            """
            SELECT debtor_id, currency_id, discounted > 0 AND discount_until IS NOT NULL AS is_told, NULL AS credit,
                   JSONB_BUILD_OBJECT(
                       'id', id, 'entry_id', entry_id, 'date', date, 'amount', part, 'place', place,
                       'discounted', discounted, 'discount_until', discount_until, 'plan_id', plan_id
                   ) AS item
              FROM owed
             WHERE disputed = 0
            """
        )

    def _fit_of_owner(self) -> SQL:
        """Go through the credits of one ``owner`` in their order; ``taken`` are the places of items paid so far."""
        return SQL(
            """
            WITH RECURSIVE called AS (
                SELECT * FROM JSONB_TO_RECORDSET(owner.credits)
                    AS (id int, date date, amount numeric, place bigint, entry_id int, words int[], plan_id int,
                        may_fit bool)
            ), item AS (
                SELECT item.*, COALESCE(named.by, '{}') AS named_by
                  FROM JSONB_TO_RECORDSET(owner.items) AS item (
                      id int, entry_id int, date date, amount numeric, place bigint, discounted numeric,
                      discount_until date, plan_id int
                  )
                  LEFT JOIN (
                    SELECT entry_id, ARRAY_AGG(id) AS by FROM called WHERE entry_id IS NOT NULL GROUP BY entry_id
                  ) named ON named.entry_id = item.entry_id
            ), credit AS (
                SELECT *, ARRAY_REMOVE(COALESCE(words, '{}') || entry_id, NULL) AS names,
                       ROW_NUMBER() OVER (ORDER BY place) AS number
                  FROM called
                 WHERE may_fit AND (words IS NOT NULL OR EXISTS (
                       SELECT FROM item WHERE discounted > 0 AND called.date BETWEEN date AND discount_until
                 ))
            ), fit AS (
                SELECT 0::bigint AS number, NULL::int AS credit_id, NULL::date AS date, '{}'::bigint[] AS taken,
                       '{}'::bigint[] AS places
                 UNION ALL
                SELECT credit.number, credit.id, credit.date, fit.taken || found.places, found.places
                  FROM fit JOIN credit ON credit.number = fit.number + 1
                  LEFT JOIN LATERAL (%s) found ON TRUE
            )
            SELECT item.place AS owed_place, item.id AS item_id, fit.credit_id,
                   CASE WHEN discounted > 0 AND fit.date <= discount_until THEN discounted ELSE item.amount END
                   AS amount, item.amount AS closed
              FROM fit
              JOIN item ON item.place = ANY(fit.places)
            """,
            self._exactly(),
        )

    def _exactly(self) -> SQL:
        """The places of what ``credit`` is the price of: all that it names, else the first stretch with a discount.

        All of it in one plan, or none in any. One entry that it names and nothing else, without a discount, is laid by
        the next step. A stretch begins where so much was asked before that its end makes up the credit.
        """
        return SQL(
            """
            WITH price AS (%s)
            SELECT places
              FROM (%s UNION ALL %s) choice
             ORDER BY place, first
             LIMIT 1
            """,
            self._prices(),
            NAMED,
            STRETCH,
        )

    def _prices(self) -> SQL:
        """What was asked of each item on the day of the ``credit``, and of all before it in its plan, or in none."""
        return SQL(
            """
            SELECT place, plan_id, is_named, asked, SUM(asked) OVER up_to AS asked_before,
                   COUNT(*) FILTER (WHERE is_less) OVER up_to AS discounts, is_less,
                   COUNT(*) FILTER (WHERE is_named) OVER up_to AS names
              FROM (
                SELECT place, plan_id, entry_id = ANY(credit.names) AS is_named, is_less,
                       CASE WHEN is_less THEN discounted ELSE amount END AS asked
                  FROM item
                 CROSS JOIN LATERAL (
                    SELECT COALESCE(discounted > 0 AND credit.date <= discount_until, FALSE)
                 ) price (is_less)
                 WHERE date <= credit.date AND place <> ALL(fit.taken) AND named_by <@ ARRAY[credit.id]
                   AND (credit.plan_id IS NULL OR plan_id = credit.plan_id)
              ) price
            WINDOW up_to AS (PARTITION BY plan_id ORDER BY place)
            """
        )
