"""Notices keep their last day to pay: of those that went, the day they named."""


def migrate(cr, version):
    """Write down the deadline that sent notices named: their date and the days to pay of level or plan.

    What was sent stays sent: letters counted from their printing until now.
    """
    if not version:
        return
    cr.execute(
        """
        UPDATE recovery_notice notice
           SET date_deadline = notice.date + COALESCE(
                   (SELECT plan.cure_days FROM recovery_plan plan WHERE plan.cure_notice_id = notice.id LIMIT 1),
                   level.payment_days)
          FROM recovery_dunning_level level
         WHERE level.id = notice.level_id AND notice.state = 'sent' AND notice.date_deadline IS NULL
        """
    )
