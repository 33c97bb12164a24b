"""Refusals of the kernel about declared records: worded as everywhere, with the record's name."""

from contextlib import contextmanager

from odoo.exceptions import ValidationError

from ...tools.errors import KernelError
from ..common.kernel import kernel_message
from ..common.labelled import labelled


@contextmanager
def refused_by_name(record):
    """Turn a refusal of the kernel into a ``ValidationError`` that names ``record``."""
    try:
        yield
    except KernelError as error:
        message = kernel_message(record.env, error)
        raise ValidationError(labelled(record.env, record.display_name, message)) from error
