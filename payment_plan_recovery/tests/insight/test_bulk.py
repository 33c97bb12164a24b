"""One act on the claims of several debtors: whom it leaves out, who refuses, what it costs the database."""

from datetime import date

from freezegun import freeze_time
from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ...wizard.insight import bulk
from ..plan.plan_common import PlanCommon

#: Queries that one debtor more may cost an act: its own record with its number, history and checks.
A_DEBTOR_MORE = {"hold": 1, "promise": 4, "plan": 2, "level": 0.2, "case": 2}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestBulk(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claims = cls.env["recovery.claim"]
        cls.company.recovery_confirm_promises = False
        cls.level = cls.env["recovery.dunning.level"].search([("policy_id.claim_kind", "=", "item")], limit=1)

    def debtors(self, count):
        """Return that many debtors with two late invoices each."""
        debtors = self.env["res.partner"].create(
            [{"name": f"Débiteur {number}", "is_company": True} for number in range(count)]
        )
        each = ((100, "2026-01-15"), (50, "2026-01-31"))
        self.invoices([(*claim, {"partner_id": debtor.id}) for debtor in debtors for claim in each])
        return debtors

    def owed(self, debtors):
        return self.claims.search([("partner_id", "in", debtors.ids)])

    def asked(self, claims, act, **vals):
        """Return the dialog over ``claims``, filled in."""
        window = self.env["recovery.bulk"]._open(claims, act)
        asked = self.env["recovery.bulk"].browse(window["res_id"])
        asked.write({"reason": "Salon de mars", "level_id": self.level.id, **vals})
        return asked

    def made(self, asked, model):
        asked.action_apply()
        window = asked.action_open_made()
        self.assertEqual(window["res_model"], model)
        return self.env[model].search(window["domain"])

    # -- each act --------------------------------------------------------------------------

    def test_a_hold_each_over_the_claims_chosen(self):
        debtors = self.debtors(3)
        later = self.invoice(7, "2026-04-30", partner_id=debtors[0].id)
        claims = self.owed(debtors) - self.claims.search([("move_id", "=", later.id)])
        window = claims.action_hold()
        self.assertEqual((window["res_model"], window["target"]), ("recovery.bulk", "new"))
        asked = self.asked(claims, "hold", kind="negotiation")
        holds = self.made(asked, "recovery.hold")
        self.assertFalse(any(asked.line_ids.mapped("left_out")), "what was done is no reason")
        self.assertEqual(holds.partner_id, debtors)
        self.assertEqual(holds.move_line_ids, claims.move_line_id)
        self.assertEqual(set(holds.mapped("kind")), {"negotiation"})
        self.assertEqual(set(holds.mapped("reason")), {"Salon de mars"})

    def test_what_ends_by_no_day_is_held_until_it_is_looked_at_again(self):
        window = self.env["recovery.bulk"]._open(self.owed(self.debtors(2)), "hold")
        with Form(self.env["recovery.bulk"].browse(window["res_id"])) as form:
            day = str(form.date_until)
            form.kind = "deceased"
            self.assertEqual((form.date_until, str(form.date_review)), (False, day))
            form.kind = "manual"
            self.assertEqual((str(form.date_until), form.date_review), (day, False))
            form.kind = "guardianship"
            form.reason = "Le notaire écrit"
        asked = form.record
        asked.date_review = False
        with self.refused("Fill in first: Until"):
            asked.action_apply()
        asked.date_review = day
        holds = self.made(asked, "recovery.hold")
        self.assertEqual(set(holds.mapped("date_until")), {False})
        self.assertEqual(set(holds.mapped("date_review")), {fields.Date.to_date(day)})

    def test_a_promise_each_of_what_is_still_asked(self):
        debtors = self.debtors(2)
        self.receive(self.owed(debtors[0]).move_line_id[:1], 30)
        self.env.invalidate_all()
        promises = self.made(self.asked(self.owed(debtors), "promise"), "recovery.promise")
        self.assertEqual(promises.sorted("partner_id").mapped("amount"), [120, 150])
        self.assertEqual(set(promises.mapped("date_promised")), {date(2026, 3, 9)})

    def test_a_draft_of_a_plan_each(self):
        debtors = self.debtors(2)
        plans = self.made(self.asked(self.owed(debtors), "plan"), "recovery.plan")
        self.assertEqual(plans.partner_id, debtors)
        for plan in plans:
            self.assertEqual((plan.state, plan.amount_total), ("draft", 150))
            self.assertEqual(sum(plan.instalment_ids.mapped("amount")), 150)

    def test_the_next_level_of_all(self):
        debtors = self.debtors(2)
        asked = self.asked(self.owed(debtors), "level")
        asked.action_apply()
        self.env.invalidate_all()
        self.assertEqual(self.owed(debtors).chosen_level_id, self.level)
        self.assertEqual(len(self.owed(debtors).filtered("chosen_level_id")), 4)
        told = self.owed(debtors[0]).move_id[0].message_ids[0]
        self.assertIn("Salon de mars", told.body)
        self.assertEqual(told.tracking_value_ids.new_value_char, self.level.policy_id.name)

    def test_a_case_each(self):
        debtors = self.debtors(2)
        cases = self.made(self.asked(self.owed(debtors), "case", way="mediation"), "recovery.case")
        self.assertEqual(cases.partner_id, debtors)
        self.assertEqual(set(cases.mapped("way")), {"mediation"})
        self.assertEqual(set(self.owed(debtors).mapped("hold_kind")), {"mediation"})

    def test_one_debtor_has_its_own_dialog(self):
        debtor = self.debtors(1)
        self.assertEqual(self.owed(debtor).action_hold()["res_model"], "recovery.hold")
        self.assertEqual(self.owed(debtor).action_promise()["res_model"], "recovery.promise")
        self.assertEqual(self.owed(debtor).action_hand_over()["res_model"], "recovery.bulk")

    def held(self, debtor, **values):
        """Return a claim of ``debtor`` that is put on hold."""
        claim = self.owed(debtor)[0]
        self.env["recovery.hold"].create(
            {
                "partner_id": debtor.id,
                "date_until": "2026-03-31",
                "reason": "Palette cassée",
                "move_line_ids": [Command.set(claim.move_line_id.ids)],
                **values,
            }
        )
        return claim

    # -- who is left out, and who refuses --------------------------------------------------

    def test_what_is_left_out_says_why(self):
        debtors = self.debtors(3)
        held = self.held(debtors[0], kind="dispute")
        self.env["recovery.promise"].create(
            {"partner_id": debtors[1].id, "amount": 10, "date_promised": "2026-03-20"}
        )
        self.env["recovery.case"]._open(debtors[2], self.owed(debtors[2]).move_line_id)
        asked = self.asked(self.owed(debtors), "hold")
        first, second, third = asked.line_ids.sorted("partner_id")
        self.assertEqual((first.claim_count, first.amount), (1, 50))
        self.assertEqual(first.left_out, f"On hold already: Dispute ({held.display_name})")
        self.assertIn("Promise to pay", second.left_out)
        asked.act = "promise"
        self.assertEqual((first.claim_count, second.claim_count), (1, 0))
        self.assertEqual(first.left_out, f"Disputed, or in insolvency ({held.display_name})")
        self.assertIn("Promised already", second.left_out)
        for act in ("case", "plan"):
            asked.act = act
            self.assertEqual((third.claim_count, first.claim_count), (0, 2), act)
            self.assertIn("In case", third.left_out)

    def test_instalments_are_in_their_plan(self):
        plan = self.active_plan(self.invoice(300, "2026-01-15"))
        other = self.debtors(1)
        claims = self.claims.search([("plan_id", "=", plan.id)]) + self.owed(other)
        for act in ("plan", "level", "case"):
            asked = self.asked(claims, act)
            line = asked.line_ids.filtered(lambda line: line.partner_id == self.debtor)
            self.assertEqual((line.claim_count, line.left_out[:17]), (0, "In a plan already"), act)
        holds = self.made(self.asked(claims, "hold"), "recovery.hold")
        self.assertFalse(holds.filtered(lambda hold: hold.partner_id == self.debtor).move_line_ids)

    def test_a_level_is_not_given_twice(self):
        debtors = self.debtors(2)
        line = self.env["recovery.notice.line"].sudo()
        notice = (
            self.env["recovery.notice"]
            .sudo()
            .create(
                {
                    "partner_id": debtors[0].id,
                    "company_id": self.company.id,
                    "level_id": self.level.id,
                    "channel": "email",
                    "date": "2026-02-01",
                }
            )
        )
        had = self.owed(debtors[0])[0]
        line.create(
            {
                "notice_id": notice.id,
                "move_line_id": had.move_line_id.id,
                "level_id": self.level.id,
                "amount_residual": 100,
                "date_due": had.date_due,
            }
        )
        asked = self.asked(self.owed(debtors), "level")
        first = asked.line_ids.filtered(lambda line: line.partner_id == debtors[0])
        self.assertEqual(first.left_out, f"Had this level already ({had.display_name})")
        asked.action_apply()
        self.env.invalidate_all()
        self.assertFalse(had.chosen_level_id)
        self.assertEqual(len(self.owed(debtors).filtered("chosen_level_id")), 3)

    def test_who_refuses_is_named_and_the_others_lose_nothing(self):
        debtors = self.debtors(5)
        asked = self.asked(self.owed(debtors), "case")
        stranger = asked.line_ids[2]
        stranger.sudo().partner_id = self.debtor  # its claims are another's: the case refuses them
        asked.action_apply()
        self.assertEqual(asked.line_ids.filtered("is_refused"), stranger)
        self.assertEqual(stranger.outcome, "Choose open claims of one debtor and one creditor.")
        cases = self.env["recovery.case"].search([("partner_id", "in", debtors.ids)])
        self.assertEqual(len(cases), 4)
        self.assertEqual(set((asked.line_ids - stranger).mapped("outcome")), {"Done"})

    def test_who_is_unticked_is_left_alone(self):
        debtors = self.debtors(2)
        asked = self.asked(self.owed(debtors), "hold")
        asked.line_ids[0].is_wanted = False
        self.assertEqual(self.made(asked, "recovery.hold").partner_id, asked.line_ids[1].partner_id)
        self.assertFalse(asked.line_ids[0].outcome)

    def test_nothing_to_do_and_nothing_said(self):
        debtors = self.debtors(2)
        asked = self.asked(self.owed(debtors), "hold", reason=False, date_until=False)
        with self.refused("Until, Reason"):
            asked.action_apply()
        asked.write({"reason": "Salon", "date_until": "2026-03-01"})
        with self.refused("over already"):
            asked.action_apply()
        asked.line_ids.is_wanted = False
        asked.date_until = "2026-03-31"
        with self.refused("Nothing is left to do"):
            asked.action_apply()

    def test_says_what_was_chosen_and_what_came_of_it(self):
        debtors = self.debtors(3)
        self.held(debtors[0])
        asked = self.asked(self.owed(debtors), "hold")
        asked.line_ids.filtered(lambda line: line.partner_id == debtors[2]).is_wanted = False
        self.assertEqual(asked.summary, "Chosen: 6 claims of 3 debtors. This is about 3 claims of 2 debtors.")
        asked.action_apply()
        self.assertEqual(asked.summary, "Done for 2 debtors, refused for 0, left alone: 1.")

    def test_more_than_one_go_takes(self):
        debtors = self.debtors(3)
        claims = self.owed(debtors)
        self.patch(bulk, "MOST", 5)
        with self.refused("Chosen: 6 claims, and one go takes 5"):
            claims.action_hold()

    def test_more_than_the_list_hands_over(self):
        """Of all that a filter finds the web client sends the first ids only, and says nothing of the others."""
        debtors = self.debtors(3)
        claims = self.owed(debtors)
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "4")
        handed = claims[:4]
        chosen = handed.with_context(
            active_model=claims._name,
            active_ids=handed.ids,
            active_domain=[("partner_id", "in", debtors.ids)],
        )
        for act in ("hold", "promise", "negotiate_plan", "level", "hand_over"):
            with self.refused("6 rows are chosen, and the list hands over the first 4 only"):
                getattr(chosen, f"action_{act}")()
        few = [("id", "in", handed.ids)]
        self.assertEqual(chosen.with_context(active_domain=few).action_hold()["res_model"], "recovery.bulk")

    # -- rights, the worklist, queries -----------------------------------------------------

    def test_who_may_not_is_refused_by_the_server(self):
        debtors = self.debtors(2)
        reader = new_test_user(
            self.env, "bulk_reader", groups="account.group_account_readonly", company_id=self.company.id
        )
        with self.assertRaises(AccessError):
            self.owed(debtors).with_user(reader).action_hold()
        collector = self.collector("bulk_collector")
        claims = self.owed(debtors).with_user(collector)
        asked = self.env["recovery.bulk"].with_user(collector)
        asked = asked.browse(asked._open(claims, "hold")["res_id"])
        asked.reason = "Salon"
        asked.action_apply()
        holds = self.env["recovery.hold"].search([("partner_id", "in", debtors.ids)])
        self.assertEqual((len(holds), holds.create_uid), (2, collector))

    def test_from_the_worklist_what_is_late(self):
        debtors = self.debtors(2)
        self.invoice(7, "2026-04-30", partner_id=debtors[0].id)
        for debtor in debtors:
            self.env["recovery.promise"].create(
                {
                    "partner_id": debtor.id,
                    "amount": 10,
                    "date_given": "2026-02-01",
                    "date_promised": "2026-02-10",
                }
            )._judge(date(2026, 3, 1))
        self.env["recovery.worklist"]._refresh(self.company, date(2026, 3, 2))
        rows = self.env["recovery.worklist"].search([("partner_id", "in", debtors.ids)])
        self.assertEqual(len(rows), 2)
        asked = self.env["recovery.bulk"].browse(rows.action_bulk()["res_id"])
        self.assertEqual(asked.line_ids.mapped("amount"), [150, 150])
        self.owed(debtors).move_line_id.move_id.button_draft()
        with self.refused("Nothing of these debtors is late"):
            rows.action_bulk()

    def test_a_debtor_more_costs_no_more_than_its_own(self):
        debtors = self.debtors(15)
        for act, bound in A_DEBTOR_MORE.items():
            few, many = (self.queries(act, debtors[:count]) for count in (5, 15))
            self.assertLessEqual((many - few) / 10, bound, f"{act}: {few} queries for 5, {many} for 15")

    def test_the_level_of_a_claim_more_costs_nothing(self):
        """Not one query of its own: neither its history, nor Odoo's balance of an entry that does not change."""
        debtor = self.debtors(1)
        few = self.queries("level", debtor)
        self.invoices([(10, "2026-01-15", {"partner_id": debtor.id})] * 20)
        self.assertLessEqual(self.queries("level", debtor) - few, 4)

    def queries(self, act, debtors):
        """Return what it costs to show and do ``act`` for ``debtors``; it is undone."""
        with self.env.cr.savepoint() as undone:
            claims = self.owed(debtors)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            asked = self.asked(claims, act)
            shown = {
                "left_out": {},
                "amount": {},
                "claim_count": {},
                "partner_id": {"fields": {"display_name": {}}},
            }
            asked.web_read({"line_ids": {"fields": shown}})
            asked.action_apply()
            self.env.flush_all()
            self.assertEqual(len(asked.line_ids), len(debtors))
            self.assertFalse(asked.line_ids.filtered("is_refused"))
            spent = self.env.cr.sql_log_count - before
            undone.rollback()
        return spent
