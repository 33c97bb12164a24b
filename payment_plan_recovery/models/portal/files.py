"""Files that debtors send: only papers and pictures, of a bearable size, by what is in them and not by their name."""

import io

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype
from PIL import Image

from ...tools.text import file_name

#: What a debtor may send.
KINDS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
MOST_FILES = 5
MOST_BYTES = 8 * 1024 * 1024
#: Dots of the largest picture: more than telephones take. Odoo unpacks each one to make it smaller, and a small file
#: may hold a picture that fills a server's memory.
MOST_DOTS = 60_000_000


class RecoveryPortalFiles(models.AbstractModel):
    """Takes files of debtors."""

    _name = "recovery.portal.files"
    _description = "Files from Debtors"

    def _keep(self, files):
        """Keep ``files``, [(name, content)], for the words they come with; return the attachments.

        They wait where Odoo's composer lays them: what somebody who is no employee posts takes no others along.
        Posted, they lie with the record that is written about.

        :raise UserError: too many, too large, or neither a PDF nor a picture
        """
        if len(files) > MOST_FILES:
            raise UserError(self.env._("Send %s files at most.", MOST_FILES))
        values = []
        for name, content in files:
            kind = guess_mimetype(content, default="")
            if kind not in KINDS or len(content) > MOST_BYTES or not _is_bearable(kind, content):
                raise UserError(
                    self.env._("%s: send PDF files and pictures (PNG, JPEG) of up to 8 MB.", file_name(name))
                )
            stem = file_name(name).rpartition(".")[0] or file_name(name)
            values.append(
                {
                    "name": f"{stem}{KINDS[kind]}",
                    "raw": content,
                    "mimetype": kind,
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            )
        return self.env["ir.attachment"].create(values)


def _is_bearable(kind, content):
    """Whether a picture can be read and is not too large to be unpacked; a paper is."""
    if not kind.startswith("image/"):
        return True
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            return picture.width * picture.height <= MOST_DOTS
    except (ValueError, OSError, SyntaxError, Image.DecompressionBombError):
        return False
