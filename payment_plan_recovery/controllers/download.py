"""Files that a user of the back office downloads: workbooks and letters, for those who may read them."""

import io
import tempfile

from odoo import http
from odoo.http import request
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from ..tools.text import file_name
from .visit import typed_ids


def _company_of_user(number):
    """Return the company of that number if the user works for it, without a number the user's main one."""
    if not number:
        return request.env.company
    company = request.env.user.company_ids.filtered(lambda company: str(company.id) == number)
    if not company:
        raise NotFound
    return company


#: What a downloaded file is, by the end of its name.
FORMS = {
    "csv": "text/csv",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def _download(file, form, *words):
    """Send an open ``file`` from where it is: written to disk, what is about a large ledger never sits in memory.

    :param form: key of ``FORMS``
    :param words: what the file is called: in the user's language, as it is looked for
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    name = " ".join(file_name(str(word)) for word in words)
    headers = [
        ("Content-Type", FORMS[form]),
        ("Content-Length", size),
        ("Content-Disposition", http.content_disposition(f"{name}.{form}")),
    ]
    return request.make_response(wrap_file(request.httprequest.environ, file), headers)


class RecoveryReviewController(http.Controller):
    @http.route(
        "/recovery/run/<model('recovery.dunning.run'):run>/review", type="http", auth="user", readonly=True
    )
    def review(self, run):
        """The Excel review of a run, for those who may read it."""
        run.check_access("read")
        file = tempfile.TemporaryFile()  # noqa: SIM115 closed by the response
        run.write_review(file)
        return _download(file, "xlsx", request.env._("Dunning review"), run.name)


class RecoveryMailingController(http.Controller):
    @http.route(
        "/payment_plan_recovery/mailing/<model('recovery.mailing'):mailing>",
        type="http",
        auth="user",
        readonly=True,
    )
    def letters(self, mailing):
        """The letters of a mailing as one PDF, for those who may read it."""
        mailing.check_access("read")
        return _download(io.BytesIO(mailing._merged_pdf()), "pdf", mailing.name)


class RecoveryPersonController(http.Controller):
    @http.route(
        "/recovery/person/<model('res.partner'):partner>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def person(self, partner):
        """Everything kept about a person, as a ZIP, for managers who may read that contact."""
        partner.check_access("read")
        if not partner._recovery_may_export():
            raise NotFound
        file = request.env["recovery.personal.export"]._open_file(partner)
        return _download(file, "zip", request.env._("Personal data"), partner.id)


class RecoveryHandoverController(http.Controller):
    @http.route(
        "/recovery/handover/<model('recovery.handover'):handover>/<any(csv,zip):form>",
        type="http",
        auth="user",
    )
    def handover(self, handover, form):
        """What a partner is handed over, as CSV or as ZIP with the papers, for those who work on cases."""
        handover.check_access("read")
        handover.line_ids.case_id.check_access("write")
        file = handover._open_file(form)
        return _download(file, form, handover.name)


class RecoveryChargeController(http.Controller):
    @http.route("/recovery/charges", type="http", auth="user", readonly=True)
    def charges(self, ids=""):
        """The Excel workbook of charges, for those who may read them."""
        charges = request.env["recovery.charge"].search([("id", "in", typed_ids(ids.split(",")))])
        file = io.BytesIO()
        request.env["recovery.charge.xlsx"]._write(charges, file)
        return _download(file, "xlsx", request.env._("Late charges"), request.env.company._recovery_today())


class RecoveryCreditReviewController(http.Controller):
    @http.route("/recovery/credit/review", type="http", auth="user", readonly=True)
    def credit_review(self, company_id=""):
        """The Excel review of credit of a company of the user's, for those who may read the figures."""
        company = _company_of_user(company_id)
        file = tempfile.TemporaryFile()  # noqa: SIM115 closed by the response
        request.env["recovery.credit.review.xlsx"].with_company(company)._write_today(file)
        return _download(file, "xlsx", request.env._("Credit review"), company._recovery_today())


class RecoveryMonthlyReviewController(http.Controller):
    @http.route("/recovery/figures/review", type="http", auth="user", readonly=True)
    def monthly_review(self, date_from, date_to, company_id="", person="", **about):
        """The workbook of what the dashboard shows, for those who may read figures."""
        asked = {
            "period": "own",
            "date_from": date_from,
            "date_to": date_to,
            "person": typed_ids([person])[0] if person else None,
            **{name: typed_ids([about.get(name, "")])[0] for name in ("company", "segment", "country")},
        }
        creditor = _company_of_user(company_id)
        file = tempfile.TemporaryFile()  # noqa: SIM115 closed by the response
        request.env["recovery.monthly.review.xlsx"].with_company(creditor)._write(asked, file)
        return _download(file, "xlsx", request.env._("Dashboard"), date_from, date_to)
