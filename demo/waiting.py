"""What waits for somebody: what debtors ask online, an offer, an agency's report, incentives, a trial of words."""

import base64

from dateutil.relativedelta import relativedelta

from . import clock, noted
from .terminal import Step

#: Debtors of the invented ledger, and what each waits for.
ASKS, DISPUTES, WRITES, OFFERED = (
    "Le Comptoir de Suzanne",
    "Brasserie Zinc & Cuivre SRL",
    "Restaurant La Goélette",
    "Groupe Scolaire Saint-Alban",
)
ENTRUSTED = "SARL Bistrot des Halles Neuves"
AGENCY = {
    "name": "Cabinet Roquebrune Recouvrement",
    "is_company": True,
    "street": "4 rue des Arquebusiers",
    "zip": "69002",
    "city": "Lyon",
    "email": "dossiers@roquebrune.example",
    "lang": "fr_FR",
}
#: Days before the ledger's date on which the agency got its case.
ENTRUSTED_BEFORE = relativedelta(days=7)
#: What the agency reports, by kind: (days after the file was entrusted, amount, reference, note).
REPORT = (
    ("note", 2, "", "R-1", "Le gérant est joignable le matin"),
    ("money", 5, "450,00", "R-2", "Premier versement, par virement"),
    ("fee", 5, "54,00", "R-3", "Honoraires sur R-2"),
)
#: What was answered to a dispute, and what debtors say of how they were treated once all was over.
ANSWER = "Les dix plaques figurent sur le bon signé du 14, que nous vous renvoyons. La facture reste due."
OF_DISPUTE, OF_PLAN = (
    ("4", "Réponse claire, un peu tardive."),
    ("3", "Nous avons perdu un marché ; on nous a écoutés."),
)
#: Subject of the mails that are tried.
WORDS_TRIED = "Petit rappel : {total}"


def _debtors(books, source):
    """The debtors by name; none where the ledger is another one."""
    debtors = {debtor.name: books.partner(debtor.ref) for debtor in source.debtors}
    wanted = {ASKS, DISPUTES, WRITES, OFFERED, ENTRUSTED}
    return debtors if wanted <= debtors.keys() else {}


def entrust(desk, books, source):
    """Give a case to a collection agency in the days before the ledger's date; return it, the known one next time."""
    debtors, cases = _debtors(books, source), desk.env["recovery.case"]
    known = cases.search([("mandate_id", "!=", False)], limit=1)
    if known or not debtors:
        return known
    step = Step("mandate")
    day = source.date - ENTRUSTED_BEFORE
    with clock.at(day):
        case = cases._open(
            debtors[ENTRUSTED], _late(desk, debtors[ENTRUSTED]), reason="Mise en demeure restée sans réponse"
        )
        case._entrust(_mandate(desk, day))
        desk.env.cr.commit()
    step.close(f"{case.display_name} entrusted to {case.mandate_id.partner_id.name}")
    return case


def _mandate(desk, day):
    company = desk.company
    return desk.env["recovery.mandate"].create(
        {
            "name": "Convention 117",
            "partner_id": desk.env["res.partner"]
            .create({**AGENCY, "country_id": desk.company.country_id.id})
            .id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "date_from": day - relativedelta(months=6),
            "terms_text": "Amiable seulement ; dossiers rendus après six mois sans résultat.",
            "tier_ids": [(0, 0, {"threshold": 0, "percent": 12}), (0, 0, {"threshold": 2000, "percent": 8})],
        }
    )


def bring(desk, books, source, case):
    """Bring what waits for somebody on the ledger's date, once; ``case`` is what the agency has in hand."""
    if not case or case.mandate_id.entry_ids:
        return
    step = Step("what waits for an answer")
    debtors = _debtors(books, source)
    _ask(desk, debtors)
    if _late(desk, debtors[OFFERED]):
        _offer(desk, debtors[OFFERED])
    _report(desk, case)
    _answer(desk, debtors[WRITES])
    _rate(desk)
    _reward(desk, source.date)
    _try_words(desk, source.date)
    noted.note(desk, debtors[ASKS], [debtors[name] for name in (DISPUTES, OFFERED)], source.date)
    step.close(
        "requests, disputes, an offer, an agency's report, ratings, incentives, a trial of words, promises"
    )


def _answer(desk, debtor):
    """A dispute that was looked into and closed, and what its debtor says of it."""
    contested = _late(desk, debtor)[1:2]
    if not contested:
        return
    debtor, company = (
        debtor.with_env(desk.env).sudo(),
        desk.company.sudo(),
    )  # as the portal does for its visitors
    dispute = debtor.env["recovery.dispute"]._raise(
        debtor,
        company,
        debtor,
        items=contested.ids,
        cause="quantity",
        description="Huit plaques livrées sur dix facturées.",
    )
    ours = dispute.with_env(desk.env)
    ours.answer = ANSWER
    ours.action_reject()
    dispute._rate(*OF_DISPUTE)


def _rate(desk):
    """A debtor whose plan is over says on the portal how it was treated."""
    plans = desk.env["recovery.plan"].sudo()  # as the portal does for its visitors
    over = [("company_id", "=", desk.company.id), ("state", "in", ("completed", "broken"))]
    for plan in plans.search(over, limit=1):
        plan._rate(*OF_PLAN)


def _late(desk, debtor):
    """What the debtor owes past its date, oldest first."""
    late = [("partner_id", "=", debtor.id), ("date_due", "<", desk.company._recovery_today())]
    return desk.env["recovery.claim"].search(late, order="date_due, id").move_line_id


def _ask(desk, debtors):
    """What debtors say on the portal, in their words."""
    env, company = desk.env(su=True), desk.company.sudo()  # as the portal does for its visitors
    requests = env["recovery.request"]
    asks, disputes, writes = (debtors[name].with_env(env) for name in (ASKS, DISPUTES, WRITES))
    if _late(desk, asks):  # on another day, or in another ledger, it may owe nothing
        requests._ask_for_plan(
            asks,
            company,
            asks,
            description="Travaux en salle en octobre, la saison reprend. Nous pouvons payer chaque mois.",
            amount=700.0,
        )
    requests._open(
        writes, company, "message", writes, description="Pouvez-vous nous renvoyer la facture d'octobre ?"
    )
    if contested := _late(desk, disputes)[:1]:
        env["recovery.dispute"]._raise(
            disputes,
            company,
            disputes,
            items=contested.ids,
            amount=120.0,
            cause="quantity",
            description="Deux plaques manquaient à la livraison, le bon l'indique.",
        )


def _offer(desk, debtor):
    """A plan that its debtor has in hand, and has not answered."""
    negotiation = desk.env["recovery.plan.negotiation"].create(
        {"partner_id": debtor.id, "currency_id": desk.company.currency_id.id}
    )
    plan = desk.env["recovery.plan"].browse(negotiation.action_draft_plan()["res_id"])
    plan.write({"instalment_count": 3, "period": "month"})
    plan.generate_instalments()
    plan.action_propose()


def _report(desk, case):
    """The agency's first report, as its file says it."""
    words = {word.what: word.header for word in case.mandate_id.layout_id.word_ids}
    columns = ("case", "kind", "day", "amount", "reference", "note")
    rows = [";".join(words[f"column_{name}"] for name in columns)]
    for kind, days, amount, reference, note in REPORT:
        day = case.date_entrusted + relativedelta(days=days)
        rows.append(f"{case.name};{words[f'kind_{kind}']};{day};{amount};{reference};{note}")
    report = {"mandate_id": case.mandate_id.id, "file": base64.b64encode("\n".join(rows).encode())}
    desk.env["recovery.mandate.report"].create(report).action_register()


def _reward(desk, date):
    """What a kept plan and a year in time earn, and who earned it."""
    incentives = desk.env["recovery.incentive"]
    for name, event, gives in (
        ("Fidélité : une année à l'heure", "year_in_time", {"limit_percent": 20, "limit_max": 30000}),
        ("Échéancier tenu", "plan_kept", {"lifts_down_payment": True}),
    ):
        incentives.create({"name": name, "event": event, "company_id": desk.company.id, **gives})
    incentives.sudo()._propose(desk.company, date)  # sudo: as the night does


def _try_words(desk, date):
    """Half of the debtors get other words at the first reminder."""
    words = desk.env.ref("payment_plan_recovery.message_standard_reminder")
    other = words.copy({"name": "Premier rappel, plus court", "subject": WORDS_TRIED})
    trial = desk.env["recovery.message.trial"].create(
        {
            "name": "Objet plus court",
            "company_id": desk.company.id,
            "level_id": words.level_id.id,
            "first_id": words.id,
            "second_id": other.id,
            "date_until": date + relativedelta(months=3),
        }
    )
    trial.action_start()
