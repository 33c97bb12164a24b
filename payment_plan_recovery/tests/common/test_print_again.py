"""A document that wkhtmltopdf crashes on is printed once more, set a hair looser; other failures are told."""

import shlex
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.addons.base.models import ir_actions_report as printing
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

OURS = '<html><head></head><body><div class="o_recovery">Words</div></body></html>'
THEIRS = "<html><head></head><body>Words</body></html>"


@tagged("post_install", "-at_install")
class TestPrintAgain(TransactionCase):
    def print_with(self, ending, *bodies):
        """Print with a program that is the real one for what is set looser, and otherwise ends as told.

        :return: (the PDF, or the error that was told, the words of each run of the program)
        """
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        program, runs = folder / "wkhtmltopdf", folder / "runs"
        real = shlex.quote(str(printing._wkhtml().bin))
        program.write_text(
            f'#!/bin/sh\necho "$@" >> {runs}\n'
            f'for word; do case "$word" in *.html) grep -q 1.33 "$word" && exec {real} "$@";; esac; done\n{ending}\n'
        )
        program.chmod(0o700)
        told = printing._wkhtml()._replace(bin=str(program))
        with patch.object(printing, "_wkhtml", lambda: told), mute_logger(printing.__name__):
            try:
                result = self.env["ir.actions.report"]._run_wkhtmltopdf(bodies)
            except UserError as error:
                result = str(error)
        return result, runs.read_text().splitlines()

    def test_a_crash_is_printed_again(self):
        result, runs = self.print_with("kill -SEGV $$", OURS)
        self.assertEqual((result[:5], len(runs)), (b"%PDF-", 2))

    def test_what_is_not_ours_is_told(self):
        result, runs = self.print_with("kill -SEGV $$", THEIRS)
        self.assertIn("-11", result)
        self.assertEqual(len(runs), 1)

    def test_another_failure_is_told_at_once(self):
        result, runs = self.print_with("exit 3", OURS)
        self.assertIn("error code: 3", result)
        self.assertEqual(len(runs), 1)

    def test_a_page_of_ours_is_not_waited_for(self):
        """Odoo waits a second, twice, for scripts; ours have none. What somebody has set counts."""
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("report.print_delay", False)
        for pages, delay in (([OURS], "0"), ([THEIRS], "1000"), ([OURS, THEIRS], "1000")):
            _result, [run] = self.print_with("exit 3", *pages)
            self.assertIn(f"--javascript-delay {delay} ", run)
        parameters.set_param("report.print_delay", "200")
        _result, [run] = self.print_with("exit 3", OURS)
        self.assertIn("--javascript-delay 200 ", run)
