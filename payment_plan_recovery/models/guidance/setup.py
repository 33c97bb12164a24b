"""The first set-up: what a company needs before its first reminder goes out, each step judged by what there is."""

from odoo import api, models
from odoo.exceptions import UserError

from ..common.empty import empty


class RecoverySetupStep(models.AbstractModel):
    """Base of the steps. One is done when the facts say so: nobody ticks it off."""

    _name = "recovery.setup.step"
    _description = "Step of the First Set-up"
    _inherit = "recovery.kind"

    @api.model
    def _advice(self) -> str:
        """Return what to do and why, in one sentence."""
        raise NotImplementedError(self._name)

    @api.model
    def _found(self, company) -> str:
        """Return what there is already, in a few words; nothing while the step is to be done."""
        raise NotImplementedError(self._name)

    @api.model
    def _action(self, company) -> dict:
        """Return the window in which it is done."""
        raise NotImplementedError(self._name)

    @api.model
    def _window(self, model, name, **values):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "help": empty(name, self._advice()),
            **values,
        }

    @api.model
    def _require_contacts(self, model):
        """Refuse, with a sentence, who would meet a screen on which nothing can be entered."""
        if not self.env[model].has_access("create"):
            raise UserError(
                self.env._(
                    "Your rights do not cover the company's own contact and its bank accounts: ask an administrator of "
                    "Odoo to enter them, or to give you the right “Contact: Creation”."
                )
            )


class RecoverySetupBank(models.AbstractModel):
    _name = "recovery.setup.step.bank"
    _description = "Set-up: Bank Account"
    _inherit = "recovery.setup.step"
    _code, _sequence = "bank", 10

    def _label(self):
        return self.env._("Bank account")

    def _advice(self):
        return self.env._(
            "Letters, QR codes and the portal say where to pay: enter the account money comes in on."
        )

    def _found(self, company):
        # sudo: the accounts that the company's own letters print
        return company.sudo().partner_id.bank_ids[:1].acc_number or ""

    def _action(self, company):
        self._require_contacts("res.partner.bank")
        partner = company.partner_id
        return self._window(
            "res.partner.bank",
            self._label(),
            domain=[("partner_id", "=", partner.id)],
            context={"default_partner_id": partner.id},
        )


class RecoverySetupMail(models.AbstractModel):
    _name = "recovery.setup.step.mail"
    _description = "Set-up: Mail Server"
    _inherit = "recovery.setup.step"
    _code, _sequence = "mail", 20

    def _label(self):
        return self.env._("Mail server")

    def _advice(self):
        return self.env._(
            "Reminders go out by your own server, so that they arrive and answers come back. An administrator of Odoo "
            "enters it."
        )

    def _found(self, company):
        # sudo: which server there is, not how to log on to it
        servers = self.env["ir.mail_server"].sudo().search([], limit=1)
        return servers.smtp_host or servers.name or ""

    def _action(self, company):
        if not self.env["ir.mail_server"].has_access("write"):
            raise UserError(self.env._("Only an administrator of Odoo enters a mail server: ask yours."))
        return self._window("ir.mail_server", self._label())


class RecoverySetupPolicy(models.AbstractModel):
    _name = "recovery.setup.step.policy"
    _description = "Set-up: Policy"
    _inherit = "recovery.setup.step"
    _code, _sequence = "policy", 30

    def _label(self):
        return self.env._("Dunning policy")

    def _advice(self):
        return self.env._(
            "Which reminders go out, when, by which way and in which words: choose the company's policy."
        )

    def _found(self, company):
        return company.recovery_dunning_policy_id.name or ""

    def _action(self, company):
        return self.env["recovery.settings"]._open()


class RecoverySetupClock(models.AbstractModel):
    _name = "recovery.setup.step.clock"
    _description = "Set-up: Time Zone"
    _inherit = "recovery.setup.step"
    _code, _sequence = "clock", 35

    def _label(self):
        return self.env._("Time zone")

    def _advice(self):
        return self.env._(
            "Due dates, promises and deadlines end at midnight where the company is: choose its time zone, or enter "
            "its country where that has one only."
        )

    def _found(self, company):
        return company._recovery_known_timezone()

    def _action(self, company):
        return self.env["recovery.settings"]._open()


class RecoverySetupEnvelopes(models.AbstractModel):
    _name = "recovery.setup.step.envelopes"
    _description = "Set-up: Envelopes"
    _inherit = "recovery.setup.step"
    _code, _sequence = "envelopes", 40

    def _label(self):
        return self.env._("Envelopes and address")

    def _advice(self):
        return self.env._(
            "Letters have the address where the window of your envelopes shows it: enter the company's own address, "
            "and choose the envelope."
        )

    def _found(self, company):
        partner = company.partner_id
        if not (partner.street and partner.zip and partner.city):
            return ""
        envelopes = dict(company._fields["recovery_envelope"]._description_selection(self.env))
        return envelopes.get(company.recovery_envelope, "")

    def _action(self, company):
        partner = company.partner_id
        if not (partner.street and partner.zip and partner.city):
            self._require_contacts("res.partner")
            return self._window("res.partner", self._label(), res_id=partner.id, views=[(False, "form")])
        return self.env["recovery.settings"]._open()


class RecoverySetupRoles(models.AbstractModel):
    _name = "recovery.setup.step.roles"
    _description = "Set-up: Roles"
    _inherit = "recovery.setup.step"
    _code, _sequence = "roles", 50

    def _label(self):
        return self.env._("Who does what")

    def _advice(self):
        return self.env._(
            "Name who is asked when a person has to look, and give colleagues the right to collect; two managers can "
            "approve each other's exceptions."
        )

    def _found(self, company):
        return company.recovery_dunning_user_id.name or ""

    def _action(self, company):
        return self.env["recovery.settings"]._open()


class RecoverySetupRun(models.AbstractModel):
    _name = "recovery.setup.step.run"
    _description = "Set-up: First Run"
    _inherit = "recovery.setup.step"
    _code, _sequence = "run", 60

    def _label(self):
        return self.env._("First run, on trial")

    def _advice(self):
        return self.env._(
            "Propose a run: it says who would be written to and why, and sends nothing until you confirm it."
        )

    def _found(self, company):
        run = self.env["recovery.dunning.run"].search(
            [("company_id", "=", company._recovery_creditor().id), ("state", "!=", "draft")], limit=1
        )
        return run.display_name or ""

    def _action(self, company):
        return self._window("recovery.dunning.run", self._label(), views=[(False, "form")])
