"""The content of files, one at a time."""


def content_of(file):
    """Return what is in ``file`` (an attachment, or none) as bytes, without keeping it in memory afterwards.

    For loops over files: asked of one of them, Odoo reads the content of all that were found with it, and keeps it.
    """
    if not file:
        return b""
    file = file.with_prefetch()
    data = file.raw or b""
    file.invalidate_recordset(["raw", "db_datas"])
    return data
