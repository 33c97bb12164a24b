/** A group of what has no choice has a name: Odoo names an empty day or debtor, and leaves an empty choice bare. */
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { Group } from "@web/model/relational_model/group";

patch(Group.prototype, {
    setup() {
        super.setup(...arguments);
        if (!this.displayName && this.groupByField.type === "selection") {
            this.displayName = this.groupByField.falsy_value_label || _t("None");
        }
    },
});
