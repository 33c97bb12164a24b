"""The statement that brings the worklist in line with what waits."""

#: Share of what is overdue taken to be at risk where no forecast is kept.
RISK = 0.5
#: Columns that are found anew each time.
TOLD = (
    *("action", "more", "res_model", "res_id", "since", "amount_overdue"),
    *("date_oldest", "risk", "urgency", "value", "date_contact", "segment_id"),
)
#: Everything that waits, the first of each debtor written over what the list said of it. What is late counts once: on
#: the row of its company, else of the nearest company above that has one, else of another branch.
STATEMENT = """
    WITH %(steps)s,
    waiting AS (%(waiting)s),
    best AS (
        SELECT DISTINCT ON (partner_id, company_id) waiting.*,
               COUNT(*) OVER (PARTITION BY partner_id, company_id) - 1 AS more
          FROM waiting
         ORDER BY partner_id, company_id, rank, since, res_id
    ),
    risks AS (%(risks)s),
    stakes AS (
        SELECT partner_id, company_id, SUM(amount_overdue) AS amount_overdue, MIN(date_oldest) AS date_oldest,
               SUM(amount_overdue * risk) / NULLIF(SUM(amount_overdue), 0) AS risk
          FROM (
            SELECT DISTINCT ON (late.partner_id, late.company_id)
                   best.partner_id, best.company_id, late.amount_overdue, late.date_oldest,
                   COALESCE(risks.risk, %(risk)s) AS risk
              FROM late
              JOIN best ON best.partner_id = late.partner_id
              JOIN res_company owed ON owed.id = late.company_id
              LEFT JOIN risks ON risks.partner_id = late.partner_id AND risks.company_id = late.company_id
             ORDER BY late.partner_id, late.company_id,
                   ARRAY_POSITION(STRING_TO_ARRAY(owed.parent_path, '/'), best.company_id::text) DESC NULLS LAST,
                   best.company_id
          ) stake
         GROUP BY partner_id, company_id
    ),
    contacts AS (%(contacts)s),
    gone AS (
        DELETE FROM recovery_worklist listed
         WHERE listed.company_id = ANY(%(companies)s)
           AND NOT EXISTS (
               SELECT FROM best
                WHERE best.partner_id = listed.partner_id AND best.company_id = listed.company_id
               )
    )
    INSERT INTO recovery_worklist AS listed (
        partner_id, company_id, action, more, res_model, res_id, since, amount_overdue, date_oldest,
        risk, urgency, value, date_contact, segment_id, user_id, is_taken, state, create_uid, create_date, write_uid,
        write_date
    )
    SELECT best.partner_id, best.company_id, best.action, best.more, best.res_model, best.res_id,
           best.since, COALESCE(stakes.amount_overdue, 0), stakes.date_oldest,
           COALESCE(stakes.risk, risks.risk, %(risk)s), best.urgency,
           ROUND((COALESCE(stakes.amount_overdue * stakes.risk, 0) * best.urgency)::numeric, 2),
           contacts.date, %(segment)s, %(collector)s, FALSE, 'open', %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s,
           NOW() AT TIME ZONE 'UTC'
      FROM best
      LEFT JOIN stakes USING (partner_id, company_id)
      LEFT JOIN risks USING (partner_id, company_id)
      LEFT JOIN contacts USING (partner_id)
    ON CONFLICT (partner_id, company_id) DO UPDATE
       SET (%(told)s, write_date) = (%(told_anew)s, excluded.write_date),
           user_id = CASE WHEN listed.is_taken THEN listed.user_id ELSE excluded.user_id END,
           state = CASE
               WHEN (listed.action, listed.res_model, listed.res_id)
                    IS DISTINCT FROM (excluded.action, excluded.res_model, excluded.res_id) THEN 'open'
               WHEN listed.state = 'snoozed' AND listed.snoozed_until <= %(date)s THEN 'open'
               ELSE listed.state
           END
     -- What stays as it is, most of the list, is not written again.
     WHERE (%(told_before)s) IS DISTINCT FROM (%(told_anew)s)
        OR NOT listed.is_taken AND listed.user_id IS DISTINCT FROM excluded.user_id
        OR listed.state = 'snoozed' AND listed.snoozed_until <= %(date)s
"""
