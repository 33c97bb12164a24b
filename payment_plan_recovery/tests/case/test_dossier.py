"""Evidence: complete, numbered, sealed, never changed; a missing piece is named."""

import hashlib
import io
import json
import secrets
import time
import zipfile
import zlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.pdf import PdfReader

from ..common.memory import MeasuresMemory
from .case_common import CaseCommon
from .papers import in_nines, paper, paper_of_tables


@tagged("post_install", "-at_install")
class TestDossier(MeasuresMemory, CaseCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.open_case(100.0)
        cls.move = cls.case.line_ids.move_id
        cls.attach(cls.move, "Delivery note.txt", b"Delivered")

    def test_what_is_claimed_in_a_case_is_given_to_nobody_else_meanwhile(self):
        other = self.make_debtor("Other", is_company=True)
        self.move.button_draft()
        with self.assertRaisesRegex(UserError, "is claimed from Late in CASE/"):
            self.move.partner_id = other
        self.move.invoice_line_ids.name = "Work, corrected"
        self.move.action_post()
        self.case.action_give_up()
        self.move.button_draft()
        self.move.partner_id = other
        self.move.action_post()
        self.assertEqual(self.item(self.move).partner_id, other)

    @classmethod
    def attach(cls, record, name, raw):
        return cls.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": record._name, "res_id": record.id}
        )

    def build(self):
        self.case.action_build_evidence()
        return self.case.dossier_ids.sorted("version")[-1]

    def files(self, dossier, suffix):
        return dossier.attachment_ids.filtered(lambda file: file.name.endswith(suffix))

    def test_every_piece_with_its_fingerprint(self):
        dossier = self.build()
        with zipfile.ZipFile(io.BytesIO(self.files(dossier, ".zip").raw)) as bundle:
            manifest = bundle.read("manifest.json")
            self.assertEqual(hashlib.sha256(manifest).hexdigest(), dossier.sha256)
            pieces = json.loads(manifest)["pieces"]
            self.assertEqual([piece["number"] for piece in pieces], list(range(1, len(pieces) + 1)))
            for piece in pieces:
                self.assertEqual(hashlib.sha256(bundle.read(piece["file"])).hexdigest(), piece["sha256"])
            self.assertEqual(set(bundle.namelist()), {piece["file"] for piece in pieces} | {"manifest.json"})
        kinds = dossier.piece_ids.mapped("kind")
        self.assertEqual(kinds, ["chronology", "invoice", "attachment", "account"])
        self.assertEqual(dossier.piece_ids[2].page, 0, "a text is in the ZIP only")

    def test_a_piece_lies_in_the_zip_whatever_its_file_was_called(self):
        """Under a name that every system takes: mails bring files with any name."""
        names = (
            "x..\\..\\y.z/etc\\passwd",
            "order no. 5/2026",
            "fdp.\u202eexe",
            "a." + "é" * 300,
            "b" * 300 + ".txt",
        )
        for number, name in enumerate(names):
            self.attach(self.case, name, b"piece %d" % number)
        dossier = self.build()
        with zipfile.ZipFile(io.BytesIO(self.files(dossier, ".zip").raw)) as bundle:
            found = {name: bundle.read(name) for name in bundle.namelist()}
        for name in found:
            self.assertNotRegex(name, "[/\\\\\u202e]")
            self.assertLess(len(name.encode()), 256)
        self.assertEqual(len([data for data in found.values() if data.startswith(b"piece")]), len(names))
        self.assertTrue([name for name in found if name.endswith("b….txt")], "it is opened as what it is")
        self.assertFalse(dossier._broken())

    def test_pages_are_numbered_through(self):
        dossier = self.build()
        bound = self.files(dossier, " 1.pdf")
        reader = PdfReader(io.BytesIO(bound.raw))
        for piece in dossier.piece_ids.filtered("page"):
            self.assertIn(f"{piece.number} · {piece.page}", reader.pages[piece.page - 1].extract_text())
        index = PdfReader(io.BytesIO(self.files(dossier, "index.pdf").raw))
        text = "".join("".join(page.extract_text().split()) for page in index.pages)
        self.assertIn(dossier.sha256, text)

    def test_missing_piece_is_named(self):
        entry = self.credit(self.case.partner_id, -50.0).move_id
        self.case._open(self.case.partner_id, self.item(entry))
        case = self.case.search([("line_ids.move_id", "=", entry.id)])
        case.action_build_evidence()
        missing = case.dossier_ids.piece_ids.filtered("is_missing")
        self.assertEqual(missing.mapped("name"), [entry.name])
        self.assertEqual(case.dossier_ids.missing_count, 1)

    def test_never_changed_nor_deleted(self):
        dossier = self.build()
        bundle = self.files(dossier, ".zip")
        for refused in (
            lambda: dossier.write({"sha256": "0"}),
            dossier.unlink,
            lambda: dossier.piece_ids[0].write({"name": "Other"}),
            dossier.piece_ids[0].unlink,
            lambda: bundle.write({"raw": b"other"}),
            lambda: bundle.write({"res_id": 0}),
            bundle.unlink,
        ):
            with self.assertRaises(UserError):
                refused()
        collector = new_test_user(
            self.env, "collector-of-proofs", groups="payment_plan_recovery.group_recovery_user"
        )
        with self.assertRaises(AccessError):
            dossier.with_user(collector).create({"case_id": self.case.id, "version": 9})

    def test_verified_on_demand(self):
        dossier = self.build()
        self.assertFalse(dossier._broken())
        self.assertEqual(dossier.action_verify()["params"]["type"], "success")
        bundle = self.files(dossier, ".zip")
        changed = io.BytesIO(bundle.raw)
        forged = io.BytesIO()
        with zipfile.ZipFile(changed) as source, zipfile.ZipFile(forged, "w") as target:
            for name in source.namelist():
                data = b"Not delivered" if name.startswith("003") else source.read(name)
                target.writestr(name, data)
        # somebody with the database at hand puts another file in its place
        other = self.attach(self.case, "forged.zip", forged.getvalue())
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = %s WHERE id = %s", [other.store_fname, bundle.id]
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "003 Delivery note.txt"):
            dossier.action_verify()

    def test_further_version_keeps_the_first(self):
        first = self.build()
        self.attach(self.case, "Letter.txt", b"Later")
        second = self.build()
        self.assertEqual((first.version, second.version), (1, 2))
        self.assertEqual(second.piece_count, first.piece_count + 1)
        self.assertFalse(first._broken())

    def test_a_small_file_that_unpacks_to_much_is_bound_as_it_is_packed(self):
        self.attach(self.case, "Much.pdf", paper(zlib.compress(b"q Q " * 15_000_000)))
        # 60 MB of it
        self.assertLess(self.peak_of(self.case.action_build_evidence), 40_000_000)
        dossier = self.case.dossier_ids.sorted("version")[-1]
        self.assertTrue(dossier.piece_ids.filtered(lambda piece: piece.name == "Much").page)

    def test_a_file_whose_tables_would_fill_the_memory_is_in_the_zip_as_it_came(self):
        much = zlib.compress(b" " * 60_000_000)
        for name, raw in (
            ("Objects", paper(much, b"/Type /ObjStm /N 1 /First 9")),
            ("Disguised", paper(much, b"/Type /Obj#53tm /N 1 /First 9")),
            ("Pages", paper(b"", kids=b"3 0 R " * 400_000)),
            ("Told long after", paper_of_tables(words=b"/X (%s)" % (b"x" * 5000), much=60_000_000)),
            ("Told in a string", paper_of_tables(words=b"/X (1 0 obj)", much=60_000_000)),
            ("Places", paper_of_tables(places=60_000_000)),
        ):
            self.attach(self.case, f"{name}.pdf", raw)
        self.assertLess(self.peak_of(self.case.action_build_evidence), 30_000_000)
        self.assert_in_zip_only(6)

    def assert_in_zip_only(self, files):
        """So many files that were attached are in the ZIP and not in the paged PDF."""
        dossier = self.case.dossier_ids.sorted("version")[-1]
        pieces = dossier.piece_ids.filtered(
            lambda piece: (piece.file or "").endswith(".pdf") and not piece.page
        )
        self.assertEqual(len(pieces), files, dossier.piece_ids.mapped("file"))
        self.assertFalse(dossier._broken(), "they are in the ZIP")

    def test_tables_that_cannot_be_unpacked_bit_by_bit_are_not_unpacked(self):
        for name, raw in (
            ("Nine bits", paper_of_tables(b"/LZWDecode", in_nines)),
            (
                "Twice",
                paper_of_tables(
                    b"[/FlateDecode /FlateDecode]", lambda raw: zlib.compress(zlib.compress(raw))
                ),
            ),
        ):
            self.attach(self.case, f"{name}.pdf", raw)
        self.attach(self.case, "Once.pdf", paper_of_tables(b"[/FlateDecode]"))
        self.case.action_build_evidence()
        self.assert_in_zip_only(2)

    def test_tables_that_would_be_read_for_ever(self):
        """One that says it comes before itself, and one that is looked through from its beginning for each page."""
        self.attach(self.case, "Before itself.pdf", paper_of_tables(before_itself=True))
        self.attach(self.case, "Long.pdf", paper_of_tables(pages=4_000))
        started = time.process_time()
        self.case.action_build_evidence()
        # for ever, and 16 million entries
        self.assertLess(time.process_time() - started, 30)
        dossier = self.case.dossier_ids.sorted("version")[-1]
        self.assertFalse(dossier.piece_ids.filtered(lambda piece: piece.name == "Long").page)

    def test_memory_does_not_grow_with_the_pieces(self):
        self.case.action_build_evidence()
        # Printed before: the printer asks this server for styles and fonts, several at once or not, as it happens.
        reports = type(self.env["ir.actions.report"])
        printed = self.env["ir.actions.report"]._recovery_print(
            "payment_plan_recovery.report_dossier", self.case.dossier_ids
        )[self.case.dossier_ids]
        self.patch(reports, "_recovery_print", lambda _self, _name, records: {records: printed})

        def peak(pieces):
            case = self.open_case(100.0)
            for number in range(pieces):
                self.attach(case, f"Scan {number}.bin", secrets.token_bytes(100_000))
            return self.peak_of(case.action_build_evidence)

        few, many = peak(30), peak(300)
        # 27 MB more in the file
        self.assertLess(many - few, 2_000_000)

    def test_case_with_evidence_stays(self):
        self.build()
        with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017 the database refuses it
            self.case.unlink()
