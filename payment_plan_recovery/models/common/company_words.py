"""What the system writes into histories and to-do lists is in the language of the company it is about.

Whoever happened to press the button, or the scheduled job, may speak another one than those who read it.
"""


def in_words_of_company(record):
    """Return a record with a company, or records of one company, in that company's language."""
    company = record.company_id[:1]
    return record.with_context(lang=company._recovery_lang()) if company else record


def spoken(env, *codes):
    """Return the first of the languages ``codes`` that is installed: a contact may keep one that was taken away."""
    installed = dict(env["res.lang"].get_installed())
    return next((code for code in codes if code in installed), None) or next(iter(installed))


def words_of(company):
    """Return an environment in the language of ``company``, for what is written down before there is a record."""
    return company.with_context(lang=company._recovery_lang()).env


def by_language(records):
    """Yield ``records`` in the languages of their companies, those of one language together."""
    for lang, found in records.grouped(lambda record: record.company_id._recovery_lang()).items():
        yield found.with_context(lang=lang)


def by_company(records):
    """Yield (company, its records in its language)."""
    for company, found in records.grouped("company_id").items():
        yield company, in_words_of_company(found)
