"""What a list says when nothing stands in it."""

from markupsafe import Markup

EMPTY = Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>')


def empty(title, text):
    """Return the help of a window: what is not there, and what would stand there or what to do."""
    return EMPTY % (title, text)
