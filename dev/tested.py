"""Fed to `odoo shell`: what each of the addon's tests would else make for itself, and take back when it ends.

The styles and scripts of papers and pages, which take some seconds to compile; and companies with a chart of accounts,
of which a test takes one by giving it a name (``tests/common/ready_company.py``).
"""

SCRIPTS = (
    *("web.assets_web", "web.assets_tests", "web.report_assets_pdf"),
    *("web.assets_frontend_minimal", "web.assets_frontend_lazy"),
)
STYLES = (
    *("web.assets_web", "web.assets_web_print", "web.assets_frontend"),
    *("web.report_assets_common", "web.report_assets_pdf"),
)
#: Papers ask for styles with prefixes of browsers long gone, wkhtmltopdf for one.
PREFIXED = ("web.report_assets_common", "web.report_assets_pdf")
COMPANIES = 2

# Odoo lets each run of wkhtmltopdf idle for two seconds, for scripts that go on when a page has loaded: ours have none.
env["ir.config_parameter"].set_param("report.print_delay", "0")

pages = env["ir.qweb"]
for name in SCRIPTS:
    pages._get_asset_bundle(name, css=False, js=True).js()
for name in STYLES:
    pages._get_asset_bundle(name, css=True, js=False, autoprefix=name in PREFIXED).css()

charts = env["account.chart.template"]
for number in range(COMPANIES):
    company = env["res.company"].create({"name": f"Ready {number + 1}"})
    charts.try_loading(charts._guess_chart_template(company.country_id), company=company, install_demo=False)
    company.account_fiscal_country_id = company.account_fiscal_country_id or env.ref("base.us")
# Nobody works there yet.
env.user.company_ids = env.user.company_id
# No test commits what it makes: whenever the server counted rows on its own, it found none where there are hundreds,
# and from then on read whole tables for each row of another.
env.cr.execute(
    """
    DO $$
    DECLARE found regclass;
    BEGIN
        FOR found IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
            EXECUTE FORMAT('ALTER TABLE %s SET (autovacuum_enabled = off)', found);
        END LOOP;
    END $$
    """
)
env.cr.commit()
