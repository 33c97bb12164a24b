"""Two things told as "what: of what", as a language punctuates it: French puts a no-break space before the colon."""


def labelled(env, label, text):
    """Return ``label`` and ``text`` with a colon between them; one alone where the other is empty."""
    if not (label and text):
        return label or text or ""
    return env._("%(label)s: %(text)s", label=label, text=text)
