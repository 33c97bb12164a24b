"""Annual accounts and ratings of the invented firms: sizes and shares of the balance sheet, as data."""

import datetime

from . import personas

#: Shares of the balance sheet total, in percent, in the order of a statement's figures.
FIGURES = (
    "current_assets",
    "current_liabilities",
    "equity",
    "financial_debt",
    "turnover",
    "operating_income",
    "ebitda",
    "interest_expense",
    "net_income",
)
SOUND = (55, 28, 46, 14, 150, 11, 15, 0.8, 7)
ORDINARY = (52, 40, 26, 30, 160, 5, 8, 1.6, 2.5)
STRAINED = (45, 52, 11, 41, 140, 1.2, 3, 2.4, -1.5)
DROWNING = (40, 71, -6, 55, 120, -4, -2, 3.2, -7)

#: Balance sheet total and shares, by the habit of paying.
FIRMS = {
    personas.PROMPT: (900_000, SOUND),
    personas.SLOW: (750_000, ORDINARY),
    personas.CHRONIC: (680_000, STRAINED),
    personas.DISPUTING: (820_000, ORDINARY),
    personas.FAILING: (410_000, DROWNING),
    personas.STRATEGIC: (14_000_000, SOUND),
}
YEARS = 2
GROWTH = 1.04  # of everything, from one year to the next
FILED_AFTER = datetime.timedelta(days=180)  # accounts are known half a year after their closing date
#: What an agency sent: no company registration starts with three zeros, and the last one is nobody's.
RATINGS = (
    ("000 731 204", "Groupe Hôtelier Marcheval", "A"),
    ("000 268 517", "CHU Val-de-Brenne", "A"),
    ("000 594 036", "Restauration Collective Arpège", "C"),
    ("000 417 882", "Hôtel du Parc Vauzelles", "E"),
    ("000 803 165", "Comptoir Disparu", "D"),
)


def ratings_file(date):
    """The agency's file, as CSV."""
    rows = [f"{number};{rating};{date};{name}" for number, name, rating in RATINGS]
    return "\n".join(["registration;rating;date;name", *rows])


def statements(habit, date):
    """The firm's last annual accounts known on ``date``, a dictionary of figures per year."""
    assets, shares = FIRMS[habit]
    last = (date - FILED_AFTER).year - 1
    return [
        {
            "date_end": datetime.date(last - age, 12, 31),
            "total_assets": round(assets / GROWTH**age, -2),
            **{
                figure: round(assets / GROWTH**age * share / 100, -2)
                for figure, share in zip(FIGURES, shares, strict=True)
            },
        }
        for age in range(YEARS)
    ]
