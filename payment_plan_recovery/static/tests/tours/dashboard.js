import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("recovery_read_dashboard", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        { content: "open Invoicing", trigger: ".o_app[data-menu-xmlid='account.menu_finance']", run: "click" },
        {
            content: "open the Recovery menu",
            trigger: "button[data-menu-xmlid='payment_plan_recovery.menu_recovery']",
            run: "click",
        },
        {
            content: "open the dashboard",
            trigger: "a[data-menu-xmlid='payment_plan_recovery.menu_dashboard']",
            run: "click",
        },
        { content: "a chart is drawn", trigger: ".o_recovery_dashboard canvas" },
        { content: "a collector sees its own", trigger: "select[name='person']:has(option:checked:contains('collector'))" },
        { content: "look at everybody's", trigger: "select[name='person']", run: "select all" },
        {
            content: "open what the rate is made of",
            trigger: "[data-figure='recovery_rate'] .o_recovery_value:contains('%')",
            run: "click",
        },
        { content: "the invoice is there", trigger: ".o_data_row td[name='partner_id']:contains('Lestrade')" },
        { content: "open it", trigger: ".o_data_row td[name='document']", run: "click" },
        { content: "it is an invoice", trigger: ".o_form_view div[name='invoice_line_ids']" },
        { content: "back", trigger: ".breadcrumb-item a:contains('Recovery rate'), .o_back_button", run: "click" },
        { content: "back to the dashboard", trigger: ".breadcrumb a:contains('dashboard')", run: "click" },
        {
            content: "the choice is kept",
            trigger: "select[name='person']:has(option:checked:contains('Everybody'))",
        },
        { content: "another period", trigger: "select[name='period']", run: "select month" },
        { content: "it is told", trigger: "[data-figure='overdue']" },
    ],
});
