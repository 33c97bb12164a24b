"""The envelopes of a company's letters."""

from odoo import api, fields, models

from .letter_window import A4_WIDTH, COUNTRY_WINDOWS, LAYOUT_GAP, WINDOWS, Window


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

    @api.depends("country_id", "parent_id")
    def _compute_recovery_envelope(self):
        for company in self:
            # a branch that is being created has no lineage yet, but its parent has
            country = company.country_id or company.parent_id._recovery_country()
            company.recovery_envelope = COUNTRY_WINDOWS.get(country.code, "none")

    def _recovery_window(self):
        """Return the address window of the company's letters in percent of the printed width, from the corner
        of the paper format's margins: wkhtmltopdf scales lengths, but not shares of the page.

        None when the layout places the address itself.
        """
        self.ensure_one()
        window = WINDOWS.get(self.recovery_envelope)
        # sudo: layout and paper format are settings of the letterhead; only an administrator reads views
        letterhead = self.sudo()
        # A layout by DIN 5008 has its own window.
        if not window or "din5008" in (letterhead.external_report_layout_id.key or ""):
            return None
        paper = letterhead.paperformat_id
        width = (paper.print_page_width or A4_WIDTH) - paper.margin_left - paper.margin_right

        def share(length, margin=0):
            return round(100 * max(length - margin, 0) / width, 2)

        return Window(
            left=share(window.left, paper.margin_left),
            top=share(window.top, paper.margin_top),
            width=share(window.width),
            body=share(window.body - LAYOUT_GAP, paper.margin_top),
            folds=tuple(share(fold, paper.margin_top) for fold in window.folds),
        )
