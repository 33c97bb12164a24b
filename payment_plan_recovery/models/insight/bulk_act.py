"""What can be done about the claims of several debtors in one go: each act one class."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

#: Names of claims said in full where several are left out for the same reason.
NAMED = 3


class RecoveryBulkAct(models.AbstractModel):
    """Base of the acts. One is asked whom it leaves out, and then to do it, each time for all debtors together."""

    _name = "recovery.bulk.act"
    _description = "Act on Several Debtors"
    _inherit = "recovery.kind"

    #: Model in which the act makes its records: whoever may not make them there may not act.
    _makes = None
    #: Fields of the dialog that the act cannot do without.
    _needs = ()

    @api.model
    def _left_out(self, _asked, _claims) -> dict:
        """Return {claim: why} of those of ``_claims`` that the act leaves out; ``_asked`` is the dialog."""
        return {}

    @api.model
    def _do(self, asked, work) -> dict:
        """Do it for ``work`` ({line of the dialog: its claims}); return {line: the record that was made}.

        :raise UserError: a debtor among them refuses; the dialog then finds out which
        """
        raise NotImplementedError(self._name)

    @api.model
    def _check(self, asked):
        """Make sure, before anything is done, that the user may act, and that what the act needs was said.

        :raise AccessError: the user may not
        :raise UserError: something needed is missing
        """
        self.env[self._makes].check_access("create")
        missing = [asked._fields[name] for name in self._needed(asked) if not asked[name]]
        if missing:
            labels = [field._description_string(self.env) for field in missing]
            raise UserError(self.env._("Fill in first: %s.", ", ".join(labels)))

    @api.model
    def _needed(self, _asked):
        return self._needs

    @api.model
    def _told(self, left_out) -> str:
        """Return why claims are left out, a line for each reason with the claims it is about."""
        reasons = {}
        for claim, reason in left_out.items():
            reasons.setdefault(reason, []).append(claim.display_name)
        return "\n".join(
            f"{reason} ({', '.join(names[:NAMED])}{' …' if len(names) > NAMED else ''})"
            for reason, names in reasons.items()
        )

    @api.model
    def _together(self, work):
        """Yield (lines, claims, whose, currency) of ``work``: what the branches of a creditor are owed is one matter.

        ``whose`` are the values that say whose a new record is.
        """
        asking = self.env["recovery.bulk.line"].union(*work)
        for (debtor, _creditor, currency), lines in asking.grouped(
            lambda line: (line.partner_id, line.company_id._recovery_creditor(), line.currency_id)
        ).items():
            claims = self.env["recovery.claim"].union(*(work[line] for line in lines))
            company = lines.company_id._recovery_where_kept()
            yield lines, claims, {"partner_id": debtor.id, "company_id": company.id}, currency

    @api.model
    def _made_for(self, together, records):
        """Return {line of the dialog: the record made for it}; ``together`` as :meth:`_together` gave it."""
        return {
            line: record for (lines, *_rest), record in zip(together, records, strict=True) for line in lines
        }

    @api.model
    def _instalments_left_out(self, claims):
        reason = self.env._("In a plan already")
        return dict.fromkeys(claims.filtered("instalment_id"), reason)

    @api.model
    def _in_cases(self, claims):
        """Return {claim: why} of those that are in a running case."""
        running = self.env["recovery.case.line"].search(
            [("move_line_id", "in", claims.move_line_id.ids), ("is_live", "=", True)]
        )
        cases = {line.move_line_id: line.case_id.name for line in running}
        return {
            claim: self.env._("In case %s already", cases[claim.move_line_id])
            for claim in claims
            if claim.move_line_id in cases
        }


class RecoveryBulkActHold(models.AbstractModel):
    """Held item by item; for an instalment its debtor is held as a whole."""

    _name = "recovery.bulk.act.hold"
    _description = "Act: Put on Hold"
    _inherit = "recovery.bulk.act"
    _code, _sequence = "hold", 10
    _makes, _needs = "recovery.hold", ("kind", "date_until", "reason")

    def _label(self):
        return self.env._("Put on hold")

    @api.model
    def _left_out(self, asked, claims):
        kinds = dict(self.env["recovery.hold"]._fields["kind"]._description_selection(self.env))
        return {
            claim: self.env._("On hold already: %s", kinds[claim.hold_kind])
            for claim in claims
            if claim.hold_kind
        }

    @api.model
    def _check(self, asked):
        if asked.date_until and asked.date_until < self.env.company._recovery_today():
            raise UserError(self.env._("The hold would be over already: choose a day to come."))
        return super()._check(asked)

    @api.model
    def _needed(self, asked):
        """What somebody looks at again needs no end."""
        return [name for name in self._needs if name != "date_until" or not asked.date_review]

    @api.model
    def _do(self, asked, work):
        together, as_asked = list(self._together(work)), asked._hold_asked()
        holds = self.env["recovery.hold"].create(
            [
                {
                    **whose,
                    "move_line_ids": [Command.set(claims._items_of_one_kind().ids)],
                    **as_asked,
                }
                for _lines, claims, whose, _currency in together
            ]
        )
        return self._made_for(together, holds)


class RecoveryBulkActPromise(models.AbstractModel):
    """Each debtor promised, by the same day, what its claims still ask for."""

    _name = "recovery.bulk.act.promise"
    _description = "Act: Note a Promise"
    _inherit = "recovery.bulk.act"
    _code, _sequence = "promise", 20
    _makes, _needs = "recovery.promise", ("date_promised",)

    def _label(self):
        return self.env._("Note a promise")

    @api.model
    def _left_out(self, asked, claims):
        promises = self.env["recovery.promise"].search(
            Domain("state", "=", "open") & Domain("partner_id", "in", claims.partner_id.ids)
        )
        of_debtor, named_by = promises.grouped("partner_id"), promises._named_items()
        today = self.env.company._recovery_today()
        owed, asked_for = claims._uncovered(today), claims._asked(today)
        left_out = {}
        for claim in claims:
            named = of_debtor.get(claim.partner_id, promises.browse()).filtered(
                lambda promise, claim=claim: (
                    promise.company_id.root_id == claim.company_id.root_id
                    and (
                        claim.instalment_id
                        or not named_by[promise]
                        or claim.move_line_id in named_by[promise]
                    )
                )
            )
            if named:
                left_out[claim] = self.env._("Promised already: %s", named[0].display_name)
            elif owed[claim.id] <= 0:
                left_out[claim] = self.env._("Covered by money that waits to be matched")
            elif asked_for[claim.id] <= 0:
                left_out[claim] = self.env._("Disputed, or in insolvency")
        return left_out

    @api.model
    def _do(self, asked, work):
        owed = self.env["recovery.claim"].union(*work.values())._asked(self.env.company._recovery_today())
        together = list(self._together(work))
        promises = self.env["recovery.promise"].create(
            [
                {
                    **whose,
                    "currency_id": currency.id,
                    "move_line_ids": [Command.set(claims._items_of_one_kind().ids)],
                    "amount": currency.round(sum(owed[claim.id] for claim in claims)),
                    "date_promised": asked.date_promised,
                    "note": asked.reason,
                }
                for _lines, claims, whose, currency in together
            ]
        )
        return self._made_for(together, promises)


class RecoveryBulkActPlan(models.AbstractModel):
    """A draft for each debtor, as the plan policy recommends to begin."""

    _name = "recovery.bulk.act.plan"
    _description = "Act: Draft a Plan"
    _inherit = "recovery.bulk.act"
    _code, _sequence = "plan", 30
    _makes = "recovery.plan"

    def _label(self):
        return self.env._("Draft a plan")

    @api.model
    def _left_out(self, asked, claims):
        begun = self.env["recovery.plan.item"].search(
            [
                ("move_line_id", "in", claims.move_line_id.ids),
                ("plan_id.state", "in", ("draft", "proposed", "accepted")),
            ]
        )
        plans = {item.move_line_id: item.plan_id.display_name for item in begun}
        in_begun = {
            claim: self.env._("In a plan already: %s", plans[claim.move_line_id])
            for claim in claims
            if claim.move_line_id in plans
        }
        return in_begun | self._in_cases(claims) | self._instalments_left_out(claims)

    @api.model
    def _do(self, asked, work):
        together = list(self._together(work))
        companies = self.env["res.company"].browse({whose["company_id"] for _, _, whose, _ in together})
        policies = {
            company.id: self.env["recovery.plan.policy"]._default_for(company).id for company in companies
        }
        plans = self.env["recovery.plan"].create(
            [
                {
                    **whose,
                    "currency_id": currency.id,
                    "policy_id": policies[whose["company_id"]],
                    "item_ids": [Command.create({"move_line_id": item.id}) for item in claims.move_line_id],
                }
                for _lines, claims, whose, currency in together
            ]
        )
        for plan in plans:
            plan._begin_as_recommended(plan.company_id._recovery_today())
        plans.generate_instalments()
        return self._made_for(together, plans)


class RecoveryBulkActLevel(models.AbstractModel):
    """The level at which the invoices are chased next, whatever its delay."""

    _name = "recovery.bulk.act.level"
    _description = "Act: Set the Next Level"
    _inherit = "recovery.bulk.act"
    _code, _sequence = "level", 40
    _makes, _needs = "recovery.dunning.change", ("level_id", "reason")

    def _label(self):
        return self.env._("Set the next level")

    @api.model
    def _left_out(self, asked, claims):
        had = self.env["recovery.notice.line"].search(
            [
                ("move_line_id", "in", claims.move_line_id.ids),
                ("level_id", "=", asked.level_id.id),
                ("level_id", "!=", False),
                ("is_live", "=", True),
            ]
        )
        reason = self.env._("Had this level already")
        done = claims.filtered(lambda claim: claim.move_line_id in had.move_line_id)
        return dict.fromkeys(done, reason) | self._instalments_left_out(claims)

    @api.model
    def _do(self, asked, work):
        moves = self.env["recovery.claim"].union(*work.values()).move_id
        change = self.env["recovery.dunning.change"].create(
            {
                "move_ids": [Command.set(moves.ids)],
                "policy_id": False,
                "level_id": asked.level_id.id,
                "reason": asked.reason,
            }
        )
        change.action_change()
        return {line: claims.move_id[:1] for line, claims in work.items()}


class RecoveryBulkActCase(models.AbstractModel):
    """A case for each debtor: its claims leave dunning."""

    _name = "recovery.bulk.act.case"
    _description = "Act: Hand over to a Case"
    _inherit = "recovery.bulk.act"
    _code, _sequence = "case", 50
    _makes, _needs = "recovery.case", ("way", "reason")

    def _label(self):
        return self.env._("Hand over to a case")

    @api.model
    def _left_out(self, asked, claims):
        return self._in_cases(claims) | self._instalments_left_out(claims)

    @api.model
    def _do(self, asked, work):
        cases = self.env["recovery.case"]._open_each(
            [(line.partner_id, claims.move_line_id) for line, claims in work.items()],
            way=asked.way,
            reason=asked.reason,
        )
        opened = cases.grouped(lambda case: (case.partner_id, case.company_id, case.currency_id))
        return {
            line: opened.get((line.partner_id, line.company_id, line.currency_id), cases.browse())
            for line in work
        }
