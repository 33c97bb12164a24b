/** A calendar that says what would stand in it while nothing does, on any day: Odoo's own says nothing. */
import { registry } from "@web/core/registry";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

class HelpfulModel extends CalendarModel {
    async updateData(data) {
        await super.updateData(data);
        const shown = Object.keys(data.records).length;
        data.isEmpty =
            !shown && !(await this.orm.searchCount(this.resModel, this.meta.domain, { limit: 1 }));
    }
}

class HelpfulController extends CalendarController {
    static template = "payment_plan_recovery.HelpfulCalendar";
}

registry.category("views").add("recovery_calendar", {
    ...calendarView,
    Model: HelpfulModel,
    Controller: HelpfulController,
});
