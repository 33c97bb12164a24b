import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("recovery_work_on_proposal", {
    steps: () => [
        { content: "propose", trigger: "button[name='action_propose']", run: "click" },
        {
            content: "what is not due is counted",
            trigger: "[name='reason_ids'] .o_data_row:contains('Not due yet')",
        },
        {
            content: "open the claims that are not due",
            trigger: "[name='reason_ids'] .o_data_row:contains('Not due yet') button[name='action_open_claims']",
            run: "click",
        },
        {
            content: "ask why",
            trigger: ".o_data_row:contains('Tour later') button[name='action_why_not']",
            run: "click",
        },
        { content: "it says so", trigger: ".modal [name='explanation']:contains('Not due yet')" },
        { content: "close it", trigger: ".modal-footer .btn-primary", run: "click" },
        { content: "back to the run", trigger: ".breadcrumb-item a:contains('Run of')", run: "click" },
        { content: "open the proposal", trigger: "button[name='action_open_proposal']", run: "click" },
        {
            content: "open the debtor",
            trigger: ".o_group_header:contains('Tour debtor')",
            run: "click",
        },
        {
            content: "choose the first claim",
            trigger: ".o_data_row:first .o_list_record_selector input",
            run: "click",
        },
        { content: "leave it out", trigger: "button[name='action_untick']", run: "click" },
        { content: "it is left out", trigger: ".o_data_row.text-muted" },
        { content: "back to the run", trigger: ".breadcrumb-item a:contains('Run of')", run: "click" },
        { content: "one claim is left", trigger: "[name='line_count']:contains('1')" },
        { content: "make the notices", trigger: "button[name='action_confirm']", run: "click" },
        { content: "yes", trigger: ".modal-footer .btn-primary", run: "click" },
        {
            content: "the run is confirmed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Confirmed')",
        },
    ],
});
