"""Where a letter's address stands, so that it shows in the window of its envelope, and where it is folded."""

from typing import NamedTuple

from odoo import api, fields, models

#: Lines an address may have: what the windows of DL envelopes show.
ADDRESS_LINES = 6


class Window(NamedTuple):
    """Places on an A4 sheet, in millimetres from its left and upper edges.

    ``left``, ``top`` and ``width`` are those of the address, which the window shows wherever the sheet
    slides in the envelope; ``body`` is where the text may begin, ``folds`` are the folds' heights.
    """

    left: float
    top: float
    width: float
    body: float
    folds: tuple


#: In millimetres, for a paper format that does not tell its own.
A4_WIDTH = 210

#: The windows of DL envelopes (110 by 220 mm) by the standard that declares them.
WINDOWS = {
    # AFNOR NF Z 10-011: window on the right, 20 mm from the right edge and from the lower one
    "right": Window(105, 54, 84, 88, (99, 198)),
    # DIN 5008, form B: address of 62.7 to 90 mm, 20 mm from the left edge of the sheet and 5 mm more
    "left": Window(25, 62.7, 78, 96, (105, 210)),
    # BS 4264: window on the left, 20 mm from the left edge and 18 mm from the lower one
    "left_high": Window(24, 57, 72, 90, (99, 198)),
}

#: Where the window is by custom. Elsewhere the address stands where the company's layout puts it.
COUNTRY_WINDOWS = {
    **dict.fromkeys(
        ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "MC", "BE", "LU"), "right"
    ),
    **dict.fromkeys(("IT", "ES", "PT"), "right"),
    **dict.fromkeys(("DE", "AT", "CH", "LI"), "left"),
    **dict.fromkeys(("GB", "IE"), "left_high"),
}


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_envelope = fields.Selection(
        [
            ("right", "Window on the right (NF Z 10-011)"),
            ("left", "Window on the left (DIN 5008, form B)"),
            ("left_high", "Window on the left (BS 4264)"),
            ("none", "None: as the documents' layout places it"),
        ],
        string="Window of envelopes",
        compute="_compute_recovery_envelope",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Where letters and formal notices have the address, for a DL envelope, and their fold marks.",
    )

    @api.depends("country_id")
    def _compute_recovery_envelope(self):
        for company in self:
            company.recovery_envelope = COUNTRY_WINDOWS.get(company.country_id.code, "none")

    def _recovery_window(self):
        """Return the address window of the company's letters in percent of the printed width, from the corner
        of the paper format's margins: wkhtmltopdf scales lengths, but not shares of the page.

        None when the layout places the address itself.
        """
        self.ensure_one()
        window = WINDOWS.get(self.recovery_envelope)
        # A layout by DIN 5008 has its own window.
        if not window or "din5008" in (self.external_report_layout_id.key or ""):
            return None
        # sudo: the paper format is a setting of the letterhead
        paper = self.sudo().paperformat_id
        width = (paper.print_page_width or A4_WIDTH) - paper.margin_left - paper.margin_right

        def share(length, margin=0):
            return round(100 * max(length - margin, 0) / width, 2)

        return Window(
            left=share(window.left, paper.margin_left),
            top=share(window.top, paper.margin_top),
            width=share(window.width),
            body=share(window.body, paper.margin_top),
            folds=tuple(share(fold, paper.margin_top) for fold in window.folds),
        )
