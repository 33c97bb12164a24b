"""What people note beside the day's work: a guarantee, a means test, promises, an acknowledgment, a ceiling raised."""

from dateutil.relativedelta import relativedelta

#: Who stands surety for the firm that asks for time, and for how much: more than one manager confirms alone.
SURETY = {"name": "Suzanne Legrand", "is_company": False, "city": "Lyon", "lang": "fr_FR"}
SURETY_AMOUNT = 60_000
#: What a firm has each month, and what goes out.
RESOURCES, COMMITMENTS = 9_400, 7_900
#: Days in which what is promised comes.
PROMISED_IN = (6, 12)
#: What one person may give up alone, before and after the manager raised it.
CEILING = (150, 400)


def note(desk, asks, others, date):
    """Note it all on the ledger's ``date``: of the debtor who ``asks`` for time, and promises of the ``others``."""
    about = {"partner_id": asks.id, "company_id": desk.company.id}
    _means(desk, about, date)
    for debtor, days in zip(others, PROMISED_IN, strict=False):
        _promise(desk, debtor, date, date + relativedelta(days=days))
    _acknowledge(desk, about, date)
    _raise_ceiling(desk)
    desk.env.cr.commit()


def _means(desk, about, date):
    """What secures the debt, and what its debtor can bear."""
    guarantor = desk.env["res.partner"].create({**SURETY, "country_id": desk.company.country_id.id})
    desk.env["recovery.guarantee"].create(
        {
            **about,
            "kind": "surety",
            "amount": SURETY_AMOUNT,
            "guarantor_id": guarantor.id,
            "reference": "Acte de cautionnement 2026-14",
            "date_from": date,
            "date_until": date + relativedelta(years=2),
        }
    )
    desk.env["recovery.capacity"].create(
        {
            **about,
            "source": "dialogue",
            "basis": "budget",
            "resources": RESOURCES,
            "commitments": COMMITMENTS,
            "note": "Deux salaires et le loyer compris ; la saison reprend en mars.",
        }
    )


def _promise(desk, debtor, date, until):
    late = [("partner_id", "=", debtor.id), ("date_due", "<", date), ("instalment_id", "=", False)]
    claim = desk.env["recovery.claim"].search(late, order="date_due, id", limit=1)
    if claim:
        desk.env["recovery.promise"].create(
            {
                "partner_id": debtor.id,
                "company_id": desk.company.id,
                "amount": claim.amount_residual,
                "date_promised": until,
                "note": "Au téléphone, avec la comptable",
            }
        )


def _acknowledge(desk, about, date):
    owed = desk.env["recovery.claim"].search(
        [("partner_id", "=", about["partner_id"]), ("move_line_id", "!=", False)], limit=1
    )
    if owed:
        desk.env["recovery.limitation.event"].create(
            {
                **about,
                "move_line_ids": [(6, 0, owed.move_line_id.ids)],
                "kind": "acknowledgment",
                "date": date,
                "note": "Courriel du gérant, joint au dossier",
            }
        )


def _raise_ceiling(desk):
    """The manager raises what one person may write off: another one has not agreed yet."""
    before, after = CEILING
    system = desk.env.ref("base.user_root")
    desk.company.with_user(system).recovery_write_off_ceiling = before  # as it was when all began
    settings = desk.env["recovery.settings"].with_user(desk.manager())
    settings.create({"company_id": desk.company.id}).recovery_write_off_ceiling = after
