"""A collector acts on claims of several pages at once, in French: on all that a search found, and on nothing else."""

import re
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from days import DESK, Days
from driver import PATIENCE
from odoo.tests import tagged

#: Debtors and the invoices of each: more claims than a page of the list holds.
DEBTORS, INVOICES, PAGE = 17, 5, 80


@tagged("post_install", "-at_install")
class TestManyClaims(Days):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.recovery_confirm_promises = False
        cls.many = cls.env["res.partner"].union(
            *(cls.debtor(f"Halles Zwolle {number:02}", *[100] * INVOICES) for number in range(DEBTORS))
        )
        cls.level = cls.env["recovery.dunning.level"].search([("policy_id.claim_kind", "=", "item")], limit=1)

    def test_each_act_on_all_that_was_found(self):
        chosen = self.many_items()
        self.assertGreater(len(chosen), PAGE)
        worker = self.at_work("collector", DESK)
        worker.go("action_claim")
        self.finds(worker, "Débiteur", "Zwolle")
        self.acts(worker, "action_level")
        of_level = self.env["account.move.line"].search([("recovery_level_id", "=", self.level.id)])
        self.assertEqual(of_level, chosen)
        self.acts(worker, "action_hold")
        self.assertEqual(self.made("recovery.hold", ("kind", "=", "manual")).move_line_ids, chosen)
        self.acts(worker, "action_promise")
        promises = self.made("recovery.promise", ("state", "=", "open"))
        self.assertEqual((promises.move_line_ids, len(promises)), (chosen, DEBTORS))
        self.assertEqual(sum(promises.mapped("amount")), 100 * INVOICES * DEBTORS)
        self.acts(worker, "action_negotiate_plan")
        self.assertEqual(self.made("recovery.plan", ("state", "=", "draft")).item_ids.move_line_id, chosen)
        self.acts(worker, "action_hand_over")
        cases = self.made("recovery.case")
        self.assertEqual((cases.line_ids.move_line_id, len(cases)), (chosen, DEBTORS))

    def test_what_a_figure_opens_adds_up_to_it_over_all_pages(self):
        worker = self.at_work("manager", DESK)
        worker.go("action_dashboard")
        told = worker.text("[data-figure='overdue'] .text-muted").split("÷")
        worker.click("[data-figure='overdue'] a.o_recovery_value")
        worker.sees(".o_list_view .o_data_row")
        self.assertEqual(worker._run("document.querySelectorAll('.o_data_row').length"), PAGE)
        totals = worker._run(
            "[...document.querySelectorAll('tfoot .o_list_number')].map(one => one.innerText)"
        )
        self.assertEqual(*([re.sub(r"\D", "", one) for one in numbers] for numbers in (totals, told)))
        worker.click("thead .o_list_record_selector .o-checkbox")
        chosen = worker._run(
            "[...document.querySelectorAll('tfoot .o_list_number')].map(one => one.innerText)"
        )
        self.assertNotEqual(chosen, totals, "of what is ticked the total is told")

    def test_what_is_typed_is_looked_for_in_every_column(self):
        cause = self.env["recovery.cause"].with_context(lang="fr_FR").search([], limit=1)
        self.env["recovery.contact"].create(
            {"partner_id": self.late.id, "channel": "phone", "outcome": "Dit", "cause_id": cause.id}
        )
        worker = self.at_work("collector", DESK)
        for column, words in (
            ("Cause du retard", cause.name),
            ("Facture", self.items(self.late).move_id.name),
        ):
            worker.go("action_claim")
            self.finds(worker, column, words)
            self.assertEqual(worker._run("document.querySelectorAll('.o_data_row').length"), 1, column)
            self.assertIn("Épicerie Lestrade", worker.text(".o_data_row"))

    def test_filters_and_groups_of_the_search(self):
        """On hold, over an amount and mine; grouped by what decides: what is shown is what the names say."""
        held = self.items(self.late)
        self.env["recovery.hold"].create(
            {
                "partner_id": self.late.id,
                "reason": "Palette cassée",
                "date_until": date.today() + timedelta(days=20),
                "move_line_ids": held.ids,
            }
        )
        worker = self.at_work("collector", DESK)
        worker.go("action_claim")
        self.picks(worker, "Suspendue")
        self.assertEqual(self.debtors_shown(worker), {self.late.name})
        worker.go("action_claim")
        self.finds(worker, "Doit au moins", "350")
        self.assertEqual(self.debtors_shown(worker), {self.chased.name})
        worker.go("action_claim")
        self.picks(worker, "Sous ma responsabilité")
        worker.sees(".o_view_nocontent")
        for name in ("Relancée ?", "Ancienneté", "Classe", "Niveau atteint", "Responsable"):
            worker.go("action_claim")
            self.picks(worker, name)
            worker.sees(".o_group_header")
            worker.click(".o_group_header")
            worker.sees(".o_data_row")

    def picks(self, worker, name):
        """Choose a filter or a grouping from the menu of the search, by its name."""
        worker.click(".o_searchview_dropdown_toggler")
        worker.sees(".o_search_bar_menu .o_menu_item")
        number = worker._run(
            "[...document.querySelectorAll('.o_search_bar_menu .o_menu_item')]"
            f".findIndex(one => one.innerText.replace(/\\s/g, ' ').trim() === {name!r})"
        )
        self.assertGreaterEqual(number, 0, f"{name} is not among the filters")
        worker._run(f"document.querySelectorAll('.o_search_bar_menu .o_menu_item')[{number}].click()")
        worker.press("Escape", 27)
        self.assertIn(name, worker.text(".o_searchview").replace("\xa0", " "))

    def debtors_shown(self, worker):
        names = "[...document.querySelectorAll('.o_data_row td[name=partner_id]')].map(one => one.innerText.trim())"
        return set(worker._run(names))

    def many_items(self):
        return self.env["account.move.line"].union(*map(self.items, self.many))

    def finds(self, worker, column, words):
        """Type into the search, and choose the column that is meant, as soon as it is offered."""
        item, end = ".o_searchview_autocomplete .o-dropdown-item", time.monotonic() + PATIENCE
        while not (number := worker.number_of(item, column)):
            self.assertLess(time.monotonic(), end, f"{column} is not among what the search offers")
            worker.type(".o_searchview_input", words)  # again, where the page was drawn anew meanwhile
            time.sleep(0.5)
        worker.click(f"{item}:nth-child({number})")
        self.assertIn(column, worker.text(".o_searchview"))

    def acts(self, worker, button):
        """Choose all that was found, over all pages, and do it."""
        worker.click("th.o_list_record_selector .o-checkbox")
        worker.click(".o_select_domain")
        worker.click(f"button[name='{button}']")
        told = worker.text(".modal [name='summary']")
        self.assertIn(f"{DEBTORS * INVOICES} créances de {DEBTORS} débiteurs", told)
        if button == "action_level":
            worker.take(".modal [name='level_id']", self.level.with_context(lang="fr_FR").name)
        if worker._run("!!document.querySelector(\".modal [name='reason'] textarea\")"):
            worker.type(".modal [name='reason'] textarea", "Salon de mars")
        worker.click(".modal button[name='action_apply']")
        worker.sees(".modal button[name='action_close']")
        worker.click(".modal button[name='action_close']")
        worker.sees("body:not(:has(.modal))")
        worker.rest()

    def made(self, model, *domain):
        """Return what the collector made."""
        return self.env[model].search([("create_uid", "=", self.users["collector"].id), *domain])
