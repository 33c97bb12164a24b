import { registry } from "@web/core/registry";

// From a debtor to a plan in force: choose the items, compare, choose, propose, record the acceptance.
registry.category("web_tour.tours").add("payment_plan_recovery_plan", {
    steps: () => [
        {
            content: "Propose a plan to the debtor",
            trigger: ".o_form_view button[name='action_negotiate_plan']",
            run: "click",
        },
        {
            content: "The overdue invoice is chosen",
            trigger: ".modal .o_field_widget[name='move_line_ids'] .o_data_row",
        },
        {
            content: "Compare the options",
            trigger: ".modal button[name='action_draft_plan']",
            run: "click",
        },
        {
            content: "Options stand side by side",
            trigger: ".o_form_view .o_field_widget[name='option_ids'] .o_kanban_record:contains('Longest allowed')",
        },
        {
            content: "Choose the longest one",
            trigger:
                ".o_field_widget[name='option_ids'] .o_kanban_record:has(.fs-4:contains('Longest allowed')) button[name='action_choose']",
            run: "click",
        },
        {
            content: "It is chosen",
            trigger: ".o_field_widget[name='option_ids'] .o_kanban_record:has(.fs-4:contains('Longest allowed')):contains('Chosen')",
        },
        {
            content: "See the instalments",
            trigger: ".o_notebook .nav-link[name='instalments']",
            run: "click",
        },
        {
            content: "Six of them",
            trigger: ".o_field_widget[name='instalment_ids'] .o_data_row:nth-child(6)",
        },
        {
            content: "Propose the plan",
            trigger: ".o_form_view button[name='action_propose']",
            run: "click",
        },
        {
            content: "Record the acceptance",
            trigger: ".o_form_view .o_statusbar_buttons button:contains('Record acceptance')",
            run: "click",
        },
        {
            content: "Who signed",
            trigger: ".modal .o_field_widget[name='signed_by'] input",
            run: "edit Anne Martin, manager",
        },
        {
            content: "Record it and put the plan in force",
            trigger: ".modal button[name='action_accept']",
            run: "click",
        },
        {
            content: "The plan is in force",
            trigger: ".o_form_view .o_arrow_button_current[data-value='active']",
        },
    ],
});
