/** Practice for who is new: Odoo's own tours, started from the first set-up or by their address (see data/guidance). */
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { tourState } from "@web_tour/js/tour_state";

const tours = registry.category("web_tour.tours");
const ROW = ".o_data_row:first";
const CARD = ".o_kanban_record:not(.o_kanban_ghost):first";

/** What is pressed on the first row or, on a telephone, the first card. */
const first = (action) => `${ROW} [name=${action}], ${CARD} [name=${action}]`;

tours.add("recovery_practice_call", {
    steps: () => [
        {
            trigger: first("action_log_contact"),
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
            trigger: first("action_promise"),
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
            trigger: first("action_why_not"),
            content: _t("Why is this claim chased, or why not? Ask."),
            run: "click",
        },
        {
            trigger: ".modal .o_form_view",
            content: _t("Every rule that was asked, with its dates and links. Nothing is chased that cannot be explained."),
            run: "click",
        },
    ],
});

/** What is said at the end of each. */
const ENDS = {
    recovery_practice_call: _t("A call is noted in two clicks."),
    recovery_practice_promise: _t("A promise is noted, and watched."),
    recovery_practice_why: _t("Each claim says why it is chased or not."),
};

// Odoo says it only of tours that it starts by itself, not of those that are started by their address.
patch(tourState, {
    getCurrentConfig() {
        const said = ENDS[tourState.getCurrentTour()];
        return said ? { ...super.getCurrentConfig(), rainbowManMessage: `${said}` } : super.getCurrentConfig();
    },
});

/**
 * The pointer of a tour hides when a dialog opens, since what it points at lies below then; Odoo looks again when the next
 * dialog opens or closes, so that nothing inside the first one is ever pointed at. Here it looks once the dialog is there.
 */
const SETTLED = 400;

registry.category("services").add("recovery_practice", {
    dependencies: ["ui", "tour_service"],
    start(env, { ui }) {
        let repeated = false;
        ui.bus.addEventListener("active-element-changed", ({ detail }) => {
            if (repeated || !(tourState.getCurrentTour() in ENDS)) {
                return;
            }
            setTimeout(() => {
                // A change of the page makes the tour point at its step; what is pointed at is looked at then.
                document.body.toggleAttribute("data-recovery-practice");
                setTimeout(() => {
                    repeated = true;
                    ui.bus.trigger("active-element-changed", detail);
                    repeated = false;
                }, SETTLED);
            }, SETTLED);
        });
    },
});
