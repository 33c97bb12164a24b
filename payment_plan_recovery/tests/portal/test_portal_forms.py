"""Every form of the portal, with what nobody should send in each of its words: refused in words, or harmless.

Forms come from the server's map, and words from what their methods take: a new one fails until ``forms`` says what a
debtor would send there.
"""

import inspect
from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ...controllers.visit import BEYOND_ANY_DEBT, LONGEST_TEXT, WAYS
from ...models.portal.attempt import LIMITS
from .portal_common import PortalCommon, visitors_rules

SCRIPT = "<script>alert(1)</script>"
#: What is sent in place of each word; None leaves it out.
HOSTILE = (
    None,
    ["", "x"],
    "x" * (LONGEST_TEXT + 1),
    "-1",
    "1e400",
    "1,5",
    "\uff11\uff12\u0663",
    f"\0{SCRIPT}",
    "9" * 30,
)
#: What is sent to a login, which comes by the same methods: the kinds that differ most.
FEW = (f"\0{SCRIPT}", "9" * 30)
#: The same in a call of the payment form, which may say more than text.
CALLED = (*HOSTILE[3:], "NaN", [], {}, True, [1], -1, 0.001, 10**400)
#: What no form asks for and whoever forges one adds.
ADDED = {
    "state": "accepted",
    "partner_id": "1",
    "company_id": "1",
    "currency_id": "1",
    "user_id": "1",
    "plan_id": "1",
    "access_token": "x",
    "csrf": SCRIPT,
}


@tagged("post_install", "-at_install")
class TestPortalForms(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill, cls.other = cls.late_invoice(600), cls.late_invoice(90)
        disputed = cls.late_invoice(50)
        cls.debtor.is_company = False  # who signs types the sum as well
        cls.running = cls.active_plan(cls.late_invoice(300))
        cls.offer = cls.plan(cls.late_invoice(120))
        cls.offer.action_propose()
        cls.over = cls.active_plan(cls.late_invoice(70))
        cls.over.action_cancel()
        cls.draft = cls.plan(cls.late_invoice(80))
        cls.draft.action_compare_options()
        cls.draft.sudo().recovery_portal_choice = True
        about = {"partner_id": cls.debtor.id, "company_id": cls.company.id, "description": "Wet"}
        cls.dispute = cls.env["recovery.dispute"].create(
            {**about, "move_line_ids": cls.item(disputed).ids, "user_id": cls.env.uid}
        )
        cls.asked = cls.env["recovery.request"].sudo().create({"kind": "contact", **about})
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})
        cls.theirs = cls.late_invoice(40, partner_id=cls.stranger.id)

    def setUp(self):
        super().setUp()
        self.login()
        self.root = self.link()._path()
        self.enterContext(patch.dict(LIMITS, dict.fromkeys(LIMITS, 10**6)))  # they are tried elsewhere

    # -- what there is ---------------------------------------------------------------------

    def forms(self):
        """{end of the address: (the plan it is about or None, what a debtor sends)}."""
        text = "In my words"
        signer = {"name": "Anne Martin", "capacity": "Manager", "figures": "120", "words": "one hundred"}
        return {
            "/promise": (None, {"date": str(self.today + timedelta(days=2))}),
            "/ask": (None, {"description": text, "amount": "100", "date": str(self.today)}),
            "/dispute": (
                None,
                {
                    "items": str(self.item(self.bill).id),
                    "cause": "price",
                    "description": text,
                    "amount": "5",
                    "page": "1",
                },
            ),
            "/disputes/<int:dispute_id>": (None, {"body": text, "rating": "5"}),
            "/write": (None, {"body": text}),
            "/requests/<int:request_id>": (None, {"body": text}),
            "/requests/<int:request_id>/withdraw": (None, {}),
            "/data": (
                None,
                {f"new_{name}": "69001" for name in ("email", "phone", "street", "zip", "city")},
            ),
            "/plans/<int:plan_id>/autopay": (self.running, {"token": "1"}),
            "/plans/<int:plan_id>/rate": (self.over, {"rating": "5", "body": text}),
            "/plans/<int:plan_id>/sign": (self.offer, {}),
            "/plans/<int:plan_id>/sign/code": (self.offer, {"address": f"email-{self.debtor.id}"}),
            "/plans/<int:plan_id>/sign/confirm": (
                self.offer,
                {"one_time_code": "123456", "consent": "1", **signer},
            ),
            "/plans/<int:plan_id>/refuse": (self.offer, {"reason": text}),
            "/plans/<int:plan_id>/choose": (self.draft, {"option": str(self.draft.option_ids[:1].id)}),
        }

    def posted(self, root):
        """Yield (address, what a debtor sends) of every form that is sent to one way in."""
        known, numbers = self.forms(), {"dispute_id": self.dispute.id, "request_id": self.asked.id}
        rules = sorted(
            visitors_rules(self.env), key=lambda rule: -len(rule.rule)
        )  # what begins to sign comes last
        for rule in rules:
            way, _code, path = rule.rule.partition("<string:code>")
            if way != "/r/" or rule.endpoint.routing.get("methods") != ["POST"]:
                continue
            self.assertIn(path, known, "say what a debtor sends there")
            plan, words = known.pop(path)
            taken = inspect.signature(rule.endpoint.func).parameters.values()
            named = {
                word.name
                for word in taken
                if word.kind is word.POSITIONAL_OR_KEYWORD and word.default is None
            }
            self.assertLessEqual(named - set(WAYS), words.keys(), f"{path}: say what a debtor sends there")
            for name, number in (numbers | {"plan_id": plan and plan.id}).items():
                path = path.replace(f"<int:{name}>", str(number))
            yield root + path, words
        self.assertFalse(known, "no such form is there any more")

    def tried(self, words, values):
        """Yield (name, words): each in turn as each of ``values`` has it, the others as they are."""
        for name in words:
            for value in values:
                yield (
                    name,
                    {key: said for key, said in words.items() if key != name}
                    | ({} if value is None else {name: value}),
                )
        yield "added", {**words, **ADDED}

    # -- what is written -------------------------------------------------------------------

    @contextmanager
    def undone(self):
        """Take back what is written within."""
        with closing(self.env.cr.savepoint()):
            yield

    def file(self):
        """What is known of the debtor: {name: what must not change by being refused}."""
        self.env.invalidate_all()
        kept = self.debtor.sudo()
        plans = self.running | self.offer | self.over | self.draft
        models = dict.fromkeys(("promise", "dispute", "request", "hold", "contact"), "partner_id")
        models |= {"signature": "plan_id.partner_id", "autopay": "plan_id.partner_id"}
        return {
            "records": {
                model: self.env[f"recovery.{model}"].sudo().search_count([(whose, "=", kept.id)])
                for model, whose in models.items()
            },
            "debtor": kept.read(["name", "email", "phone", "street", "zip", "city", "company_id"]),
            "plans": plans.read(["state", "partner_id", "amount_total", "debtor_rating"], load=None),
            "said": [
                self.env["mail.message"].search_count(
                    [("model", "=", record._name), ("res_id", "=", record.id)]
                )
                for record in (self.dispute, self.asked)
            ],
            "asked": (self.dispute.read(["state", "debtor_rating"]), self.asked.sudo().read(["state"])),
        }

    def assert_harmless(self, answer, before):
        """What was refused wrote nothing; what was taken is what a debtor may say."""
        self.assertLess(answer.status_code, 500)
        self.assertNotIn(SCRIPT, answer.text)
        for secret in (self.theirs.name, "Stranger"):
            self.assertNotIn(secret, answer.text)
        after = self.file()
        if answer.status_code >= 400 or 'role="alert"' in answer.text:
            self.assertEqual(after, before, "what is refused writes nothing")
            return
        self.assertEqual(after["debtor"], before["debtor"])
        for was, now in zip(before["plans"], after["plans"], strict=True):
            moves = {("proposed", "draft"), ("draft", "proposed"), (was["state"], was["state"])}
            self.assertIn(
                (was["state"], now["state"]), moves, "nothing is signed, ended or in force by a form"
            )
            self.assertEqual(was["partner_id"], now["partner_id"])
        self.assert_sane()

    def assert_sane(self):
        mine = [("partner_id", "=", self.debtor.id)]
        promises = self.env["recovery.promise"].search(mine)
        late = promises and self.debtor.sudo()._portal_late_claims(self.company)
        for promise in promises:
            self.assertEqual(promise.amount, sum(late.mapped("amount_residual")), "the server says how much")
            self.assertTrue(0 <= (promise.date_promised - self.today).days <= 14)
        for dispute in self.env["recovery.dispute"].search(mine):
            self.assertTrue(0 <= dispute.amount <= max(dispute.move_line_ids.mapped("amount_residual")))
            self.assertEqual(dispute.move_line_ids.partner_id, self.debtor)
        for asked in self.env["recovery.request"].sudo().search(mine):
            self.assertTrue(0 <= asked.amount < BEYOND_ANY_DEBT)
            self.assertLessEqual(len(asked.description), 6 * LONGEST_TEXT)
            self.assertTrue(not asked.date_first or 0 <= (asked.date_first - self.today).days <= 31)
        strangers = [("partner_id", "=", self.stranger.id)]
        for model in ("promise", "dispute", "request", "hold", "contact"):
            self.assertFalse(self.env[f"recovery.{model}"].sudo().search(strangers))

    # -- the tests -------------------------------------------------------------------------

    def send_all(self, root, values):
        before = self.file()
        for address, words in self.posted(root):
            for name, sent in self.tried(words, values):
                with self.subTest(address=address, name=name, sent=str(sent.get(name))[:40]), self.undone():
                    self.assert_harmless(self.post(address, **sent), before)
            with self.subTest(address=address, name="from elsewhere"), mute_logger("odoo.http"):
                answer = self.url_open(address, data={**words, "more": "1"})
                self.assertEqual(answer.status_code, 400, "forms of other sites carry no token of ours")
        self.assertEqual(self.file(), before)

    def test_whoever_has_the_link_sends_anything(self):
        self.post(f"{self.root}/plans/{self.offer.id}/sign")
        shown = self.env["recovery.signature"].search([("plan_id", "=", self.offer.id)]).sudo()
        shown.write({"code_hash": shown._hash("123456"), "code_sent_at": fields.Datetime.now()})
        self.send_all(self.root, HOSTILE)

    def test_a_login_sends_anything(self):
        self.login(self.portal_user("forms_own", self.contact("own", self.debtor)))
        self.send_all(f"/my/creditor/{self.company.id}", FEW)

    def test_another_debtor_sends_what_this_one_might(self):
        """By its own link, with this one's numbers in the address and in the words."""
        before = self.file()
        for address, words in self.posted(self.link(self.stranger)._path()):
            with self.subTest(address), self.undone():
                answer = self.post(address, **words)
                for secret in (self.bill.name, self.running.name, self.debtor.name, "Wet"):
                    self.assertNotIn(secret, answer.text)
                self.assertEqual(self.file(), before)
        mine, theirs = self.item(self.bill).id, self.item(self.theirs).id
        for items in ([theirs], [mine, theirs]):
            answer = self.post(f"{self.root}/dispute", cause="price", description="Mine", items=items)
            self.assertIn("Choose invoices", answer.text)
        self.assertEqual(self.file(), before)

    def test_what_is_asked_in_an_address_or_called(self):
        before = self.file()
        for path, names in (
            ("", ("page", "done")),
            ("/dispute", ("page",)),
            ("/pay", ("amount", "items")),
            (f"/plans/{self.running.id}", ("amount", "choice", "done")),
            (f"/plans/{self.offer.id}/sign", ("sent",)),
        ):
            for name in names:
                for value in HOSTILE[1:]:
                    asked = {"choice": "part"} | {name: value}
                    with self.subTest(path=path, name=name, value=str(value)[:40]):
                        answer = self.opener.get(self.base_url() + self.root + path, params=asked, timeout=60)
                        self.assert_harmless(answer, before)
        for path in ("/pay/overdue/transaction", f"/plans/{self.running.id}/transaction/part"):
            for name in ("amount", "provider_id", "flow"):
                for value in CALLED:
                    refused = self.assertRaisesRegex(JsonRpcException, "^(odoo|werkzeug).exceptions")
                    with (
                        self.subTest(path=path, name=name, value=str(value)[:40]),
                        refused,
                        mute_logger("odoo.http"),
                    ):
                        self.make_jsonrpc_request(self.root + path, {"amount": 100.0, name: value})
        self.assertEqual(self.file(), before)
        self.assertFalse(
            self.env["payment.transaction"].search([("recovery_debtor_id", "=", self.debtor.id)])
        )
