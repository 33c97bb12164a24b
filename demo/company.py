"""The creditor: a French company with its chart of accounts, its bank account and its letterhead."""

import base64
from pathlib import Path

LOGO = Path(__file__).resolve().parent / "logo.png"
NAME = "Cuisines Valmorel Équipement"
#: No company registration starts with three zeros, and 04 65 71 is kept for fiction.
IDENTITY = {
    "name": NAME,
    "street": "18 rue des Forges",
    "zip": "69007",
    "city": "Lyon",
    "phone": "+33 4 65 71 20 10",
    "email": "recouvrement@cuisines-valmorel.example",
    "website": "https://www.cuisines-valmorel.example",
    "company_registry": "00052748100014",
    "vat": "FR94000527481",
}
#: Who signs the letters: the user `admin`.
COLLECTOR = {
    "name": "Camille Rosier",
    "function": "Responsable recouvrement",
    "phone": "+33 4 65 71 20 14",
    "email": "c.rosier@cuisines-valmorel.example",
    "tz": "Europe/Paris",
    "signature": "<p>Camille Rosier</p>",
}
FOOTER = "SAS au capital de 150 000 € · RCS Lyon 000 527 481 · APE 4669B"
IBAN = "FR76 3000 6000 0112 3456 7890 189"  # the example of the banks' own documentation
COLOURS = {"primary_color": "#1F4E5F", "secondary_color": "#2E7D74"}


def found(env):
    """Make the database's company the French one, if it is not yet; returns it."""
    company = env.ref("base.main_company")
    if company.name == NAME:
        return company
    company.country_id = env.ref("base.fr")
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    company.write(
        {
            **IDENTITY,
            **COLOURS,
            "logo": base64.b64encode(LOGO.read_bytes()),
            "report_footer": FOOTER,
            "external_report_layout_id": env.ref("web.external_layout_standard").id,
            "paperformat_id": env.ref("base.paperformat_euro").id,
            "recovery_dunning_policy_id": env.ref("payment_plan_recovery.policy_standard").id,
            "recovery_dunning_user_id": env.ref("base.user_admin").id,
        }
    )
    company.partner_id.write({"lang": "fr_FR", "tz": COLLECTOR["tz"]})
    # The ledger's invoices were sent by another system: their PDFs are there, and not printed for each mail.
    env["recovery.dunning.level"].search([]).attach_invoices = False
    _bank(env, company)
    env.ref("base.user_admin").write(COLLECTOR)
    env.cr.commit()
    return company


def _bank(env, company):
    journal = bank_journal(env, company)
    bank = env["res.bank"].create({"name": "Banque du Confluent", "bic": "CONFFRPPXXX"})
    journal.bank_account_id = env["res.partner.bank"].create(
        {
            "acc_number": IBAN,
            "partner_id": company.partner_id.id,
            "bank_id": bank.id,
            "company_id": company.id,
            "allow_out_payment": True,
        }
    )


def bank_journal(env, company):
    """The journal of the company's bank account."""
    return env["account.journal"].search(
        [*env["account.journal"]._check_company_domain(company), ("type", "=", "bank")], limit=1
    )
