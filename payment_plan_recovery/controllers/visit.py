"""Who looks at a debtor's file, and by which way: the question every page of the portal asks first.

Nobody of the portal has a right on the addon's records. A page reads and writes them by sudo, for one debtor and one
creditor, and these come from the way in, never from what a form says:

- `/r/<code>`: the link of a message; it may open one plan only;
- `/my/creditor/<company>` and `/my/plans/<plan>`: the login of a contact of the debtor;
- `/recovery/debtor/<debtor>/<company>`: a collector who looks at it as the debtor sees it; nothing is done there.

Whatever does not exist, has ended or is somebody else's gets the same answer.
"""

import re
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import request
from odoo.tools import format_date
from werkzeug.urls import url_encode

from ..models.common.company_words import words_of
from ..tools.mention import typed_amount

#: The ways in, before the path of a page.
ROOTS = (
    "/r/<string:code>",
    "/my/creditor/<int:company_id>",
    "/recovery/debtor/<int:partner_id>/<int:company_id>",
)
#: What comes from the way in, whatever a form sends under these names.
WAYS = ("code", "company_id", "partner_id", "access_token", "self", "visit", "plan", "csrf_token")
#: Characters of the longest text that a form may send: the fields of the pages stop before.
LONGEST_TEXT = 10_000
#: Digits of a number of a record; what is longer is none.
LONGEST_ID = 10
#: What the pages of a visit have in common: something is shown there, or done.
PAGE = {"type": "http", "auth": "public", "website": True, "multilang": False, "sitemap": False}
SHOW = {**PAGE, "methods": ["GET"], "readonly": True}
ACT = {**PAGE, "methods": ["POST"]}
#: Amounts from here on are no amounts; infinity and what is not a number are neither.
BEYOND_ANY_DEBT = 10**12
#: What people write of an amount that no programme reads: "1 250,50", "120,5 €".
AMOUNT = re.compile(r"[\d\s.,\u202f]*\d[\d\s.,\u202f]*€?", re.ASCII)
#: A page with a code in its address is not to be kept, found, told on or shown within another's.
DISCREET = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "X-Frame-Options": "SAMEORIGIN",
}


def routes(path=""):
    """Return the addresses of a page, one for each way in."""
    return [root + path for root in ROOTS]


def plan_routes(path=""):
    """Return the addresses of a page of one plan."""
    return [*routes(f"/plans/<int:plan_id>{path}"), f"/my/plans/<int:plan_id>{path}"]


@dataclass(frozen=True)
class Visit:
    """A look at a debtor's file with one creditor: both by sudo, in the language of whoever looks.

    ``only`` is the one plan that a link opens; ``link`` and ``user`` say how the visitor came in.
    """

    debtor: Any
    company: Any
    root: str
    link: Any = None
    user: Any = None
    only: Any = None
    is_preview: bool = False

    @property
    def env(self):
        return self.debtor.env

    @property
    def payer(self):
        """Whoever pays or writes, by sudo: the contact that is logged in, else the debtor."""
        return self.user.partner_id.sudo() if self.user else self.debtor

    def url(self, path="", **query):
        words = {key: value for key, value in query.items() if value}
        return f"{self.root}{path}" + (f"?{url_encode(words)}" if words else "")

    def day(self, day):
        return format_date(self.env, day) if day else ""

    def plan(self, plan_id):
        """Return the plan if the visitor may see it, else an empty one."""
        plans = self.env["recovery.plan"]
        domain = [("id", "=", plan_id), *self.debtor._recovery_portal_domain(self.company)]
        found = plans.search(domain + self.debtor._recovery_portal_plan_domain())
        return found if not self.only or self.only == found else plans

    def author(self):
        """Return who acts, for the file: in the company's language, whatever the debtor reads."""
        if self.user:
            return self.user.partner_id.name
        return words_of(self.company)._("whoever has the debtor's link")


def visited(scope="account", acts=False, again=None):
    """Decorate a page: it is called with the visit in place of the words of the way in.

    :param scope: "account": closed to the link of one plan; "plan": about one plan, which it is called with; "any"
    :param acts: it writes: counted by the hour, and closed to whoever only looks
    :param again: name of the method that shows the form again, with what was ``typed``, when it is refused;
        without one the account is shown, or the plan
    """

    def decorate(function):
        @wraps(function)
        def answer(self, /, **words):
            visit = find_visit(words)
            about = {"plan": visit.plan(words.pop("plan_id", None))} if visit and scope == "plan" else {}
            if not visit or not all(about.values()) or (visit.only and scope == "account"):
                return closed()
            if acts and visit.is_preview:
                return plain("only_looking", status=403)
            words = said(words)
            try:
                require_bearable(visit, words)
                if acts:  # what was refused counts, too
                    visit.env["recovery.portal.attempt"]._spend("act", visit.debtor, visit.company)
                with request.env.cr.savepoint():
                    return discreet(function(self, visit, **about, **words))
            except UserError as error:
                page = again or ("_recovery_plan_page" if about else "_recovery_account_page")
                return discreet(getattr(self, page)(visit, **about, typed=words, error=str(error)))

        return answer

    return decorate


def said(words):
    """Return what a form says: text, without characters that no text has, and no files, which are read apart."""
    return {
        key: value.replace("\0", "") if isinstance(value, str) else value
        for key, value in words.items()
        if key not in WAYS and isinstance(value, str | int)
    }


def require_bearable(visit, words):
    """Refuse what is too long for anybody to read.

    :raise UserError: a text is
    """
    if any(isinstance(value, str) and len(value) > LONGEST_TEXT for value in words.values()):
        raise UserError(
            visit.env._("Write %s characters at most; send a longer text as a file.", LONGEST_TEXT)
        )


def discreet(response):
    """Return the answer with the headers of a page that only its reader is to know."""
    if hasattr(response, "headers"):
        response.headers.update(DISCREET)
    return response


def spoken():
    """Return what tells the browser the language of a page: it reads it aloud, and offers to translate others."""
    return {"lang": request.env.lang.replace("_", "-")}


def plain(name, status=200, **values):
    """Return a page that is about nobody's file."""
    title = request.env.company.sudo().name  # sudo: its logo is on the page
    words = {"page_name": "closed", "html_data": spoken(), "title": title, **values}
    return discreet(request.render(f"payment_plan_recovery.portal_{name}", words, status=status))


def closed():
    """Return the one answer to whatever opens nothing."""
    return plain("closed", status=404)


def find_visit(words):
    """Return the visit by the way in of this request, or None."""
    path = request.httprequest.path
    if path.startswith("/r/"):
        return _by_link(words.get("code"))
    if path.startswith("/recovery/debtor/"):
        return _as_collector(words.get("partner_id"), words.get("company_id"))
    if path.startswith("/my/plans/"):
        # sudo: only which creditor's plan it is; whether the visitor may see it is asked next
        plan = request.env["recovery.plan"].sudo().browse(words.get("plan_id")).exists()
        return _by_login(plan.company_id)
    # sudo: only which creditor it is; whether the visitor may see anything of it is asked next
    return _by_login(request.env["res.company"].sudo().browse(words.get("company_id")).exists())


def _by_link(code):
    attempts = request.env["recovery.portal.attempt"]
    address = request.httprequest.remote_addr
    if attempts._is_over("wrong_link", address):
        return None
    link = request.env["recovery.portal.link"]._opened_by(code)
    if not link:
        attempts._note_apart("wrong_link", address)
        return None
    debtor, company = link.partner_id, link.company_id
    lang = debtor._recovery_lang(company)
    request.update_context(lang=lang)
    link = link.with_context(lang=lang)
    return Visit(
        debtor=link.partner_id.with_company(company),
        company=link.company_id,
        root=link._path(),
        link=link,
        only=link.plan_id or None,
    )


def _by_login(company):
    user = request.env.user
    contact = user.partner_id.sudo()  # sudo: the user's own contact and its commercial entity
    if user._is_public() or contact.recovery_no_portal:
        return None
    debtor = contact.commercial_partner_id
    company = debtor._recovery_portal_creditors() & company._recovery_creditor()
    if not company:
        return None
    root = f"/my/creditor/{company.id}"
    return Visit(debtor=debtor.with_company(company), company=company, root=root, user=user)


def _as_collector(partner_id, company_id):
    user = request.env.user
    if not user.has_group("payment_plan_recovery.group_recovery_user"):
        return None
    company = user.company_ids.filtered(lambda company: company.id == company_id)._recovery_creditor()
    debtor = request.env["res.partner"].browse(partner_id).exists()
    try:
        debtor.check_access("read")
    except AccessError:
        return None
    if not company or not debtor or debtor != debtor.commercial_partner_id:
        return None
    # sudo: an account is of all branches, whoever does not work in one of them
    if company.sudo().search([("id", "child_of", company.id)]) - user.company_ids:
        return None
    # sudo: as the debtor sees it; the collector may read the debtor, and its file in these companies
    debtor = debtor.sudo().with_company(company)
    root = f"/recovery/debtor/{debtor.id}/{company.id}"
    visit = Visit(debtor=debtor, company=company.sudo(), root=root, is_preview=True)
    lang = debtor._recovery_lang(company)
    request.update_context(lang=lang)
    return replace(
        visit, debtor=debtor.with_context(lang=lang), company=visit.company.with_context(lang=lang)
    )


def typed_number(text):
    """Return the amount that a form or a call says, None for what is none: text, NaN, or beyond any debt.

    People write "1 250,50" as well.
    """
    try:
        number = float(text)
    except (TypeError, ValueError, OverflowError):
        if not isinstance(text, str) or not AMOUNT.fullmatch(text.strip()):
            return None
        number = float(typed_amount(text))
    return number if abs(number) < BEYOND_ANY_DEBT else None


def asked_amount(visit, text):
    """Return the amount that a form asks for, None where the field was left empty or says 0.

    :raise UserError: what was written is no amount: nobody is taken to mean the whole by it
    """
    number = typed_number(text)
    if (text or "").strip() and (number is None or number < 0):
        raise UserError(visit.env._("Write the amount in figures, such as 120.50."))
    return number or None


def typed_ids(texts):
    """Return the numbers of records in ``texts``; 0, which is none, for what is no number."""
    return [
        int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else 0 for text in texts
    ]


def typed_page(text):
    """Return the number of a page, the first one for what is no number."""
    return max(typed_ids([str(text)])[0], 1)


def pdf_response(pdf, name):
    """Return a PDF to be shown."""
    return request.make_response(
        pdf,
        [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(pdf)),
            ("Content-Disposition", http.content_disposition(name.replace("/", "-"), "inline")),
        ],
    )


def require_as_shown(currency, left):
    """Refuse to begin a payment on a page that was shown when something else was ``left`` to pay.

    Equal instalments look alike: by the amount alone, a page that stayed open would pay the next one as well.

    :raise ValidationError: it was
    """
    shown = typed_number(request.httprequest.args.get("left"))
    if shown is not None and currency.compare_amounts(shown, left):
        raise ValidationError(request.env._("The amount to pay has changed. Reload the page."))


def payment_visit(words):
    """Return the visit of a call of the payment form.

    :raise ValidationError: nothing is open by this way
    """
    visit = find_visit(words)
    if not visit or visit.is_preview:
        raise ValidationError(request.env._("The link has ended. Ask for a new one."))
    attempts = visit.env["recovery.portal.attempt"]
    if not attempts._spend_apart("payment", visit.debtor, visit.company):
        raise ValidationError(attempts._enough())
    return visit
