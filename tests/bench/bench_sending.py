"""What leaving the house costs: letters printed in one pile, mails put into the outgoing queue.

``BENCH_LETTERS=100 BENCH_MAILS=1000`` makes it short.
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

import dunning_ledger as ledger
import ledgers
from size import shrunk

from dev import session

LETTERS = int(os.environ.get("BENCH_LETTERS") or shrunk(250))
MAILS = int(os.environ.get("BENCH_MAILS") or shrunk(4_000))
#: Letters and mails are promised for one page's worth of claims a debtor: five, some of them due.
ITEMS_A_DEBTOR = ledger.ITEMS_PER_DEBTOR
MIB = 1024 * 1024


def run(bench):
    letters(bench)
    mails(bench)


def letters(bench):
    """The outbox's whole way of a pile of letters, against wkhtmltopdf alone on the HTML it was given."""
    from odoo.addons.base.models import ir_actions_report

    with (
        bench.database(ledger=ledgers.NONE) as name,
        session.registry(name) as registry,
        session.web(registry) as address,
        session.environment(registry) as env,
    ):
        env["ir.config_parameter"].set_param("report.url", address)
        queue(bench, env, LETTERS, "letter")
        warm_up(env)
        with tempfile.TemporaryDirectory() as folder, recorded(ir_actions_report, Path(folder)) as calls:
            whole = drained(env)
            assert_all_sent(env, LETTERS)
            alone = 0.0
            for command in calls:
                start = perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                alone += perf_counter() - start
        start = perf_counter()
        [mailing] = env["recovery.mailing"].search([])
        size = len(mailing._merged_pdf())
        merging = perf_counter() - start
    bench.figure(f"sending: {LETTERS:,} letters, from the queue to their archive", whole, None, "s")
    bench.figure(f"sending: wkhtmltopdf alone on their HTML, {len(calls)} batches", alone, None, "s")
    bench.figure("sending: letters / wkhtmltopdf alone", whole / alone, 1.3, "times")
    bench.figure("sending: wkhtmltopdf's runs for a letter", len(calls) / LETTERS, 0.05, "runs")
    bench.figure("sending: the pile as one PDF", merging, None, "s")
    bench.figure("sending: size of that PDF", size / MIB, None, "MiB")


def mails(bench):
    """Mails written and handed to the outgoing queue, ready for the mail server."""
    with bench.environment(ledger=ledgers.NONE) as env:
        queue(bench, env, MAILS, "email")
        sizes = []
        with patch.object(type(env["recovery.notice"]), "_deliver_mails", lambda self: None):
            seconds = drained(env, watch=lambda: sizes.append(memory()))
        ready = env["recovery.notice"].search_count([("mail_id", "!=", False)])
        assert ready == MAILS, ready
    early, late = max(sizes[: max(len(sizes) // 5, 1)]), sizes[-1]
    bench.figure(f"sending: {MAILS:,} mails queued", seconds, None, "s")
    bench.figure("sending: time of 10,000 mails at that pace", seconds / MAILS * 10_000, 60, "s")
    bench.figure("sending: memory grown from the first fifth to the last mail", late - early, 20, "MiB")


def queue(bench, env, count, channel):
    """Put ``count`` notices of the first level into the outbox, all of them over ``channel``."""
    company = creditor(bench, env, channel)
    env.cr.commit()
    # half of its debtors are late, one in ten of them has no e-mail address
    with ledger.indexes_afterwards(env):
        ledger.fill(env, company, (count + 50) * 5 // 2 * ITEMS_A_DEBTOR)
    ledger.settle(env)
    new = env["recovery.dunning.run"].create({"company_id": company.id, "date": ledger.TODAY})
    new.action_propose()
    new.action_confirm()
    env.flush_all()
    env.cr.execute(
        "UPDATE recovery_notice SET state = 'ignored' WHERE id NOT IN "
        "(SELECT id FROM recovery_notice WHERE channel = %s ORDER BY id LIMIT %s)",
        (channel, count),
    )
    env.cr.commit()
    env.cr.execute("ANALYZE recovery_notice, recovery_notice_line")
    env.cr.commit()
    env.invalidate_all()
    queued = env["recovery.notice"].search_count([("state", "=", "queued")])
    assert queued == count, (queued, new.reason_counts())


def creditor(bench, env, channel):
    """Make the company one that writes its first reminder over ``channel``, at any hour; return it."""
    company = bench.french_company(env)
    company.write(
        {"recovery_quiet_channels": "none", "recovery_contact_max": 0, "phone": "+33 4 00 00 00 00"}
    )
    company.partner_id.write({"email": "creditor@example.com", "street": "1 rue du Lac", "city": "Lyon"})
    env["res.partner.bank"].create(
        {"acc_number": "FR7630006000011234567890189", "partner_id": company.partner_id.id}
    )
    level = env.ref("payment_plan_recovery.level_standard_reminder")
    level.channel_ids.filtered(lambda line: line.channel != channel).unlink()
    level.attach_invoices = False  # what Odoo needs to print an invoice is not measured here
    return company


def warm_up(env):
    """Have the style sheets made, as they are on a server at work."""
    env["recovery.notice"].search([("state", "=", "queued")], limit=2)._print()
    env.cr.commit()
    env.invalidate_all()


def drained(env, watch=lambda: None):
    """Seconds it takes the cron to empty the outbox; ``watch`` is called after every batch."""
    outbox = env["recovery.notice"]
    checkpoint = type(outbox)._checkpoint

    def watched(self, *told, **how):
        left = checkpoint(self, *told, **how)
        watch()
        return left

    with patch.object(type(outbox), "_checkpoint", watched):
        start = perf_counter()
        outbox._cron_send()
        return perf_counter() - start


def assert_all_sent(env, count):
    sent = env["recovery.notice"].search([("state", "=", "to_post")])
    assert len(sent) == count, (len(sent), count)
    assert all(notice.document_sha256 for notice in sent)


@contextmanager
def recorded(module, folder):
    """Keep the HTML of each call of wkhtmltopdf; yields the commands that print it again."""
    calls, original = [], module._run_wkhtmltopdf

    def keep(args):
        place = folder / str(len(calls))
        place.mkdir()
        kept = [str(shutil.copy(arg, place)) if arg.endswith((".html", ".txt")) else arg for arg in args]
        calls.append([module._wkhtml().bin, *kept[:-1], str(place / "again.pdf")])
        return original(args)

    with patch.object(module, "_run_wkhtmltopdf", keep):
        yield calls


def memory():
    """Resident size of this process now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / MIB
