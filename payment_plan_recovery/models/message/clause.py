from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Sections of the documents, in the order they are printed: document → section → name.
SECTIONS = {
    "formal_notice": [
        ("demand", "Demand"),
        ("charges", "Penalties and fixed sums"),
        ("consequences", "Consequences"),
        ("mediation", "Mediation"),
        ("dispute", "Dispute"),
        ("data", "Data protection"),
    ],
    "agreement": [
        ("cause", "Cause of the debt"),
        ("acknowledgment", "Acknowledgment"),
        ("schedule", "Schedule"),
        ("payment", "Payment"),
        ("allocation", "Allocation"),
        ("late", "Late payment"),
        ("acceleration", "Acceleration"),
        ("no_novation", "No novation"),
        ("help", "Help"),
        ("data", "Data protection"),
        ("originals", "Originals"),
    ],
}


class RecoveryClause(models.Model):
    """A paragraph of the formal notice or of the instalment agreement, as the lawyer words it."""

    _name = "recovery.clause"
    _description = "Clause"
    _inherit = "recovery.wording"
    _order = "document, sequence, id"
    _worded_fields = ("body",)

    name = fields.Char(required=True, translate=True, help="Heading printed above the paragraph.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="Of the clauses of a section that fit, the first is printed.")
    document = fields.Selection(
        [("formal_notice", "Formal notice"), ("agreement", "Instalment agreement")],
        required=True,
        help="Document the clause is printed in.",
    )
    section = fields.Selection(
        list({**dict(SECTIONS["formal_notice"]), **dict(SECTIONS["agreement"])}.items()),
        required=True,
        help="Place of the clause in the document.",
    )
    country_id = fields.Many2one(
        "res.country", help="Law the clause is written for: the creditor's country. Leave empty for any."
    )
    audience = fields.Selection(
        [("all", "Everybody"), ("business", "Businesses"), ("consumer", "Individuals")],
        default="all",
        required=True,
        help="Debtors the clause is meant for.",
    )
    body = fields.Html(
        required=True, translate=True, sanitize=True, help="Text; words in {braces} are replaced."
    )

    @api.constrains("document", "section")
    def _check_section(self):
        for clause in self:
            if clause.section not in dict(SECTIONS[clause.document]):
                raise ValidationError(self.env._("The document has no such section: “%s”.", clause.section))

    @api.model
    def _of(self, document):
        """Return the clauses of a document, those written for a country or for a kind of debtor first."""
        clauses = self.search([("document", "=", document)])
        return clauses.sorted(lambda clause: (not clause.country_id, clause.audience == "all"))

    def _texts(self, content):
        """Return the clauses that fit one debtor, one per section: {section: (heading, text)}."""
        home = content.company._recovery_country()
        laws = home._recovery_laws()
        own_first = self.sorted(lambda clause: int(clause.country_id != home) if clause.country_id else 2)
        audience = "business" if content.debtor.is_company else "consumer"
        texts = {}
        for clause in own_first.with_context(lang=content.env.lang):
            if clause.country_id <= laws and clause.audience in (audience, "all"):
                texts.setdefault(clause.section, (clause.name, clause._render("body", content)))
        return texts
