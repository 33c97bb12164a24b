"""Things told one after another, as a language punctuates them: French puts a no-break space before its colon."""

from functools import reduce


def labelled(env, label, text):
    """Return ``label`` and ``text`` with a colon between them; one alone where the other is empty."""
    if not (label and text):
        return label or text or ""
    return env._("%(label)s: %(text)s", label=label, text=text)


def told_apart(env, texts):
    """Return ``texts`` one after another, with semicolons between them."""
    if not texts:
        return ""
    return reduce(lambda told, then: env._("%(told)s; %(then)s", told=told, then=then), texts)
