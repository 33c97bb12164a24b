"""Errors of the kernel: a code and its figures, worded and translated by the caller."""


class KernelError(ValueError):
    """A request the kernel refuses, named by a stable ``code``.

    The kernel knows no language: ``code`` says which rule was broken and
    ``params`` carry the figures the message needs. The Odoo side turns both
    into a translated ``UserError`` (see ``models/common/kernel.py``).
    """

    def __init__(self, code, **params):
        self.code = code
        self.params = params
        details = ", ".join(f"{name}={value!r}" for name, value in sorted(params.items()))
        super().__init__(f"{code}({details})")
