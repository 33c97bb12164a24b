"""Insolvency of a debtor: what was owed before its publication is declared, and asked for no more."""

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..common.company_words import in_words_of_company
from ..plan.plan import LIVE_STATES


class RecoveryCaseInsolvency(models.AbstractModel):
    """What the publication of an insolvency does to cases, plans and promises.

    Suits and enforcement for older claims stop (C. com. L622-21), they bear no more interest (L622-28), and the
    judgment makes nothing fall due (L622-29). Claims that arise afterwards are due as ever (L622-17).
    """

    _name = "recovery.case.insolvency"
    _description = "Insolvency of a Debtor"

    date_published = fields.Date(
        string="Insolvency published on",
        tracking=True,
        help="Day the debtor's insolvency was published: deadlines to declare count from it, and claims of that "
        "day or before are asked for no more.",
    )

    @api.model
    def _publish(self, debtor, company, date):
        """Take all that ``debtor`` owed ``company`` with its branches on ``date`` into cases of its insolvency.

        Plans in force end without acceleration, open promises end, running cases become cases of the insolvency,
        and the declaration to the insolvency representative is begun where a procedure for it is declared. What is
        about claims that arose later alone goes on: they are due as ever.

        :param date: day the insolvency was published
        :return: the debtor's cases
        """
        self._end_plans(debtor, company, date)
        ours = [("partner_id", "=", debtor.id), ("company_id", "in", company._recovery_branch_ids())]
        promises = self.env["recovery.promise"].search([*ours, ("state", "=", "open")])
        about = promises._named_items()
        promises.filtered(lambda promise: self._takes_in(about[promise], date)).action_cancel()
        cases = self.search([*ours, ("stage", "!=", "closed")])
        cases = cases.filtered(lambda case: self._takes_in(case.line_ids.move_line_id, date))
        for case in cases:
            case._part_later(date)
        for items in self._old_items(ours, date).grouped("company_id").values():
            cases |= self._open(debtor, items, way="insolvency")
        cases.write({"date_published": date, "way": "insolvency", "stage": "insolvency"})
        for case in cases:
            case._begin_declaration()
        self._ask_about_charges_of_both(cases, date)
        return cases

    @api.model
    def _end_plans(self, debtor, company, date):
        """End the plans in force over what is declared now: no fault of the debtor, so nothing falls due earlier."""
        plans = self.env["recovery.plan"].search(
            [
                ("partner_id.commercial_partner_id", "=", debtor.id),
                ("company_id", "in", company._recovery_branch_ids()),
                ("state", "in", LIVE_STATES),
            ]
        )
        # sudo: what a plan covers of other branches decides, too
        plans = plans.filtered(lambda plan: self._takes_in(plan.sudo().item_ids.move_line_id, date))
        for plan in map(in_words_of_company, plans):
            today = plan.company_id._recovery_today()
            if plan.discount_move_id:
                plan._take_discount_back(today)
            plan._drop_cure_notices()
            body = plan.env._(
                "Ended by the insolvency published on %s: what it covers is declared.",
                format_date(plan.env, date),
            )
            # an invoice of its charges would arise after the publication, and be due
            plan._close("broken", today, body, settles_charges=False)

    @api.model
    def _old_items(self, domain, date):
        """Return the open items of ``domain`` that arose on ``date`` or before and are in no running case."""
        claims = self.env["recovery.claim"].search([*domain, ("move_line_id", "!=", False)])
        items = self._old(claims.move_line_id, date)
        running = self.env["recovery.case.line"].search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        )
        return items - running.move_line_id

    def _part_later(self, date):
        """Give what arose after ``date`` a case of its own: it is not declared, and goes on there."""
        old = self._old(self.line_ids.move_line_id, date)
        later = self.line_ids.filtered(lambda line: line.move_line_id not in old)
        if not later:
            return
        items = later.move_line_id
        later.unlink()
        way = "litigation" if self.way == "insolvency" else self.way
        going_on = self._open(self.partner_id, items, way=way, reason=self.reason, user_id=self.user_id.id)
        if going_on:
            words = in_words_of_company(self).env
            self._message_log(
                body=words._(
                    "What arose after the publication goes on in %s.", ", ".join(going_on.mapped("name"))
                )
            )

    def _begin_declaration(self):
        """Begin the declaration that the law of the debtor's country knows, if one is declared and none is begun."""
        self.ensure_one()
        self.action_weigh()
        fitting = self.option_ids.filtered(
            lambda option: option.fits and option.procedure_id.kind == "insolvency"
        )
        if fitting and self.procedure_id.kind != "insolvency":
            fitting[:1].action_begin()

    def _take_older_claims(self):
        """Take in what was booked late: claims that arose before the insolvency was published.

        Of a branch or in a currency of which nothing was owed so far they are cases of their own.
        """
        for case in self.filtered("date_published"):
            debtor, branches = case.partner_id, case.company_id._recovery_branch_ids()
            ours = [("partner_id", "=", debtor.id), ("company_id", "in", branches)]
            items = self._old_items(ours, case.date_published)
            places = items.grouped(lambda item: (item.company_id, item.currency_id))
            own = places.pop((case.company_id, case.currency_id), items.browse())
            case.line_ids.create([{"case_id": case.id, "move_line_id": item.id} for item in own])
            known = self.search([*ours, ("date_published", "!=", False), ("stage", "!=", "closed")])
            for other in known:  # takes in its own
                places.pop((other.company_id, other.currency_id), None)
            for claims in places.values():
                opened = self._open(debtor, claims, way="insolvency")
                opened.write({"date_published": case.date_published, "stage": "insolvency"})
                for each in opened:
                    each._begin_declaration()

    @api.model
    def _ask_about_charges_of_both(self, cases, date):
        """Have somebody part invoices that claim late charges of what is declared and of what arose later."""
        asked = self.env["account.move"]
        for case in cases:
            # sudo: what was booked does not depend on who asks
            charges = self.env["recovery.charge"].sudo()
            charges = charges.search(
                [
                    ("partner_id", "=", case.partner_id.id),
                    ("company_id", "=", case.company_id.id),
                    ("invoice_id.payment_state", "in", ("not_paid", "partial")),
                ]
            )
            old, words = self._old(charges.move_line_id, date), in_words_of_company(case).env
            for invoice, claimed in charges.grouped("invoice_id").items():
                declared = claimed.move_line_id & old
                if declared and claimed.move_line_id - declared and invoice not in asked:
                    asked |= invoice
                    case.activity_schedule(
                        "mail.mail_activity_data_todo",
                        summary=words._(
                            "%s bills late charges of what is declared and of what arose later: credit it, and "
                            "book the later ones anew",
                            invoice.name,
                        ),
                        user_id=words["ir.cron"]._recovery_person(case).id,
                    )

    @api.model
    def _old(self, items, date):
        """Return those of ``items`` that arose by ``date``."""
        arose = self.env["recovery.arose"]._days(items)
        return items.filtered(lambda item: arose[item] <= date)

    @api.model
    def _takes_in(self, items, date):
        """Whether an insolvency published on ``date`` takes in what is about ``items``: an old one, or all there is."""
        return not items or bool(self._old(items, date))
