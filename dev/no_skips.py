"""A pytest plugin: a test that did not run is a test that failed.

Odoo skips a browser test when it finds no browser, pytest-odoo skips it without an HTTP
server; either would let a suite pass that never opened a page. Nor does a browser count as missing
because a busy machine takes longer to start it than Odoo waits.
"""

import sys

import pytest

#: Seconds a browser is given to start; Odoo gives it ten.
BROWSER_PATIENCE = 90


def pytest_collection_finish():
    common = sys.modules.get("odoo.tests.common")
    if common:
        common.CHECK_BROWSER_ITERATIONS = int(BROWSER_PATIENCE / common.CHECK_BROWSER_SLEEP)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    outcome = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} did not run: {reason}"


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report():
    outcome = yield
    report = outcome.get_result()
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid or 'the suite'} was not collected: {report.longrepr}"
