"""What classes of tests begin with is made once for all of them, and none of them finds what another one did."""

import sys
from types import ModuleType
from unittest.mock import patch

from freezegun import freeze_time
from odoo.addons.payment_plan_recovery.tests.dunning.dunning_common import DunningCommon
from odoo.tests import BaseCase, HttpCase, TransactionCase, tagged

#: The classes for which the world was made, in their order.
MADE = []


class Start(DunningCommon):
    COUNTRY = "base.fr"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        MADE.append(cls.__name__)
        cls.company.country_id = cls.env.ref(cls.COUNTRY)
        cls.debtor = cls.make_debtor()
        cls.claim = cls.invoice(cls.debtor)
        cls.by_name = {"claim": cls.claim}

    def find_as_it_began(self):
        """The world is as it was made; leave it otherwise than it was found."""
        self.assertEqual(self.claim.state, "posted")
        self.assertEqual((self.company.name, self.company.country_id.code), ("Creditor", "FR"))
        self.assertEqual(self.debtor.lang, self.env["res.partner"].default_get(["lang"]).get("lang"))
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Left behind")]))
        self.assertFalse(self.env["ir.default"]._get("res.partner", "comment"))
        self.assertFalse(self.env.cr.precommit.data.get("left"))
        self.assertNotIn("left", type(self).__mro__[1].__dict__)
        self.company.name = "Renamed"
        self.env["ir.default"].set("res.partner", "comment", "Left behind")
        self.assertEqual(self.env["ir.default"]._get("res.partner", "comment"), "Left behind")
        self.env.cr.precommit.data["left"] = True


@tagged("post_install", "-at_install")
class TestFirst(Start):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.left = cls.env["res.partner"].create({"name": "Left behind, one class long"})
        cls.company.street = "Changed for one class"
        cls.by_name["left"] = cls.left
        cls.env = cls.env(context={**cls.env.context, "left": True})

    def test_once(self):
        self.find_as_it_began()

    def test_again(self):
        self.find_as_it_began()
        self.assertTrue(self.left.exists())


@tagged("post_install", "-at_install")
class TestSecond(Start):
    def test_nothing_is_left(self):
        self.find_as_it_began()
        self.assertFalse(self.company.street)
        self.assertEqual(self.by_name, {"claim": self.claim})
        self.assertNotIn("left", self.env.context)
        self.assertFalse(self.env["res.partner"].search([("name", "=like", "Left behind%")]))


@tagged("post_install", "-at_install")
class TestWeb(Start, HttpCase):
    def test_a_client_finds_the_same_world(self):
        self.find_as_it_began()
        self.assertEqual(self.env["ir.config_parameter"].sudo().get_param("web.base.url"), self.base_url())
        self.assertEqual(self.url_open("/web/login").status_code, 200)


@tagged("post_install", "-at_install")
class TestElsewhere(Start):
    COUNTRY = "base.be"

    def test_another_world(self):
        self.assertEqual(self.company.country_id.code, "BE")
        self.assertEqual(MADE[-1], "TestElsewhere")


@tagged("post_install", "-at_install")
class TestApart(Start):
    world_of_its_own = True

    def test_made_for_itself(self):
        self.assertEqual(MADE[-1], "TestApart")


@freeze_time("2026-03-02 10:00:00")
@tagged("post_install", "-at_install")
class TestOnAnotherDay(Start):
    def test_made_on_that_day(self):
        self.assertEqual(MADE[-1], "TestOnAnotherDay")


@tagged("post_install", "-at_install")
class TestMade(BaseCase):
    def test_once_for_all_that_have_the_same(self):
        """For each class in turn where the plugin is not there."""
        alone = ["TestFirst", "TestSecond", "TestWeb"]
        same = ["Start"] if "dev.worlds" in sys.modules else alone
        self.assertCountEqual(MADE, [*same, "TestElsewhere", "TestApart", "TestOnAnotherDay"])

    def test_odoos_own_are_made_for_each_class(self):
        """Wherever it lies: the set-up puts it into a folder of the project."""
        worlds = sys.modules.get("dev.worlds")
        if worlds:
            home = ModuleType("a_module_of_odoo")
            home.__file__ = str(worlds.RUN / "prefix" / "tests" / "common.py")
            base = type(
                "Base",
                (TransactionCase,),
                {"__module__": home.__name__, "setUpClass": vars(Start)["setUpClass"]},
            )
            with patch.dict(sys.modules, {home.__name__: home}):
                self.assertFalse(worlds.is_candidate.__wrapped__(base))
            self.assertTrue(worlds.is_candidate(Start))
