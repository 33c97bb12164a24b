"""How long what is kept about people stays: declared by kind, applied every day where a company wants it."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .empty import empty

#: Records forgotten between two commits.
BATCH_SIZE = 200


class RecoveryRetentionRule(models.Model):
    """After how many days records of a kind are erased, or lose their words, and by which law."""

    _name = "recovery.retention.rule"
    _description = "Retention of Personal Data"
    _inherit = "recovery.named"
    _order = "kind, company_id, id"
    _rec_name = "kind"

    kind = fields.Selection(
        lambda self: self.env["recovery.personal.data"]._selection(),
        string="Records",
        required=True,
        help="What is kept so long.",
    )
    company_id = fields.Many2one(
        "res.company",
        help="Leave empty for every company; the rule of a company, and of its branches without one, goes "
        "before.",
    )
    days = fields.Integer(
        string="Days after the end",
        required=True,
        help="Days after the record has done its work: an interaction took place, a plan ended.",
    )
    action = fields.Selection(
        [("anonymise", "Anonymise"), ("erase", "Erase")],
        required=True,
        default="anonymise",
        help="Anonymise: words, histories and files go; sums, days and hashes stay. Erase: the whole record goes.",
    )
    active = fields.Boolean(default=True)
    legal_source = fields.Char(
        string="Source", required=True, translate=True, help="Law or decision that says how long."
    )
    checked_on = fields.Date(help="Day on which the source was last looked up.")
    to_verify = fields.Boolean(
        help="Not compared with the source yet: have it checked before it is relied on."
    )
    due_count = fields.Integer(
        string="To be forgotten",
        compute="_compute_due_count",
        help="Records of your companies that would go today.",
    )

    _days_positive = models.Constraint("CHECK(days >= 30)", "Keep records for 30 days at least.")
    _one_each = models.UniqueIndex(
        "(kind, COALESCE(company_id, 0)) WHERE active", "There is a rule for these records already."
    )

    @api.constrains("kind", "action")
    def _check_action(self):
        for rule in self:
            if rule.action == "erase" and not rule._thing()._erasable:
                raise ValidationError(
                    self.env._(
                        "These records are evidence: they can be anonymised, not erased (%s).",
                        rule.display_name,
                    )
                )

    @api.depends("kind", "days", "action", "company_id")
    def _compute_due_count(self):
        for rule in self:
            companies = rule.company_id or self.env.companies
            rule.due_count = sum(len(rule._due(company)) for company in companies) if rule.kind else 0

    def _thing(self):
        return self.env["recovery.personal.data"]._thing(self.kind)

    def _due(self, company, among=None):
        """Return the records of ``company``, or those of them ``among`` some, that go today."""
        date = fields.Date.subtract(company._recovery_today(), days=self.days)
        return self._thing()._due(company, date, self.action == "erase", among)

    @api.model
    def _of(self, company):
        """Return the rules that hold for ``company``: of each kind its own, else the nearest company's above."""
        lineage = [*company._recovery_lineage_ids(), False]
        kinds = list(self.env["recovery.personal.data"]._things())
        nearest = {}
        for rule in self.search([("company_id", "in", lineage), ("kind", "in", kinds)]).sorted(
            lambda rule: lineage.index(rule.company_id.id)
        ):
            nearest.setdefault(rule.kind, rule)
        return self.browse().union(*nearest.values())

    def action_show_due(self):
        """Open the records that would go today."""
        self.ensure_one()
        companies = self.company_id or self.env.companies
        ids = [record.id for company in companies for record in self._due(company)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Due under the retention rule"),
            "res_model": self._thing()._about,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
            "help": empty(
                self.env._("Nothing is due"),
                self.env._(
                    "What is kept longer than the rule says stands here, until the night in which it goes."
                ),
            ),
        }

    @api.model
    def _cron_apply(self):
        """Daily: forget what is due, in the companies that want it. What cannot be forgotten is asked about."""
        # what an archived branch knows of people is forgotten as well
        companies = self.env["res.company"].with_context(active_test=False)
        companies = companies.search([("recovery_retention", "=", True)])
        due = defaultdict(list)
        for company in companies:
            for rule in self._of(company):
                told = {"rule_id": rule.id, "company_id": company.id}
                due[rule._thing()._about].append((rule._due(company).ids, told))
        for about, portions in due.items():
            self.env["recovery.dispatch"]._dispatch(self._name, "_apply_due", portions, BATCH_SIZE, of=about)

    @api.model
    def _apply_due(self, records, rule_id, company_id):
        """Forget those of ``records`` that are due still: nothing is lost that is needed again, or held meanwhile."""
        rule, company = self.browse(rule_id).exists(), self.env["res.company"].browse(company_id)
        due = rule._due(company, records) if rule in self._of(company) else None
        if due:
            self._apply(due, rule, company)

    @api.model
    def _apply(self, records, rule, company):
        """Forget ``records`` as ``rule`` says, and keep the number of them."""
        thing, count = rule._thing(), len(records)
        if rule.action == "erase":
            thing._erase(records)
        else:
            thing._forget(records)
        # sudo: the log is the system's to write
        self.env["recovery.retention.log"].sudo().create(
            {
                "kind": rule.kind,
                "company_id": company.id,
                "date": company._recovery_today(),
                "action": rule.action,
                "days": rule.days,
                "legal_source": rule.with_context(lang=company._recovery_lang()).legal_source,
                "record_count": count,
            }
        )


class RecoveryRetentionLog(models.Model):
    """What was forgotten, and when: how many records of which kind, under which rule."""

    _name = "recovery.retention.log"
    _description = "Log of Retention"
    _inherit = ["recovery.guarded.fields", "recovery.named"]
    _order = "date desc, id desc"
    _rec_name = "kind"
    _by_actions = True

    kind = fields.Selection(
        lambda self: self.env["recovery.personal.data"]._selection(),
        string="Records",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    action = fields.Selection(
        [("anonymise", "Anonymised"), ("erase", "Erased")],
        required=True,
        readonly=True,
        help="What was done.",
    )
    days = fields.Integer(string="Days after the end", readonly=True, help="As the rule said then.")
    legal_source = fields.Char(string="Source", readonly=True, help="As the rule said then.")
    record_count = fields.Integer(string="How many", readonly=True, help="How many records.")
