"""What the demonstration leaves in out/ for people to open."""

import re
import shutil

from dev.paths import OUT

MAILS = OUT / "mails"
LETTERS = OUT / "letters"


def clear():
    """Forget the papers of an earlier database."""
    for folder in (MAILS, LETTERS):
        shutil.rmtree(folder, ignore_errors=True)
    for path in [
        *OUT.glob("agreement-*.pdf"),
        *OUT.glob("check-*.pdf"),
        *OUT.glob("case-*.pdf"),
        *OUT.glob("*.xlsx"),
    ]:
        path.unlink()


def agreement(plan):
    """The plan's agreement as PDF, in the debtor's language."""
    report = plan.env["ir.actions.report"]
    content, _kind = report._render_qweb_pdf("payment_plan_recovery.action_report_agreement", plan.ids)
    return keep(OUT / f"agreement-{_safe(plan.name)}.pdf", content)


def letters(notices):
    """The letters as they were archived when they were sent."""
    return [
        keep(LETTERS / f"{_safe(notice.name)}-{_safe(notice.level_id.name)}.pdf", notice.attachment_id.raw)
        for notice in notices
        if notice.channel in ("letter", "registered") and notice.state == "sent"
    ]


def review(run):
    """The review of the run and the plans as a workbook."""
    path = OUT / "recovery_review.xlsx"
    run.with_context(lang=run.company_id._recovery_lang()).write_review(str(path))
    return path


def credit(desk, checks, date):
    """The PDF of the solvency check that knows most, and the Excel review of credit."""
    words = {"lang": desk.company._recovery_lang()}  # read inside the company
    check = checks.sorted(lambda check: -len(check.line_ids.filtered("share")))[:1]
    if check:
        report = desk.env["ir.actions.report"].with_context(**words)
        content, _kind = report._render_qweb_pdf(
            "payment_plan_recovery.action_report_solvency_check", check.ids
        )
        keep(OUT / f"check-{_safe(check.name)}.pdf", content)
    workbook = desk.env["recovery.credit.review.xlsx"].with_context(**words)
    workbook._write(desk.company, date, str(OUT / "credit_review.xlsx"))


def keep(path, content):
    """Write a paper, and the folder it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _safe(name):
    return re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-")
