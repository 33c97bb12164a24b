"""Many values as one constant of a statement."""


def array_text(values):
    """Return values as the text of one array constant, which the database reads faster than a list."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"
