import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor } from "@web/core/colors/colors";

const scheme = cookie.get("color_scheme");
export const INK = getCustomColor(scheme, "#374151", "#E4E4E4");
export const GRID = getCustomColor(scheme, "#e5e7eb", "#3C3E4B");
/** Colours of the charts by meaning: what is good, what is late, and four ages between. */
export const PALETTE = {
    expected: getColor(4, scheme, "md"),
    due: getCustomColor(scheme, "#c3c8d0", "#5b6070"),
    mean: getColor(6, scheme, "md"),
    ages: ["#43C5B1", "#FFD86D", "#F4A261", "#EA6175", "#982738"],
};

/** A chart of Chart.js, drawn anew when its data change; a bar that is clicked is told to `onPick`. */
export class RecoveryChart extends Component {
    static template = "payment_plan_recovery.Chart";
    static props = {
        type: { type: String, optional: true },
        labels: Array,
        datasets: Array,
        format: Function,
        horizontal: { type: Boolean, optional: true },
        stacked: { type: Boolean, optional: true },
        legend: { type: Boolean, optional: true },
        bare: { type: Boolean, optional: true },
        label: String,
        onPick: { type: Function, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.config());
                return () => chart.destroy();
            },
            () => [JSON.stringify([this.props.labels, this.props.datasets])]
        );
    }

    /** The axis that amounts lie on; the other one bears the labels. */
    scales() {
        const { bare, format, horizontal, stacked } = this.props;
        const amounts = {
            display: !bare,
            stacked,
            beginAtZero: true,
            grid: { color: GRID },
            ticks: { color: INK, maxTicksLimit: 5, callback: (value) => format(value, true) },
        };
        const labels = { display: !bare, stacked, grid: { display: false }, ticks: { color: INK } };
        return horizontal ? { x: amounts, y: labels } : { x: labels, y: amounts };
    }

    config() {
        const { bare, datasets, format, horizontal, labels, legend, onPick, type } = this.props;
        return {
            type: type || "bar",
            data: { labels, datasets },
            options: {
                animation: false,
                responsive: true,
                maintainAspectRatio: false,
                indexAxis: horizontal ? "y" : "x",
                elements: { point: { radius: bare ? 0 : 2 }, line: { borderWidth: 2, tension: 0.2 } },
                scales: this.scales(),
                onClick: (_event, [bar]) => bar && onPick && onPick(bar.index),
                plugins: {
                    legend: { display: Boolean(legend), position: "bottom", labels: { color: INK, boxWidth: 12 } },
                    tooltip: {
                        enabled: !bare,
                        callbacks: { label: (item) => ` ${item.dataset.label}: ${format(item.raw)}` },
                    },
                },
            },
        };
    }
}
