"""Where a letter's address is printed, and where it is folded, measured in the PDF in millimetres."""

import io
import runpy
from pathlib import Path

from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfReader

from ...models.message.letter_window import COUNTRY_WINDOWS, WINDOWS, in_lines
from ..notice.notice_common import NoticeCommon

MM = 25.4 / 72


def on_sheet(page):
    """What a page shows: ([(text, x, y)], [(x, y)] of the corners of lines), in mm from its upper left."""
    height = float(page.mediabox.height)
    texts, corners = [], []

    def place(x, y, matrix):
        return (
            (x * matrix[0] + y * matrix[2] + matrix[4]) * MM,
            (height - (x * matrix[1] + y * matrix[3] + matrix[5])) * MM,
        )

    def text(words, matrix, at, _font, _size):
        if words.strip():
            texts.append((words.strip(), *place(at[4], at[5], matrix)))

    def operand(operator, operands, matrix, _at):
        if operator in (b"m", b"l", b"re"):
            corners.append(place(float(operands[0]), float(operands[1]), matrix))

    page.extract_text(visitor_text=text, visitor_operand_before=operand)
    return texts, corners


@tagged("post_install", "-at_install")
class TestLetterWindow(NoticeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.france, cls.germany = cls.env.ref("base.fr"), cls.env.ref("base.de")
        cls.company.write({"country_id": cls.france.id})
        cls.debtor = cls.make_debtor(
            "Boulangerie Dupont",
            is_company=True,
            street="2 rue du Four",
            street2="Bâtiment B",
            zip="69001",
            city="Lyon",
            country_id=cls.france.id,
        )
        cls.accounting = cls.make_debtor(
            "Service comptabilité",
            parent_id=cls.debtor.id,
            type="invoice",
            street="BP 12345",
            zip="69401",
            city="Lyon Cedex 03",
            country_id=cls.france.id,
        )
        cls.level.channel_ids.filtered(lambda line: line.channel == "email").unlink()

    def printed(self, *debtors, **level):
        self.level.write(level)
        notice = self.notify(*debtors)
        pdfs = notice._print()
        return [on_sheet(page) for page in PdfReader(io.BytesIO(pdfs[notice])).pages]

    def test_a_branch_without_an_address_has_the_envelopes_of_its_creditor(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.assertFalse(branch.country_id)
        self.assertEqual(branch.recovery_envelope, "right")
        branch.country_id = self.germany
        self.assertEqual(branch.recovery_envelope, "left", "an address of its own decides")

    def test_a_branch_from_before_takes_the_window_of_its_company(self):
        self.company.country_id = self.env.ref("base.fr")
        branches = self.env["res.company"].create(
            [{"name": f"Branch {number}", "parent_id": self.company.id} for number in range(3)]
        )
        before, chosen, abroad = branches
        branches.country_id = False
        abroad.country_id = self.env.ref("base.us")
        before.recovery_envelope = abroad.recovery_envelope = "none"
        chosen.recovery_envelope = "left_high"
        script = Path(__file__).parents[2] / "migrations" / "19.0.1.1.0" / "post-branches.py"
        runpy.run_path(str(script))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(branches.mapped("recovery_envelope"), ["right", "left_high", "none"])

    def test_default_by_country(self):
        for code, window in (
            ("fr", "right"),
            ("de", "left"),
            ("at", "left"),
            ("gb", "left_high"),
            ("us", "none"),
        ):
            company = self.env["res.company"].create(
                {
                    "name": f"In {code}",
                    "country_id": self.env.ref(f"base.{'uk' if code == 'gb' else code}").id,
                }
            )
            self.assertEqual(company.recovery_envelope, window, code)
        self.assertLessEqual(set(COUNTRY_WINDOWS.values()), WINDOWS.keys())

    def test_address_shows_in_the_window(self):
        for name, (left, right, top, bottom) in {
            # what every window of the standard shows, wherever the sheet slides in the envelope
            "right": (100, 190, 53, 79),
            "left": (20, 105, 62, 90),
            "left_high": (20, 100, 57, 81),
        }.items():
            with self.subTest(name):
                self.company.recovery_envelope = name
                self.accounting.name = f"Service comptabilité {name}"
                pages = self.printed(self.debtor.copy({"child_ids": [(6, 0, self.accounting.copy().ids)]}))
                texts, _corners = pages[0]
                wanted = ("Boulangerie Dupont", "Service comptabilité", "BP 12345", "69401 Lyon Cedex 03")
                lines = [line for line in texts if line[2] < bottom + 15 and line[0].startswith(wanted)]
                self.assertEqual(len(lines), len(wanted), texts[:30])
                for words, x, y in lines:
                    self.assertTrue(left <= x <= right and top <= y <= bottom, (words, x, y))
                below = min(y for words, x, y in texts if (words, x, y) not in lines and y > top)
                self.assertGreater(below, bottom, "nothing else shows in the window")

    def test_fold_marks_on_the_first_page_only(self):
        self.company.recovery_envelope = "right"
        for number in range(60):
            self.invoice(self.debtor, 10.0 + number)
        pages = self.printed(self.debtor, letter_kind="formal_notice")
        self.assertGreater(len(pages), 1)
        marks = [{round(y) for x, y in corners if 4 < x < 10} for _texts, corners in pages]
        for fold in (99, 198):
            self.assertTrue(marks[0] & {fold - 1, fold, fold + 1}, marks[0])
        self.assertFalse(any(marks[1:]), "the other pages are not marked")

    def test_no_window_leaves_the_layout_alone(self):
        self.company.recovery_envelope = "none"
        [(_texts, corners), *_rest] = self.printed(self.debtor)
        self.assertFalse([y for x, y in corners if 4 < x < 10])

    def test_long_address_keeps_the_town(self):
        self.accounting.write({"street": "S" * 300, "street2": "Third floor", "country_id": self.germany.id})
        content = self.notify(self.debtor)
        lines = content._contents()[content.id].postal_lines()
        self.assertLessEqual(len(lines), 6)
        self.assertEqual(lines[-1], "Germany")
        self.assertIn("69401", lines[-2])

    def test_long_lines_go_on_below(self):
        """The building is not cut off, nor a name while there is room."""
        self.accounting.street = "12 rue du Général-Leclerc-de-Hauteclocque, bâtiment C, escalier 4"
        content = self.notify(self.debtor)
        lines = content._contents()[content.id].postal_lines()
        street = ["12 rue du Général-Leclerc-de-Hauteclocque,", "bâtiment C, escalier 4"]
        self.assertEqual(lines[2:], [*street, "69401 Lyon Cedex 03"])

    def test_a_hyphen_is_broken_where_it_saves_a_line(self):
        name, street = (
            "Service comptabilité",
            "12 rue de la Très-Longue-Avenue-du-Général-Leclerc, escalier 4",
        )
        broken = ["12 rue de la Très-Longue-Avenue-du-Général-", "Leclerc, escalier 4"]
        place = ["London", "SW1A 1AA", "United Kingdom"]
        self.assertEqual(in_lines([name], [street, *place]), [name, *broken, *place])

    def test_country_is_left_out_at_home(self):
        notice = self.notify(self.debtor)
        self.assertEqual(notice._contents()[notice.id].postal_lines()[-1], "69401 Lyon Cedex 03")
