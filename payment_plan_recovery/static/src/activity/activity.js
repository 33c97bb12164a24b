/**
 * A view of activities on records of ours says what would stand in it while there are none: Odoo's own says nothing.
 * Odoo lets no such view name a class of its own, as calendars do.
 */
import { ActivityModel } from "@mail/views/web/activity/activity_model";
import { patch } from "@web/core/utils/patch";

patch(ActivityModel.prototype, {
    async load(params = {}) {
        await super.load(params);
        const { resModel } = this.config;
        this.isEmpty =
            resModel.startsWith("recovery.") &&
            !this.root.count &&
            !(await this.orm.searchCount(resModel, this.originalDomain, { limit: 1 }));
    },
});
