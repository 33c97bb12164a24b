/** Practice for who is new: Odoo's own tours, started from the first set-up or by their address (see data/guidance). */
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const FIRST = ".o_data_row:first";

tours.add("recovery_practice_call", {
    steps: () => [
        {
            trigger: `${FIRST} button[name=action_log_contact]`,
            content: _t("The debtor at the top is the one where a call saves most. Open its call sheet."),
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=outcome] textarea",
            content: _t("Beside you stand what is known, what to say and what to answer. Write down what was said."),
            run: "edit Practice",
        },
        {
            trigger: ".modal .o_form_button_save",
            content: _t("Keep it: it counts for the contact budget and stands in the debtor's timeline."),
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
    ],
});

tours.add("recovery_practice_promise", {
    steps: () => [
        {
            trigger: `${FIRST} button[name=action_promise]`,
            content: _t("The debtor says when it pays: note the promise."),
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=amount] input",
            content: _t("What is overdue is filled in, and a day. Change either to what was said."),
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save",
            content: _t("Keep it: nobody writes to the debtor until that day, and its payment is watched."),
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
    ],
});

tours.add("recovery_practice_why", {
    steps: () => [
        {
            trigger: `${FIRST} button[name=action_why_not]`,
            content: _t("Why is this claim chased, or why not? Ask."),
            run: "click",
        },
        {
            trigger: ".o_form_view, .modal .o_form_view",
            content: _t("Every rule that was asked, with its dates and links. Nothing is chased that cannot be explained."),
            run: "click",
        },
    ],
});
