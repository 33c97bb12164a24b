import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** From the home screen into a menu of Invoicing / Recovery. */
const openMenu = (menu) => [
    stepUtils.showAppsMenuItem(),
    { content: "open Invoicing", trigger: ".o_app[data-menu-xmlid='account.menu_finance']", run: "click" },
    {
        content: "open the Recovery menu",
        trigger: "button[data-menu-xmlid='payment_plan_recovery.menu_recovery']",
        run: "click",
    },
    { content: `open ${menu}`, trigger: `a[data-menu-xmlid='payment_plan_recovery.${menu}']`, run: "click" },
];

const stateIs = (state) => ({
    content: `the status bar says ${state}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains("${state}")`,
});

registry.category("web_tour.tours").add("recovery_read_plan", {
    url: "/odoo",
    steps: () => [
        ...openMenu("menu_plan"),
        {
            content: "open the debtor's plan",
            trigger: ".o_kanban_record:contains('Brasserie des Tilleuls')",
            run: "click",
        },
        stateIs("Active"),
        { content: "read the instalments", trigger: ".nav-link[name='instalments']", run: "click" },
        {
            content: "three instalments of 200",
            trigger: "[name='instalment_ids'] .o_data_row:nth-child(3) [name='amount']:contains('200.00')",
        },
        { content: "read the covered items", trigger: ".nav-link[name='items']", run: "click" },
        ...["200.00", "400.00"].map((amount) => ({
            content: `the invoice of ${amount} is covered`,
            trigger: `[name='item_ids'] .o_data_row [name='amount_covered']:contains('${amount}')`,
        })),
    ],
});

registry.category("web_tour.tours").add("recovery_make_run", {
    url: "/odoo",
    steps: () => [
        ...openMenu("menu_dunning_run"),
        { content: "start a run", trigger: ".o_list_button_add", run: "click" },
        { content: "propose", trigger: "button[name='action_propose']", run: "click" },
        stateIs("Proposal"),
        {
            content: "one claim is to be chased",
            trigger: "[name='reason_ids'] .o_data_row:contains('To be chased') [name='claim_count']:contains('1')",
        },
        {
            content: "the plan's items are left alone",
            trigger: "[name='reason_ids'] .o_data_row:contains('In a plan') [name='claim_count']:contains('2')",
        },
        { content: "make the notices", trigger: "button[name='action_confirm']", run: "click" },
        { content: "yes", trigger: ".modal-footer .btn-primary", run: "click" },
        stateIs("Confirmed"),
        { content: "look at the notices", trigger: "button[name='action_open_notices']", run: "click" },
        { content: "the notice is there", trigger: ".o_data_row:contains('Épicerie Lestrade')" },
    ],
});
