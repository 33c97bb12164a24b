"""Texts with words in braces, checked when they are saved and filled for each debtor."""

from lxml import html
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .placeholder import names_used


class RecoveryWording(models.AbstractModel):
    """Texts with words in {braces} that stand for a debtor's facts; an unknown one is refused on save."""

    _name = "recovery.wording"
    _description = "Wording with placeholders"

    #: Fields that hold such a text.
    _worded_fields = ()

    placeholder_help = fields.Html(
        string="Words in braces", compute="_compute_placeholder_help", help="What may stand between braces."
    )

    def _compute_placeholder_help(self):
        self.placeholder_help = self.env["ir.qweb"]._render(
            "payment_plan_recovery.placeholder_help",
            {"placeholders": self.env["recovery.placeholder"]._selection()},
        )

    @api.constrains(lambda self: self._worded_fields)
    def _check_placeholders(self):
        """Refuse a word in braces that nothing will replace, in any language."""
        for lang, _name in self.env["res.lang"].get_installed():
            for record in self.with_context(lang=lang):
                for name in self._worded_fields:
                    record._check_text(self._fields[name], record[name])

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Check a translation too: it is written past the ORM's constraints."""
        updated = super()._update_field_translations(field_name, translations, digest, source_lang)
        self._check_placeholders()
        return updated

    def _check_text(self, field, text):
        used, placeholders = names_used(text), self.env["recovery.placeholder"]._things()
        unknown = [name for name in used if name not in placeholders]
        if unknown:
            raise ValidationError(
                self.env._(
                    "Nothing is known under {%(unknown)s} in “%(field)s” of “%(record)s”. "
                    "You may write: %(known)s.",
                    unknown="}, {".join(unknown),
                    field=field._description_string(self.env),
                    record=self.display_name,
                    known=", ".join(f"{{{name}}}" for name in placeholders),
                )
            )
        if field.type != "html":
            blocks = [name for name in used if placeholders[name]._block]
            if blocks:
                raise ValidationError(
                    self.env._("A single line holds no table: remove {%s} from it.", "}, {".join(blocks))
                )
        elif text and any("{" in value or "%7b" in value.lower() for value in _attributes(text)):
            # a debtor's name must not become the target of a link
            raise ValidationError(
                self.env._(
                    "Words in braces stand in the text, not in a link or an image (“%s”).", self.display_name
                )
            )

    def _render(self, field_name, content):
        """Return a field's text for one debtor, in the content's language, words in braces replaced."""
        self.ensure_one()
        text = self.with_context(lang=content.env.lang)[field_name]
        return self.env["recovery.placeholder"]._fill(text, content)


def _attributes(text):
    """Return the values of the tags' attributes in an HTML text."""
    return [
        value
        for node in html.fragment_fromstring(str(text), create_parent="div").iter()
        for value in node.attrib.values()
    ]
