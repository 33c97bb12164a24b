import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** A form of our pages is sent once, however often its button is pressed while the answer is on its way. */
export class SentOnce extends Interaction {
    static selector = ["/r/", "/my/creditor/", "/my/plans/"]
        .map((root) => `form[method="post"][action^="${root}"]`)
        .join();
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        // whoever goes back to the page may send it again
        _window: { "t-on-pageshow": () => (this.isSent = false) },
    };

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
        }
        this.isSent = true;
    }
}

registry.category("public.interactions").add("payment_plan_recovery.sent_once", SentOnce);
