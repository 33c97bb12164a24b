/** A group of what has no choice has the name that its field declares: Odoo names an empty day or debtor that way. */
import { patch } from "@web/core/utils/patch";
import { Group } from "@web/model/relational_model/group";

patch(Group.prototype, {
    setup() {
        super.setup(...arguments);
        const { type, falsy_value_label: nothing } = this.groupByField;
        if (!this.displayName && type === "selection" && nothing) {
            this.displayName = nothing;
        }
    },
});
