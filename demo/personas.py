"""Who buys in the demonstration ledger, and what: invented people, firms and goods, as data."""

from typing import NamedTuple

PROMPT, SLOW, CHRONIC, DISPUTING, FAILING, STRATEGIC = HABITS = (
    "prompt",
    "slow",
    "chronic",
    "disputing",
    "failing",
    "strategic",
)


class Persona(NamedTuple):
    """A debtor's identity card and the traits that make their account."""

    habit: str
    rate: int  # invoices per hundred months
    terms: str  # a key of ``ledger.TERMS``
    name: str
    street: str
    zip: str
    city: str
    country: str = "FR"
    is_company: bool = True
    has_email: bool = True
    stops: int = 0  # days before the ledger's date since when nothing due is paid
    on_account: str = ""  # "twice": paid an invoice twice; "lump": a sum without a remittance advice


def _person(habit, rate, *identity, **traits):
    return Persona(habit, rate, "30", *identity, is_company=False, **traits)


PERSONAS = (
    # Firms that pay when they promised to.
    Persona(PROMPT, 105, "30", "Brasserie Kervadec", "14 quai des Tonneliers", "29200", "Brest"),
    Persona(PROMPT, 95, "30", "Maison Aubrelle Traiteur", "3 rue du Four-Banal", "69002", "Lyon"),
    Persona(PROMPT, 120, "45eom", "Hôtel des Trois Glycines", "27 avenue des Platanes", "06400", "Cannes"),
    Persona(PROMPT, 85, "30", "Boulangerie Thévenot-Sarrail", "8 place du Minage", "17000", "La Rochelle"),
    Persona(PROMPT, 100, "60", "Résidence Les Jonquilles", "41 rue de l'Observance", "84000", "Avignon"),
    Persona(PROMPT, 90, "30", "Crêperie Lann Vraz", "5 venelle du Lavoir", "56000", "Vannes"),
    Persona(PROMPT, 95, "45eom", "Traiteur Belhomme & Filles", "62 rue des Maraîchers", "44000", "Nantes"),
    Persona(PROMPT, 80, "30", "Pâtisserie Ondine", "19 rue de la Vieille-Poste", "67000", "Strasbourg"),
    Persona(
        PROMPT, 110, "30", "Auberge du Pas de Lourse", "Route du Col", "74400", "Chamonix", on_account="twice"
    ),
    Persona(PROMPT, 95, "60", "Lycée hôtelier Jeanne-Valbray", "2 allée des Tilleuls", "37000", "Tours"),
    Persona(PROMPT, 100, "45eom", "Clinique Saint-Orens", "120 boulevard des Minimes", "31200", "Toulouse"),
    Persona(PROMPT, 75, "30", "Le Fournil de Mirande", "33 Grand-Rue", "26000", "Valence"),
    Persona(PROMPT, 90, "30", "Bistrot Casimir", "7 rue des Chaudronniers", "21000", "Dijon"),
    Persona(PROMPT, 85, "30", "Harrowgate Catering Ltd", "18 Tanner's Row", "BS1 6QF", "Bristol", "GB"),
    Persona(PROMPT, 90, "30", "Gasthaus Lindwurm GmbH", "Ahornweg 12", "10115", "Berlin", "DE"),
    Persona(PROMPT, 85, "60", "Traiteur Vandermeersch SRL", "Rue des Échevins 44", "1000", "Bruxelles", "BE"),
    # Firms that pay, a few weeks after the date.
    Persona(SLOW, 105, "30", "Restaurant L'Ancolie", "11 rue du Puits-Vieux", "38000", "Grenoble"),
    Persona(SLOW, 95, "45eom", "Hôtel-Restaurant Bellegarde", "9 rue de la Gare", "01000", "Bourg-en-Bresse"),
    Persona(SLOW, 110, "30", "SARL Pizzeria Torrevecchia", "23 rue des Cordeliers", "13001", "Marseille"),
    Persona(SLOW, 90, "30", "Le Comptoir de Suzanne", "4 rue Monte-à-Regret", "33000", "Bordeaux"),
    Persona(SLOW, 100, "60", "Cantines du Val d'Orge", "15 rue Croix-Blanche", "91700", "Fleury-Mérogis"),
    Persona(SLOW, 95, "30", "Boucherie Lacombe", "52 rue du Coq", "63200", "Riom", has_email=False),
    Persona(SLOW, 85, "30", "Salon de thé Mirabeau", "6 cours des Quatre-Vents", "13100", "Aix-en-Provence"),
    Persona(SLOW, 105, "45eom", "Camping Les Embruns Bleus", "Chemin de la Dune", "40600", "Biscarrosse"),
    Persona(SLOW, 90, "30", "Brasserie du Cadran", "1 place du Cadran", "59000", "Lille"),
    Persona(SLOW, 80, "30", "La Table de Gaspard", "29 rue des Étuves", "34000", "Montpellier"),
    Persona(SLOW, 95, "30", "Pendlebury Hotels Ltd", "77 Cloth Hall Street", "LS1 4HR", "Leeds", "GB"),
    Persona(SLOW, 85, "45eom", "Auberge du Pont Cornu SRL", "Rue des Échasseurs 31", "5000", "Namur", "BE"),
    Persona(SLOW, 90, "30", "Kantine Morgenrot GmbH", "Speicherstraße 5", "20095", "Hamburg", "DE"),
    # Firms that always pay very late, often in two goes.
    Persona(CHRONIC, 150, "30", "SAS Le Grand Bouillon", "88 rue du Faubourg-Neuf", "75011", "Paris"),
    Persona(CHRONIC, 130, "30", "Hôtel de la Méridienne", "17 boulevard Carnot", "06000", "Nice"),
    Persona(CHRONIC, 135, "45eom", "Traiteur Fontanelle Réceptions", "36 rue Haute", "78000", "Versailles"),
    Persona(CHRONIC, 130, "30", "Restaurant La Goélette", "2 quai du Bassin", "76600", "Le Havre"),
    Persona(
        CHRONIC, 140, "30", "Boulangeries Pastourel", "5 rue de Millau", "12000", "Rodez", on_account="lump"
    ),
    Persona(CHRONIC, 105, "60", "Groupe Scolaire Saint-Alban", "9 rue du Séminaire", "35000", "Rennes"),
    Persona(CHRONIC, 125, "30", "Brasserie Zinc & Cuivre SRL", "Rue Puits-en-Sock 61", "4020", "Liège", "BE"),
    # Firms that find something wrong with every third invoice.
    Persona(DISPUTING, 125, "30", "Hôtel Palissandre", "21 rue des Capucins", "51100", "Reims"),
    Persona(DISPUTING, 130, "30", "SARL Les Cuisines d'Armand", "73 rue de Metz", "54000", "Nancy"),
    Persona(DISPUTING, 115, "45eom", "Restaurant Le Vieux Moulin", "Impasse du Bief", "87000", "Limoges"),
    Persona(DISPUTING, 110, "30", "Thornycroft Kitchens Ltd", "5 Weavers Yard", "M4 1HQ", "Manchester", "GB"),
    # Firms that stopped paying.
    Persona(
        FAILING,
        200,
        "30",
        "SARL Bistrot des Halles Neuves",
        "10 rue des Halles",
        "45000",
        "Orléans",
        stops=140,
    ),
    Persona(FAILING, 200, "30", "Traiteur Maurignac", "48 rue de Bitche", "64000", "Pau", stops=190),
    Persona(FAILING, 150, "30", "SAS Food'Atelier", "16 rue des Docks", "69007", "Lyon", stops=240),
    Persona(FAILING, 150, "45eom", "Hôtel du Parc Vauzelles", "3 rue du Parc", "03200", "Vichy", stops=295),
    # Accounts nobody wants to lose.
    Persona(STRATEGIC, 260, "60", "Groupe Hôtelier Marcheval", "210 rue Pouget", "75017", "Paris"),
    Persona(STRATEGIC, 230, "45eom", "Restauration Collective Arpège", "1 la Dalle", "92400", "Courbevoie"),
    Persona(STRATEGIC, 210, "60", "CHU Val-de-Brenne", "5 chemin de l'Hôpital", "36000", "Châteauroux"),
    Persona(STRATEGIC, 220, "45eom", "Lëtz Gastro Services S.A.", "2 rue Roost", "1212", "Luxembourg", "LU"),
    # Private customers.
    _person(PROMPT, 28, "Claire Marchetti", "12 rue des Lilas", "69300", "Caluire-et-Cuire"),
    _person(PROMPT, 25, "Yann Le Goascoz", "3 hameau de Kerbihan", "29000", "Quimper"),
    _person(PROMPT, 22, "Amandine Roussilhe", "45 rue du Barry", "81000", "Albi"),
    _person(PROMPT, 25, "Philippe Delcambre", "7 allée des Bouleaux", "59650", "Villeneuve-d'Ascq"),
    _person(PROMPT, 22, "Naïma Benzerrouk", "18 rue de la Fontaine", "13008", "Marseille"),
    _person(PROMPT, 25, "Margaret Ashdown", "The Old Dairy, Mill Lane", "TN31 7LA", "Rye", "GB"),
    _person(SLOW, 28, "Bruno Chastagnier", "26 route de Murat", "15000", "Aurillac"),
    _person(SLOW, 25, "Odile Farcy-Morel", "9 rue de l'Abbaye", "14000", "Caen", has_email=False),
    _person(SLOW, 28, "Thomas Wieczorek", "31 rue des Mineurs", "62300", "Lens"),
    _person(CHRONIC, 45, "Sébastien Loubaresse", "6 impasse du Stade", "30000", "Nîmes"),
    _person(CHRONIC, 45, "Karine Quilichini", "14 cours Napoléon", "20000", "Ajaccio"),
    _person(DISPUTING, 40, "Gérard Pontvianne", "22 rue de la Halle", "42000", "Saint-Étienne"),
)
