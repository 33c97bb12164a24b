"""What the demonstration company sells: professional kitchens, their upkeep, and the words for both.

Prices are multiples of 5 cents, so that VAT at 20 % is exact on every line and the
ledger's totals do not depend on where an accounting system rounds.
"""

from decimal import Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
VAT_RATE = Decimal("20.00")
HALF = Decimal("0.50")


def vat(untaxed):
    return (untaxed * VAT_RATE / 100).quantize(CENT)


def with_vat(untaxed):
    return untaxed + vat(untaxed)


def spoken(words, lang):
    """The French or the English one of two wordings."""
    french, english = words
    return french if lang.startswith("fr") else english


class Item(NamedTuple):
    fr: str  # ``{month}`` becomes the month invoiced
    en: str
    price: Decimal
    most: int = 1  # the largest number of steps sold on a line
    step: Decimal = Decimal("1.00")

    def label(self, lang, day):
        return spoken((self.fr, self.en), lang).format(month=day.strftime("%m/%Y"))


def _item(fr, en, price, *more):
    return Item(fr, en, Decimal(price), *more)


EQUIPMENT = (
    _item("Four mixte 6 niveaux GN 1/1", "Combi oven, 6 trays GN 1/1", "6490.00"),
    _item("Lave-vaisselle à capot, 60 paniers/h", "Hood dishwasher, 60 racks an hour", "3290.00"),
    _item("Armoire réfrigérée inox 700 L", "Stainless steel refrigerator, 700 l", "1749.00", 2),
    _item("Cellule de refroidissement 5 niveaux", "Blast chiller, 5 trays", "2485.00"),
    _item("Plaque à induction 2 foyers", "Induction hob, 2 zones", "1895.00", 2),
    _item("Batteur-mélangeur 20 L", "Planetary mixer, 20 l", "1450.00"),
    _item("Trancheur à jambon, lame 300 mm", "Meat slicer, 300 mm blade", "1189.50"),
    _item("Friteuse électrique à deux cuves", "Electric fryer, two tanks", "1365.00", 2),
    _item("Machine à glaçons 45 kg/jour", "Ice machine, 45 kg a day", "1295.00"),
)
SMALLWARE = (
    _item("Bac gastronorme GN 1/1 inox, H 100 mm", "Gastronorm pan GN 1/1, 100 mm deep", "17.90", 24),
    _item("Table de travail inox 1400 mm", "Stainless steel work table, 1400 mm", "385.00", 2),
    _item("Plaque à pâtisserie 600 mm", "Baking sheet, 600 mm", "14.35", 30),
    _item("Marmite inox 36 L avec couvercle", "Stockpot, 36 l, with lid", "129.90", 3),
    _item("Étagère murale inox 1200 mm", "Wall shelf, stainless steel, 1200 mm", "98.00", 4),
    _item("Planche à découper HACCP, lot de 6", "HACCP cutting boards, set of 6", "74.40", 3),
    _item("Mixeur plongeant 350 W", "Immersion blender, 350 W", "289.00", 2),
    _item("Chariot de service 3 plateaux", "Service trolley, 3 shelves", "215.50", 2),
    _item("Casier à verres 36 compartiments", "Glass rack, 36 compartments", "22.65", 12),
)
SERVICES = (
    _item("Contrat de maintenance cuisine, {month}", "Kitchen maintenance contract, {month}", "420.00"),
    _item("Dépannage froid (heure)", "Refrigeration repair (hour)", "78.00", 12, HALF),
    _item("Détartrage complet du lave-vaisselle", "Full descaling of the dishwasher", "145.00", 2),
    _item("Contrôle d'étanchéité des circuits frigorifiques", "Refrigerant leak test", "189.00"),
    _item("Dégraissage de hotte et certificat", "Hood degreasing with certificate", "310.00", 2),
    _item("Joint de porte de chambre froide", "Cold room door gasket", "64.50", 4),
    _item("Remplacement de compresseur, pièce", "Replacement compressor, part", "545.00"),
    _item("Location de four mixte, {month}", "Combi oven rental, {month}", "265.00"),
)
HOME = (
    _item("Piano de cuisson 900 mm", "Range cooker, 900 mm", "2190.00"),
    _item("Plancha gaz inox 600 mm", "Gas griddle, stainless steel, 600 mm", "349.00"),
    _item("Cave à vin encastrable 46 bouteilles", "Built-in wine cabinet, 46 bottles", "879.00"),
    _item("Réparation de four (heure)", "Oven repair (hour)", "69.00", 6, HALF),
    _item("Hotte décorative 900 mm", "Cooker hood, 900 mm", "459.00"),
    _item("Robot pâtissier 7 L", "Stand mixer, 7 l", "529.00"),
)
TRAVEL = _item("Forfait déplacement", "Call-out charge", "65.00")
DELIVERY = _item("Livraison et mise en service", "Delivery and commissioning", "180.00")


class Basket(NamedTuple):
    share: int  # percent of a firm's invoices
    items: tuple
    most_lines: int
    extras: tuple = ()  # once on every invoice of the kind


BASKETS = (
    Basket(18, EQUIPMENT, 1, (DELIVERY,)),
    Basket(37, SMALLWARE, 4),
    Basket(45, SERVICES, 3, (TRAVEL,)),
)
HOME_BASKET = Basket(100, HOME, 2)

# French, then English
DISPUTE_REASONS = (
    ("Quantité livrée inférieure à la commande", "Fewer items delivered than ordered"),
    ("Prix différent du devis accepté", "Price differs from the accepted quotation"),
    ("Matériel livré rayé", "Equipment delivered scratched"),
    ("Panne revenue deux jours après l'intervention", "Fault came back two days after the repair"),
    ("Intervention facturée au-delà du temps passé", "More hours invoiced than worked"),
)
CREDIT_LABELS = {
    "full": ("Commande annulée, avoir total sur {number}", "Order cancelled, {number} credited in full"),
    "partial": ("Article retourné, avoir partiel sur {number}", "Goods returned, {number} credited in part"),
    "dispute": ("Avoir après litige sur {number}", "Credit after dispute on {number}"),
}
NO_ADVICE = ("Virement sans référence", "Transfer without reference")
