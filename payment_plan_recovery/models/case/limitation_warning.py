"""Who is told of claims that are barred soon, and of those that were before anybody looked."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, plaintext2html

from ..common.company_words import words_of
from ..common.labelled import labelled

#: Activity that asks to act before a claim is barred.
WARNING_ACTIVITY = "payment_plan_recovery.mail_activity_limitation"


class RecoveryLimitationWarning(models.AbstractModel):
    """What :class:`RecoveryLimitation` knows of who was asked to act."""

    _name = "recovery.limitation.warning"
    _description = "Warning of Limitation"

    warned_on = fields.Date(
        readonly=True, help="Day the person responsible was asked to act, or told that it is too late."
    )
    is_missed = fields.Boolean(
        string="Barred unnoticed",
        readonly=True,
        help="The period ended before anybody was asked to act: scheduled jobs stood still, or what had stopped it "
        "fell away. Claims that were barred before they were looked after are not among them.",
    )

    def _missed_sql(self, company) -> SQL:
        """Condition that a claim ``found`` for the first time was barred while it could have been looked after.

        It was in the books on its last day, and limitations were found by then.
        """
        return SQL(
            """
            state = 'barred'
            AND expires_on >= (
                SELECT MIN(%(looked_after)s) FROM recovery_limitation known WHERE company_id = %(company)s)
            AND expires_on >= (SELECT %(entered)s FROM account_move_line item WHERE item.id = item_id)
            """,
            company=company.id,
            looked_after=company._recovery_day_sql(SQL("known.create_date"), SQL("known.company_id")),
            entered=company._recovery_day_sql(SQL("item.create_date"), SQL("item.company_id")),
        )

    def _warn(self, company, today):
        """Ask for something to be done about claims that are barred soon, once for each debtor.

        It is asked on the invoice that comes first: what is to be done on a contact every employee reads. Of what was
        barred while nobody looked, somebody is told when jobs run again: once too.
        """
        untold = Domain("company_id", "=", company.id) & Domain("warned_on", "=", False)
        last = fields.Date.add(today, days=company.recovery_limitation_days)
        near = self.search(untold & Domain("state", "=", "running") & Domain("expires_on", "<=", last))
        missed = self.search(untold & Domain("state", "=", "barred") & Domain("is_missed", "=", True))
        words = words_of(company)
        for summary, found in (
            (lambda day: words._("Act by %s: claims will be time-barred", day), near),
            (lambda day: words._("Time-barred since %s, and nobody was asked to act: decide", day), missed),
        ):
            for debtor, claims in found.grouped("partner_id").items():
                first, numbers = claims[0].expires_on, ", ".join(claims.move_id.mapped("name"))
                claims[0].move_id.activity_schedule(
                    WARNING_ACTIVITY,
                    date_deadline=max(first, today),
                    summary=summary(format_date(words, first)),
                    note=plaintext2html(labelled(words, debtor.display_name, numbers)),
                    user_id=(company._recovery_responsible() or self.env.user).id,
                )
        # sudo: nobody writes a limitation by hand; that it was told is the system's to note
        (near | missed).sudo().warned_on = today
