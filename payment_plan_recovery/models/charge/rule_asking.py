"""A rule that cannot price what falls under it is left out alone: somebody is asked to mend it."""

from odoo import api, models
from odoo.tools import groupby

from ..common.counted import counted

ACTIVITY = "payment_plan_recovery.activity_charge_rule"
#: Numbers of invoices named in the request.
NAMED = 5


class RecoveryInterestRuleAsking(models.AbstractModel):
    """A chapter of the rule: requests about what it could not price, one for each rule and company."""

    _name = "recovery.interest.rule.asking"
    _description = "Requests about a Late Payment Rule"

    @api.model
    def _ask_about_unpriced(self, company, date, unpriced):
        """Ask about the rules of ``unpriced`` bearings of a company; close what is settled.

        A request that is open already is told anew what it is about.
        """
        summary = self.env._("Late charges cannot be computed: %s", company.name)
        # sudo: a shared rule is asked about whoever renews charges, and may not write it
        rules = self.env["recovery.interest.rule"].sudo()
        requests = rules.env["mail.activity"].search(
            [("activity_type_id", "=", self.env.ref(ACTIVITY).id), ("summary", "=", summary)]
        )
        by_rule = sorted(unpriced, key=lambda bearing: (bearing.rule_id, bearing.item_id))
        for rule_id, bearings in groupby(by_rule, key=lambda bearing: bearing.rule_id):
            rule = rules.browse(rule_id)
            note = rule._unpriced_note(bearings)
            request = requests.filtered(lambda activity, rule=rule: activity.res_id == rule.id)
            requests -= request
            if request:
                request.note = note
            else:
                rule.activity_schedule(
                    ACTIVITY, date_deadline=date, summary=summary, note=note, user_id=rule._responsible().id
                )
        requests.action_done()

    def _unpriced_note(self, bearings):
        """Name the invoices that bear nothing, and why."""
        items = self.env["account.move.line"].browse([bearing.item_id for bearing in bearings])
        numbers = items[:NAMED].mapped(lambda item: item._recovery_number())
        return self.env._(
            "%(rule)s prices nothing for %(claims)s (%(numbers)s): %(problem)s",
            rule=self.name,
            claims=counted(self.env, "claim", len(bearings)),
            numbers=", ".join(numbers) + ("…" if len(bearings) > NAMED else ""),
            problem=" ".join(dict.fromkeys(bearing.problem for bearing in bearings[:NAMED])),
        )

    def _responsible(self):
        """Return who is asked about the rule: who is asked for its rates, else who declared it."""
        return self.reference_id.user_id or self.create_uid
