import { useExternalListener } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { SignatureForm } from "@portal/signature_form/signature_form";

/**
 * Odoo's form to sign, for phones that are turned: the pad takes the new width, and what was drawn on the old one is
 * drawn again by who signs. Without it, what is drawn beyond the old width is lost.
 */
export class TurnedSignatureForm extends SignatureForm {
    setup() {
        super.setup();
        let width = window.innerWidth;
        useExternalListener(window, "resize", () => {
            // phones also tell a new height when their bar of addresses hides
            if (window.innerWidth !== width && this.rootRef.el?.querySelector(".o_web_sign_signature")) {
                width = window.innerWidth;
                this.signature.resetSignature();
            }
        });
    }
}

registry.category("public_components").add("payment_plan_recovery.signature_form", TurnedSignatureForm);
