"""Evidence: every piece about a case, frozen, numbered and sealed by its fingerprints."""

import hashlib
import io
import json
import mmap
import tempfile
import zipfile
from contextlib import ExitStack

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import file_name
from ..common.company_words import in_words_of_company
from .dossier_pdf import Binder
from .dossier_source import KINDS

#: Pieces bound in one volume of the paged PDF: what is in memory at a time does not grow with the file.
PIECES_OF_A_VOLUME = 50
MANIFEST = "manifest.json"
FINGERPRINT_BLOCK = 1 << 20


class RecoveryDossier(models.Model):
    """One version of a case's evidence. It is never changed or deleted: a later state is a further version.

    The ZIP holds every piece and a manifest with the SHA-256 of each; ``sha256`` seals the manifest, and so
    the whole. The paged PDF binds what can be printed, in volumes, with an index.
    """

    _name = "recovery.dossier"
    _description = "Evidence Dossier"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "case_id, version desc"
    _rec_name = "name"
    _rec_names_search = ["case_id.display_name"]

    case_id = fields.Many2one("recovery.case", required=True, index=True, ondelete="restrict", protected=True)
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True, precompute=True)
    name = fields.Char(compute="_compute_name")
    version = fields.Integer(required=True, protected=True, help="Versions of a case count from 1.")
    built_at = fields.Datetime(required=True, protected=True, help="When the evidence was frozen.")
    built_by_id = fields.Many2one("res.users", string="Built by", required=True, protected=True)
    sha256 = fields.Char(
        string="SHA-256 of the whole", required=True, protected=True, help="Fingerprint of the manifest."
    )
    piece_ids = fields.One2many("recovery.dossier.piece", "dossier_id", string="Pieces", protected=True)
    piece_count = fields.Integer(string="Number of pieces", compute="_compute_counts")
    missing_count = fields.Integer(string="Missing", compute="_compute_counts", help="Pieces not found.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        compute="_compute_attachment_ids",
        string="Files",
        help="The ZIP and the volumes of the paged PDF.",
    )

    _one_version = models.Constraint("UNIQUE(case_id, version)", "A case has each version once.")

    @api.depends("case_id", "version")
    def _compute_name(self):
        for dossier in self:
            dossier.name = self.env._(
                "Evidence of %(case)s, version %(version)s",
                case=dossier.case_id.name or "",
                version=dossier.version,
            )

    def _compute_attachment_ids(self):
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], order="id"
        )
        for dossier in self:
            dossier.attachment_ids = files.filtered(lambda file, dossier=dossier: file.res_id == dossier.id)

    @api.depends("piece_ids.is_missing")
    def _compute_counts(self):
        for dossier in self:
            missing = dossier.piece_ids.filtered("is_missing")
            dossier.missing_count = len(missing)
            dossier.piece_count = len(dossier.piece_ids) - len(missing)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Evidence is not deleted: build a further version instead."))

    def write(self, vals):
        if self._fields_that_are("protected") & vals.keys():
            raise UserError(self.env._("Evidence is not changed: build a further version instead."))
        return super().write(vals)

    # -- building ----------------------------------------------------------------------------------

    @api.model
    def _build(self, case):
        """Freeze the evidence of ``case`` as its next version.

        Pieces go through temporary files one by one; a piece that cannot be had is named in the manifest.
        """
        case.check_access("write")
        # What pieces are called is read by a court where the creditor is, whoever builds them.
        case = in_words_of_company(case)
        with ExitStack() as stack:
            bundle = stack.enter_context(tempfile.TemporaryFile())
            rows, volumes = self._pack(case, bundle, stack)
            manifest = self._manifest(case, rows)
            with zipfile.ZipFile(bundle, "a", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, manifest)
            # sudo: a dossier is written here and nowhere else; the right to write the case was checked
            dossier = self.sudo().create(
                {
                    "case_id": case.id,
                    "version": 1 + max(case.dossier_ids.mapped("version"), default=0),
                    "built_at": fields.Datetime.now(),
                    "built_by_id": self.env.uid,
                    "sha256": hashlib.sha256(manifest).hexdigest(),
                    "piece_ids": [fields.Command.create(row) for row in rows],
                }
            )
            dossier._keep_files(bundle, volumes)
        return dossier.sudo(False)

    def _pack(self, case, bundle, stack):
        """Write the pieces into ``bundle`` (a ZIP) and into volumes of PDF; return (rows of pieces, files)."""
        rows, binder = [], Binder(stack, PIECES_OF_A_VOLUME)
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, piece in enumerate(case.env["recovery.dossier.source"]._pieces(case), 1):
                row = {"number": number, "kind": piece.kind, "name": piece.name, "date": piece.day}
                rows.append(row)
                data = piece.read()
                if not data:
                    row["is_missing"] = True
                    continue
                row["file"] = f"{number:03d} {file_name(piece.name)}{piece.suffix}"
                row |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
                archive.writestr(row["file"], data)
                row["page"] = binder.add(data, number)
        return rows, binder.close()

    def _manifest(self, case, rows):
        """Return the manifest as bytes: what the file holds, each piece with its fingerprint."""
        told = [{**row, "date": row["date"] and row["date"].isoformat()} for row in rows]
        head = {
            "case": case.name,
            "debtor": case.partner_id.name,
            "creditor": case.company_id.name,
            "built_at": fields.Datetime.to_string(fields.Datetime.now()),
            "pieces": told,
        }
        return json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True).encode()

    def _keep_files(self, bundle, volumes):
        """Keep the ZIP, the index and the volumes as the dossier's files."""
        files = [(f"{self.case_id.name}.zip", bundle)]
        files += [(f"{self.case_id.name} {number}.pdf", volume) for number, volume in enumerate(volumes, 1)]
        for name, file in files:
            file.flush()
            # Mapped, not read: what is kept does not have to fit into memory.
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                self._keep_file(name, mapped if self.env["ir.attachment"]._storage() == "file" else mapped[:])
        index = self.env["ir.actions.report"].with_company(self.company_id)
        printed = index._recovery_print("payment_plan_recovery.report_dossier", self)
        self._keep_file(f"{self.case_id.name} index.pdf", printed[self])

    def _keep_file(self, name, raw):
        self.env["ir.attachment"].create(
            {"name": name.replace("/", "-"), "raw": raw, "res_model": self._name, "res_id": self.id}
        )

    # -- verifying ---------------------------------------------------------------------------------

    def _broken(self):
        """Return the names of the files whose content is not what was frozen; none when all is as it was."""
        self.ensure_one()
        archive = self.attachment_ids.filtered(lambda file: file.name.endswith(".zip"))
        try:
            with self._open(archive) as file, zipfile.ZipFile(file) as bundle:
                manifest = bundle.read(MANIFEST)
                if hashlib.sha256(manifest).hexdigest() != self.sha256:
                    return [MANIFEST]
                pieces = [piece for piece in json.loads(manifest)["pieces"] if piece.get("sha256")]
                return [
                    piece["file"]
                    for piece in pieces
                    if _fingerprint(bundle, piece["file"]) != piece["sha256"]
                ]
        except (zipfile.BadZipFile, KeyError, OSError):
            return [archive.name or "ZIP"]

    @api.model
    def _open(self, archive):
        """Open a file of evidence for reading, from the filestore where it lies there."""
        if archive.store_fname:
            return open(archive._full_path(archive.store_fname), "rb")
        return io.BytesIO(archive.raw or b"")

    def action_verify(self):
        """Compare every piece with its fingerprint.

        :raise UserError: something is not what was frozen
        """
        for dossier in self:
            broken = dossier._broken()
            if broken:
                raise UserError(
                    self.env._(
                        "%(dossier)s is not what was frozen: %(files)s.",
                        dossier=dossier.name,
                        files=", ".join(broken),
                    )
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("Every piece is what was frozen.")},
        }


class RecoveryDossierPiece(models.Model):
    """One numbered piece of a dossier."""

    _name = "recovery.dossier.piece"
    _description = "Piece of Evidence"
    _inherit = ["recovery.guarded.fields"]
    _by_actions = True
    _order = "dossier_id, number"

    dossier_id = fields.Many2one(
        "recovery.dossier", required=True, index=True, ondelete="cascade", protected=True
    )
    number = fields.Integer(required=True, protected=True)
    kind = fields.Selection(KINDS, required=True, protected=True, help="What sort of piece it is.")
    name = fields.Char(required=True, protected=True)
    date = fields.Date(protected=True, help="Day of the piece.")
    file = fields.Char(protected=True, help="Its name in the ZIP.")
    size = fields.Integer(string="Bytes", protected=True)
    page = fields.Integer(protected=True, help="First page in the paged PDF; 0 when it is in the ZIP only.")
    sha256 = fields.Char(string="SHA-256", protected=True)
    is_missing = fields.Boolean(
        string="Missing", protected=True, help="Expected for such a case, and not found when it was built."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Evidence is not deleted: build a further version instead."))

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Evidence is not changed: build a further version instead."))


def _fingerprint(bundle, name):
    digest = hashlib.sha256()
    with bundle.open(name) as member:
        while block := member.read(FINGERPRINT_BLOCK):
            digest.update(block)
    return digest.hexdigest()
