import { _t } from "@web/core/l10n/translation";

import { PALETTE } from "./chart";

/** What each chart of the dashboard shows, as a RecoveryChart takes it; a bar opens what it is made of. */
export class Charts {
    /**
     * @param data what the server told
     * @param words how figures are said
     * @param opens the dashboard: `prove` and `openWeek`
     */
    constructor(data, words, opens) {
        Object.assign(this, { data, words, opens });
    }

    trend(figure) {
        return {
            type: "line",
            bare: true,
            label: figure.label,
            labels: figure.months.map(([day]) => this.words.month(day)),
            datasets: [
                { label: figure.label, data: figure.months.map((month) => month[1]), borderColor: PALETTE.expected },
            ],
            format: (value) => this.words.tell(figure.unit, value),
        };
    }

    get ages() {
        return {
            label: _t("Ages"),
            labels: [_t("Not late"), _t("1–30 days"), _t("31–60"), _t("61–90"), _t("Over 90")],
            datasets: [{ label: _t("Owed"), data: this.data.ages, backgroundColor: PALETTE.ages }],
            format: (value, short) => this.words.money(value, short),
            onPick: (index) => this.opens.prove("overdue", {}, index),
        };
    }

    get rolls() {
        const codes = ["roll_0", "roll_30", "roll_60", "roll_90"];
        const found = codes.map((code) => this.data.figures.find((figure) => figure.code === code)).filter(Boolean);
        return {
            label: _t("Roll rates"),
            horizontal: true,
            labels: found.map((figure) => figure.label),
            datasets: [
                {
                    label: _t("Grown older within a month"),
                    data: found.map((figure) => figure.value),
                    backgroundColor: PALETTE.ages.slice(1),
                },
            ],
            format: (value) => this.words.share(value),
            onPick: (index) => this.opens.prove(found[index].code),
        };
    }

    get reminders() {
        const rows = this.data.reminders;
        return {
            label: _t("Reminders that work"),
            horizontal: true,
            labels: rows.map((row) => row.label),
            datasets: [
                { label: _t("Received within 7 days"), data: rows.map((row) => row.value), backgroundColor: PALETTE.expected },
            ],
            format: (value) => this.words.share(value),
            onPick: (index) => this.opens.prove("reminders", { level: rows[index].key }),
        };
    }

    get cash() {
        const { weeks } = this.data.cash;
        const line = (label, name, color, extra = {}) => ({
            label,
            data: weeks.map((week) => week[name]),
            backgroundColor: color,
            borderColor: color,
            ...extra,
        });
        return {
            label: _t("Cash to come"),
            legend: true,
            labels: weeks.map((week) => this.words.day(week.date)),
            datasets: [
                line(_t("Expected"), "amount_expected", PALETTE.expected),
                line(_t("Falls due"), "amount_due", PALETTE.due),
                line(_t("By the mean"), "amount_mean", PALETTE.mean, { type: "line" }),
            ],
            format: (value, short) => this.words.money(value, short),
            onPick: (index) => this.opens.openWeek(weeks[index].id),
        };
    }
}
