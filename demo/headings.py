"""What files call their columns, and what they write in those that say what a row is.

All without case, accents, spaces and marks (:func:`plain`). Of several that a file has the first named here is taken.
"""

import re
import unicodedata
from functools import lru_cache

from .iso_codes import CURRENCIES

#: What is left to pay: a list of open items has no other amount.
_OPEN = (
    "restedu resteapayer soldedu restantdu montantdu montantrestantdu montantdusigne amountdue amountduesigned "
    "amountresidual amountresidualsigned openamount outstanding outstandingamount balancedue remaining offen "
    "offenerbetrag offenerposten restbetrag importependiente pendiente openstaand openstaandbedrag residuo "
    "importoresiduo emaberto valoremaberto solde balance saldo"
)
SYNONYMS = {
    "customer": "client clients nomclient nomduclient tiers nomtiers intituletiers intituledutiers debiteur "
    "raisonsociale customername debtor partner partenaire invoicepartnerdisplayname "
    "nomdaffichagedupartenairedefacturation compauxlib accountname billto kunde kundenname debitor cliente "
    "nombrecliente nombredelcliente razonsocial klant klantnaam naamklant ragionesociale nomecliente nomedocliente "
    "customerid customerno customernumber codeclient numeroclient numclient kundennummer kundennr codigocliente "
    "codicecliente klantnummer klantnr debiteurnummer ncomptetiers comptetiers compauxnum partnerid",
    "invoice": "facture numero numerofacture numerodefacture nfacture nofacture numfacture piece numpiece numeropiece "
    "numerodepiece npiece nopiece pieceref invoicenumber invoiceno invoicenum invoiceid number ref reference "
    "documentno documentnumber docno rechnung rechnungsnummer rechnungsnr rechnungnr belegnummer belegnr factura "
    "numerofactura numerodefactura nofactura nfactura numfactura factuur factuurnummer factuurnr fattura "
    "numerofattura nfattura nofattura fatura numerofatura numerodafatura nfatura nofatura numerodocumento",
    "invoice_date": "datefacture datedefacture datefacturation datedefacturation datepiece datedepiece dateemission "
    "piecedate date invoicebilldate issuedate documentdate docdate rechnungsdatum belegdatum fechafactura "
    "fechadefactura fechaemision fechadeemision factuurdatum datafattura datadocumento dataemissione dataemissao "
    "datadafatura datafatura datum fecha data",
    "due_date": "echeance dateecheance datedecheance duedate due invoicedatedue dueon netduedate faelligkeit "
    "falligkeit falligkeitsdatum falligam faelligam zahlbarbis maturity vencimiento fechavencimiento "
    "fechadevencimiento vervaldatum vervaldag scadenza datascadenza datadiscadenza vencimento datavencimento "
    "datadevencimento",
    "amount": "montant montantttc ttc totalttc total montanttotal totalendevisessigne totalsigne amountincltax "
    "grossamount invoiceamount totalincurrencysigned totalsigned amounttotal amounttotalsigned totalamount "
    "montantfacture betrag bruttobetrag gesamtbetrag rechnungsbetrag importe importetotal bedrag factuurbedrag "
    f"totaalbedrag bedraginclbtw importo importototale totale valor valortotal {_OPEN}",
    "open_amount": _OPEN,
    "kind": "type typedocument typededocument typedepiece typepiece naturepiece documenttype doctype invoicetype "
    "movetype belegart rechnungsart tipo tipodocumento tipodedocumento soort documentsoort",
    "currency": "devise monnaie codedevise currencycode currencyid waehrung wahrung moneda divisa valuta moeda",
    "country": "pays land countrycode codepays landercode laendercode landcode pais paese",
    "settled_date": "datereglement datedereglement dateregle datepaiement datedepaiement paymentdate paidon paidat "
    "reglele payele regle datepaid zahlungsdatum bezahltam fechapago fechadepago betaaldatum betaaldop datapagamento",
    "settled_amount": "montantregle montantpaye regle paye paid paidamount amountpaid reglement bezahlt "
    "bezahlterbetrag pagado importepagado betaald betaaldbedrag pagato importopagato valorpago",
    "side": "sens sensecriture sensdelecriture debitcredit debitoucredit dc drcr crdr debitcreditindicator dcindicator "
    "sollhaben sh sollhabenkennzeichen shkennzeichen sollhabenkz shkz debehaber dh debetcredit dareavere da signe sign "
    "vorzeichen signo segno teken sinal",
    "disputed": "litige enlitige conteste dispute isdisputed strittig litigio betwist contestato",
    "date": "datepaiement datedepaiement datereglement datedereglement paymentdate dateoperation bookingdate "
    "datevaleur zahlungsdatum buchungsdatum bezahltam fechapago fechadepago betaaldatum boekdatum datapagamento "
    "datum fecha data",
    "memo": "libelle motif communication label memo referencepaiement verwendungszweck concepto omschrijving "
    "mededeling causale descrizione descricao",
}
#: How a row begins that adds others up.
TOTALS = frozenset(
    word
    for words in (
        "total soustotal somme subtotal sum gesamt gesamtsumme summe zwischensumme totaal subtotaal totale subtotale",
        "totales grandtotal totalgeneral ergebnis gesamtergebnis report areporter ubertrag uebertrag broughtforward",
        "carriedforward riporto transporte",
    )
    for word in words.split()
)
#: Words of documents: what is among them, or begins with one.
_CREDITS = (
    *("avoir", "credit", "gutschrift", "korrektur", "storno", "abono", "rectificativa", "refund"),
    *("notadicredito", "notadecredito"),
)
_INVOICES = ("facture", "invoice", "rechnung", "factura", "fattura", "fatura", "factuur", "debit")
_PAYMENTS = (
    *(
        "reglement",
        "paiement",
        "payment",
        "zahlung",
        "pago",
        "pagamento",
        "betaling",
        "encaissement",
        "virement",
    ),
    "cheque",
)
#: The short ones that programs write.
_CODES = {
    **dict.fromkeys(("av", "cn", "cm", "gs", "nc", "dg"), "credit"),
    **dict.fromkeys(("fa", "fac", "fact", "fc", "inv", "re", "rv", "dr"), "invoice"),
    **dict.fromkeys(("rg", "rgt", "pmt", "dz"), "payment"),
}
_IN_CURRENCY = re.compile(r"(?P<name>.*?)(?:\s+(?:in|en))?[\s(\[]+(?P<code>[A-Z]{3})[)\]]?\s*")


@lru_cache(4096)  # a column says the same again and again
def plain(cell):
    """A heading without case, accents, spaces and marks."""
    bare = unicodedata.normalize("NFKD", cell.replace("n°", "n").replace("N°", "n"))
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in bare if not unicodedata.combining(c)).lower())


def without_currency(cell):
    """(heading, code) of a heading that ends with the currency its column is in, as “Betrag CHF”; no code without."""
    found = _IN_CURRENCY.fullmatch(cell)
    if found and found["code"] in CURRENCIES:
        return found["name"], found["code"]
    return cell, ""


def document_kind(text):
    """What a row is by the word for it: "invoice", "credit" or "payment"; None for any other word."""
    word = plain(text)
    if word in _CODES:
        return _CODES[word]
    if any(each in word for each in _CREDITS):
        return "credit"
    kinds = {"invoice": _INVOICES, "payment": _PAYMENTS}
    found = [kind for kind, words in kinds.items() if any(each in word for each in words)]
    return found[0] if len(found) == 1 else None
