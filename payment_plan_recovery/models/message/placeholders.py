"""What any message may say: whom it is for, what is to pay, how, and whom to call."""

from odoo import api, models


class RecoveryPlaceholderDebtor(models.AbstractModel):
    _name = "recovery.placeholder.debtor"
    _description = "{debtor}"
    _inherit = "recovery.placeholder"

    _code = "debtor"
    _sequence = 10

    @api.model
    def _label(self):
        return self.env._("Name of the debtor")

    @api.model
    def _value(self, content):
        return content.name(content.debtor)


class RecoveryPlaceholderContact(models.AbstractModel):
    _name = "recovery.placeholder.contact"
    _description = "{contact}"
    _inherit = "recovery.placeholder"

    _code = "contact"
    _sequence = 20

    @api.model
    def _label(self):
        return self.env._("Person or department addressed")

    @api.model
    def _value(self, content):
        return content.name(content.contact)


class RecoveryPlaceholderCompany(models.AbstractModel):
    _name = "recovery.placeholder.company"
    _description = "{company}"
    _inherit = "recovery.placeholder"

    _code = "company"
    _sequence = 30

    @api.model
    def _label(self):
        return self.env._("Your company")

    @api.model
    def _value(self, content):
        return content.name(content.company)


class RecoveryPlaceholderReference(models.AbstractModel):
    _name = "recovery.placeholder.reference"
    _description = "{reference}"
    _inherit = "recovery.placeholder"

    _code = "reference"
    _sequence = 40

    @api.model
    def _label(self):
        return self.env._("Reference of the notice or of the plan")

    @api.model
    def _value(self, content):
        return content.reference


class RecoveryPlaceholderDate(models.AbstractModel):
    _name = "recovery.placeholder.date"
    _description = "{date}"
    _inherit = "recovery.placeholder"

    _code = "date"
    _sequence = 50

    @api.model
    def _label(self):
        return self.env._("Date of the message")

    @api.model
    def _value(self, content):
        return content.day(content.date)


class RecoveryPlaceholderDeadline(models.AbstractModel):
    _name = "recovery.placeholder.deadline"
    _description = "{deadline}"
    _inherit = "recovery.placeholder"

    _code = "deadline"
    _sequence = 60

    @api.model
    def _label(self):
        return self.env._("Last day to pay")

    @api.model
    def _value(self, content):
        return content.deadline_text()


class RecoveryPlaceholderTotal(models.AbstractModel):
    _name = "recovery.placeholder.total"
    _description = "{total}"
    _inherit = "recovery.placeholder"

    _code = "total"
    _sequence = 70

    @api.model
    def _label(self):
        return self.env._("Amount to pay, unallocated credits deducted")

    @api.model
    def _value(self, content):
        return content.sums(content.to_pay)


class RecoveryPlaceholderInvoices(models.AbstractModel):
    _name = "recovery.placeholder.invoices"
    _description = "{invoices}"
    _inherit = "recovery.placeholder"

    _code = "invoices"
    _sequence = 80

    @api.model
    def _label(self):
        return self.env._("Numbers of the invoices or instalments")

    @api.model
    def _value(self, content):
        return content.numbers()


class RecoveryPlaceholderInvoiceCount(models.AbstractModel):
    _name = "recovery.placeholder.invoice.count"
    _description = "{invoice_count}"
    _inherit = "recovery.placeholder"

    _code = "invoice_count"
    _sequence = 90
    _nouns = ("claim", "instalment", "invoice")

    @api.model
    def _label(self):
        return self.env._("Number of invoices or instalments")

    @api.model
    def _value(self, content):
        return str(len(content.claims))


class RecoveryPlaceholderDueDate(models.AbstractModel):
    _name = "recovery.placeholder.due.date"
    _description = "{due_date}"
    _inherit = "recovery.placeholder"

    _code = "due_date"
    _sequence = 100

    @api.model
    def _label(self):
        return self.env._("Due date of the oldest claim")

    @api.model
    def _value(self, content):
        return content.day(content.oldest_due)


class RecoveryPlaceholderDaysLate(models.AbstractModel):
    _name = "recovery.placeholder.days.late"
    _description = "{days_late}"
    _inherit = "recovery.placeholder"

    _code = "days_late"
    _sequence = 110
    _nouns = ("day",)

    @api.model
    def _label(self):
        return self.env._("Days since the oldest claim was due")

    @api.model
    def _value(self, content):
        return str(content.days_late)


class RecoveryPlaceholderClaims(models.AbstractModel):
    _name = "recovery.placeholder.claims"
    _description = "{claims}"
    _inherit = "recovery.placeholder"

    _code = "claims"
    _sequence = 120
    _block = True

    @api.model
    def _label(self):
        return self.env._("Table of the claims")

    @api.model
    def _value(self, content):
        return content.claims_table()


class RecoveryPlaceholderBank(models.AbstractModel):
    _name = "recovery.placeholder.bank"
    _description = "{bank}"
    _inherit = "recovery.placeholder"

    _code = "bank"
    _sequence = 140

    @api.model
    def _label(self):
        return self.env._("Bank account to pay to (IBAN)")

    @api.model
    def _value(self, content):
        return content.bank_text()


class RecoveryPlaceholderCommunication(models.AbstractModel):
    _name = "recovery.placeholder.communication"
    _description = "{communication}"
    _inherit = "recovery.placeholder"

    _code = "communication"
    _sequence = 150

    @api.model
    def _label(self):
        return self.env._("Text to write on the payment")

    @api.model
    def _value(self, content):
        return content.communication


class RecoveryPlaceholderResponsible(models.AbstractModel):
    _name = "recovery.placeholder.responsible"
    _description = "{responsible}"
    _inherit = "recovery.placeholder"

    _code = "responsible"
    _sequence = 160

    @api.model
    def _label(self):
        return self.env._("Who to call")

    @api.model
    def _value(self, content):
        return content.name(content.responsible)


class RecoveryPlaceholderPhone(models.AbstractModel):
    _name = "recovery.placeholder.phone"
    _description = "{phone}"
    _inherit = "recovery.placeholder"

    _code = "phone"
    _sequence = 170

    @api.model
    def _label(self):
        return self.env._("Telephone of who to call")

    @api.model
    def _value(self, content):
        return content.phone


class RecoveryPlaceholderEmail(models.AbstractModel):
    _name = "recovery.placeholder.email"
    _description = "{email}"
    _inherit = "recovery.placeholder"

    _code = "email"
    _sequence = 180

    @api.model
    def _label(self):
        return self.env._("E-mail address of who to call")

    @api.model
    def _value(self, content):
        return content.email
