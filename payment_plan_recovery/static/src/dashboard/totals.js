/**
 * A list whose totals are those of everything found, where it was opened as the proof of a number: Odoo's own are those
 * of the page that is shown.
 */
import { onWillStart, onWillUpdateProps } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

export class TotalsRenderer extends ListRenderer {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.totals = null;
        onWillStart(() => this.addUp(this.props.list));
        onWillUpdateProps(({ list }) => this.addUp(list));
    }

    /** The columns that have a total. */
    get added() {
        return this.props.archInfo.columns.filter(({ type, attrs }) => type === "field" && attrs.sum);
    }

    /** What is found is added up by the server where more is found than shown. */
    async addUp(list) {
        const shown = list.isGrouped ? list.groups : list.records;
        this.totals = null;
        if (!list.context.recovery_proof || list.count <= shown.length) {
            return;
        }
        const found = await this.orm.formattedReadGroup(list.resModel, list.domain, [], this.sums(list.fields), {
            context: list.context,
        });
        const told = Object.entries(found[0]).map(([name, value]) => [name.split(":")[0], value]);
        this.totals = Object.fromEntries(told);
    }

    /** What is asked for each column: its sum, and the currencies that it is in. */
    sums(fields) {
        return [
            ...new Set(
                this.added.flatMap(({ name }) => {
                    const currency = fields[name].currency_field;
                    return [`${name}:sum`, ...(currency ? [`${currency}:array_agg_distinct`] : [])];
                })
            ),
        ];
    }

    /** Totals are worded as those of a page, of one group that holds all of it. */
    computeAggregates() {
        if (!this.totals || this.props.list.selection.length) {
            return super.computeAggregates();
        }
        const list = Object.create(this.props.list, {
            isGrouped: { value: true },
            groups: { value: [{ aggregates: this.totals }] },
        });
        const whole = Object.create(this, { props: { value: { ...this.props, list } } });
        return super.computeAggregates.call(whole);
    }
}

registry.category("views").add("recovery_totals", { ...listView, Renderer: TotalsRenderer });
