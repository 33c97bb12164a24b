"""The settings of the addon for its manager, who need not be an administrator of Odoo."""

from lxml import etree
from odoo import api, fields, models
from odoo.exceptions import AccessError

SETTINGS_VIEW = "payment_plan_recovery.res_config_settings_view_form_dunning"
PREFIX = "recovery_"


class RecoverySettings(models.TransientModel):
    """A company's settings, those of this addon and no others. The screen is that of Odoo's settings."""

    _name = "recovery.settings"
    _description = "Recovery Settings"
    _inherit = "recovery.settings.fields"

    company_id = fields.Many2one(required=True, readonly=True, ondelete="cascade")
    is_branch = fields.Boolean(
        string="Of a branch",
        compute="_compute_is_branch",
        help="What is the same in all branches is changed in the company itself.",
    )
    branch_note = fields.Char(compute="_compute_is_branch", help="Where that is changed.")

    @api.depends("company_id")
    def _compute_is_branch(self):
        for settings in self:
            company = settings.company_id.sudo()  # sudo: a branch's people are told whose branch it is
            settings.is_branch = bool(company.parent_id)
            settings.branch_note = self.env._(
                "What cannot be changed here is the same in %s and in all its branches: change it there.",
                company.root_id.name,
            )

    @api.depends("company_id")
    def _compute_display_name(self):
        for settings in self:
            settings.display_name = self.env._("Recovery Settings")

    @api.model
    def _open(self):
        """Window with the settings of the company the user works in."""
        settings = self.create({"company_id": self.env.company.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recovery Settings"),
            "res_model": self._name,
            "res_id": settings.id,
            "view_mode": "form",
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._require_settings(name == "company_id" for vals in vals_list for name in vals)
        companies = self.env["res.company"].browse(vals["company_id"] for vals in vals_list)
        self._require_settings(company in self.env.companies for company in companies)
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        """Write the settings on the company.

        :raise AccessError: something else of the company would be written
        """
        self.check_access("write")
        self._require_settings(name.startswith(PREFIX) for name in vals)
        # sudo: a manager of Recovery keeps its settings without being allowed to write companies
        self.company_id.sudo().write(vals)
        return True

    def _require_settings(self, fit):
        if not all(fit):
            raise AccessError(
                self.env._("Only the settings of Recovery, of the company you work in, are kept here.")
            )

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """The blocks of Odoo's settings screen that are ours, as a form of their own."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            sheet = arch.find("sheet")
            blocks = etree.fromstring(self.env.ref(SETTINGS_VIEW).sudo().arch).iterfind(".//block")
            for block in blocks:  # sudo: the screen is the same for whoever may see it
                etree.SubElement(sheet, "separator", string=block.get("title"))
                container = etree.SubElement(sheet, "div", {"class": "row o_settings_container"})
                container.extend(block)
            self._leave_to_creditor(sheet)
        return arch, view

    def _leave_to_creditor(self, sheet):
        """Show what is the same in all branches, and keep it from being changed in one."""
        shared = set(self.env["res.company"]._get_company_root_delegated_field_names())
        for node in sheet.iter("field"):
            if node.get("name") in shared:
                node.set("readonly", "is_branch")
