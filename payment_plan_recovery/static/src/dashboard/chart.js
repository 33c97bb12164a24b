import { Component, onWillStart, useEffect, useExternalListener, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/** Colours of the charts by meaning; each is seen on light and on dark ground. */
export const PALETTE = {
    expected: "#4EA7F2",
    due: "rgba(128, 134, 150, 0.5)",
    mean: "#F4A261",
    ages: ["#43C5B1", "#FFD86D", "#F4A261", "#EA6175", "#B23A50"],
};
/** Letters of a line of a label beside its bar: longer ones are broken between words. */
const LINE = 22;
/** Pixels that a chart has on paper, over its whole width or half of it: drawn for the screen, its words would shrink. */
const PAPER = { whole: 740, half: 370 };
const GRID = "rgba(128, 134, 150, 0.25)";

/** The lines of a label that stands beside its bar. */
function lines(label) {
    const found = [""];
    for (const word of label.split(" ")) {
        const longer = `${found.at(-1)} ${word}`.trim();
        if (longer.length > LINE && found.at(-1)) {
            found.push(word);
        } else {
            found[found.length - 1] = longer;
        }
    }
    return found;
}

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
                this.chart = new Chart(this.canvas.el, this.config());
                return () => this.chart.destroy();
            },
            () => [JSON.stringify([this.props.labels, this.props.datasets])]
        );
        useExternalListener(window, "beforeprint", () => this.onPaper());
        useExternalListener(window, "afterprint", () => this.onScreen());
    }

    /** Paper is white whatever the theme of the screen, and of its own width. */
    onPaper() {
        const { parentElement: room } = this.canvas.el;
        this.redraw("black");
        this.chart.resize(room.closest(".o_recovery_whole") ? PAPER.whole : PAPER.half, room.clientHeight);
    }

    onScreen() {
        this.redraw(null);
        this.chart.resize();
    }

    redraw(ink) {
        this.paperInk = ink;
        this.chart.options = this.config().options;
        this.chart.update();
    }

    /** The colour of text where the chart stands, whatever the theme. */
    get ink() {
        return this.paperInk || getComputedStyle(this.canvas.el.parentElement).color;
    }

    /** The axis that amounts lie on; the other one bears the labels. */
    scales() {
        const { bare, format, horizontal, stacked } = this.props;
        const color = this.ink;
        const amounts = {
            display: !bare,
            stacked,
            beginAtZero: true,
            grid: { color: GRID },
            ticks: { color, maxTicksLimit: 5, callback: (value) => format(value, true) },
        };
        const labels = { display: !bare, stacked, grid: { display: false }, ticks: { color } };
        return horizontal ? { x: amounts, y: labels } : { x: labels, y: amounts };
    }

    config() {
        const { bare, datasets, format, horizontal, labels, legend, onPick, type } = this.props;
        return {
            type: type || "bar",
            data: { labels: horizontal ? labels.map(lines) : labels, datasets },
            options: {
                animation: false,
                responsive: true,
                maintainAspectRatio: false,
                indexAxis: horizontal ? "y" : "x",
                elements: { point: { radius: bare ? 0 : 2 }, line: { borderWidth: 2, tension: 0.2 } },
                scales: this.scales(),
                onClick: (_event, [bar]) => bar && onPick && onPick(bar.index),
                plugins: {
                    legend: { display: Boolean(legend), position: "bottom", labels: { color: this.ink, boxWidth: 12 } },
                    tooltip: {
                        enabled: !bare,
                        callbacks: {
                            title: ([item]) => labels[item.dataIndex],
                            label: (item) => ` ${item.dataset.label}: ${format(item.raw)}`,
                        },
                    },
                },
            },
        };
    }
}
