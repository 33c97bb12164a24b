"""What the columns of a file of credit data are called: technically, or as the user reads it on the screen."""

from .financial_statement import FIGURES


def columns_called(env):
    """Return {column: what it is called in the language of ``env``}."""
    accounts = env["recovery.financial.statement"]
    return {
        "registration": env._("Registration number"),
        "name": env._("Name"),
        "date": env._("Date"),
        "rating": env._("Rating"),
        "currency": env._("Currency"),
        **{
            name: accounts._fields[name].get_description(env, ["string"])["string"]
            for name in ("date_end", *FIGURES)
        },
    }
