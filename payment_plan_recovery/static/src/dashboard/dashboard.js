import { Component, onWillStart, useState, useSubEnv } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { getDefaultConfig } from "@web/views/view";

import { RecoveryChart } from "./chart";
import { Charts } from "./charts";
import { Words } from "./words";

/** The figures that come first, large; the others stand in the tables below. */
const FIRST = ["recovery_rate", "time", "cost", "satisfaction", "dso", "cei", "at_risk", "overdue"];
const KEPT = ["plans_kept", "plans_kept_amount", "cure_rate", "promises_kept", "promises_kept_amount"];

/** Figures of collecting, each with its formula, opened by a click as what it is made of. */
export class RecoveryDashboard extends Component {
    static template = "payment_plan_recovery.Dashboard";
    static components = { DateTimeInput, Layout, RecoveryChart };
    static props = ["*"];

    setup() {
        useSubEnv({ config: { ...getDefaultConfig(), ...this.env.config } });
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ asked: this.props.state?.asked || {}, data: null });
        useSetupAction({ getLocalState: () => ({ asked: this.state.asked }) });
        this.keepLast = new KeepLast();
        onWillStart(() => this.load(this.state.asked));
    }

    // -- what is asked

    /** What stands on the screen is of what was answered last: a refusal, or a slower answer, changes nothing. */
    async load(asked) {
        const data = await this.keepLast.add(this.orm.call("recovery.dashboard", "data", [asked]));
        this.words = new Words(data.currency_id);
        this.charts = new Charts(data, this.words, this);
        Object.assign(this.state, { data, asked: data.asked });
    }

    ask(values) {
        return this.load({ ...this.state.asked, ...values });
    }

    get periods() {
        return [
            ["last_week", _t("Last week")],
            ["month", _t("This month")],
            ["last_month", _t("Last month")],
            ["quarter", _t("Last three months")],
            ["year", _t("Last twelve months")],
            ["own", _t("Chosen days")],
        ];
    }

    /** What may be chosen besides the collector, where there is more than one of it: as asked, choices, words. */
    get choices() {
        const { companies, segments, countries } = this.state.data.choices;
        return [
            { name: "company", label: _t("Company"), all: _t("All companies"), found: companies },
            { name: "segment", label: _t("Risk class"), all: _t("All risk classes"), found: segments },
            { name: "country", label: _t("Country"), all: _t("All countries"), found: countries },
        ].filter((choice) => choice.found.length);
    }

    /** Whose figures they are, as paper says it: on the screen it stands in the choices above. */
    get whose() {
        const { asked, data } = this.state;
        const named = (choices, id) => choices.find(([key]) => key === id)?.[1];
        const { companies, people, segments, countries } = data.choices;
        return [
            named(companies, asked.company) || user.activeCompanies.map((one) => one.name).join(", "),
            named(people, asked.person),
            named(segments, asked.segment),
            named(countries, asked.country),
        ]
            .filter(Boolean)
            .join(" – ");
    }

    onPerson(event) {
        const chosen = event.target.value;
        return this.ask({ person: chosen === "all" ? null : Number(chosen) });
    }

    /** A day of the period asked, as the field that shows it takes it. */
    asked(name) {
        return deserializeDate(this.state.asked[name]);
    }

    onDay(name, day) {
        if (day && serializeDate(day) !== this.state.asked[name]) {
            return this.ask({ period: "own", [name]: serializeDate(day) });
        }
    }

    // -- what is shown

    figures(codes) {
        const found = this.state.data.figures;
        return codes.map((code) => found.find((figure) => figure.code === code)).filter(Boolean);
    }

    get first() {
        return this.figures(FIRST);
    }

    get tables() {
        const { figures } = this.state.data;
        const shown = [...FIRST, ...KEPT];
        const others = figures.filter(({ code }) => !shown.includes(code) && !code.startsWith("roll_"));
        return [
            { title: _t("Plans and promises"), figures: this.figures(KEPT) },
            { title: _t("More figures"), figures: others },
        ];
    }

    /** What is told of each person, in the order of the table's columns. */
    get ofPeople() {
        const value = (code, label, unit) => ({
            code,
            label,
            tell: (figures) => this.words.tell(unit, figures[code]?.value),
        });
        return [
            { code: "overdue", label: _t("Overdue"), tell: (figures) => this.words.money(figures.overdue.numerator) },
            value("recovery_rate", _t("Recovery rate"), "share"),
            value("time", _t("Time to recover"), "days"),
            value("promises_kept", _t("Promises kept"), "share"),
            value("at_risk", _t("At risk"), "money"),
        ];
    }

    /** Better or worse than the month before, where a whole month is looked at: a word and its colour. */
    change(figure) {
        const isMonth = this.state.asked.period === "last_month";
        const [day, before] = figure.months.at(-1) || [];
        const isBefore = day && deserializeDate(day).plus({ days: 1 }).equals(deserializeDate(this.state.asked.date_from));
        if (!isMonth || !isBefore || figure.value === null || figure.unit === "money") {
            return null;
        }
        const moved = figure.value - before;
        if (Math.abs(moved) < 0.0005) {
            return null;
        }
        return {
            text: `${moved > 0 ? "▲" : "▼"} ${this.words.moved(figure.unit, Math.abs(moved))}`,
            good: moved > 0 === figure.more_is_better,
        };
    }

    /** What came in on claims in the period, in words; nothing where nothing came. */
    get received() {
        const [figure] = this.figures(["in_time"]);
        return figure?.denominator
            ? _t("%(amount)s received on claims in the period, %(share)s of it in time", {
                  amount: this.words.money(figure.denominator),
                  share: this.words.share(figure.value),
              })
            : "";
    }

    /** What the week to come is expected to bring, and how sure that is. */
    get nextWeek() {
        const [week] = this.state.data.cash.weeks;
        return _t("Week of %(day)s: %(expected)s expected, between %(low)s and %(high)s in eight of ten cases.", {
            day: this.words.day(week.date),
            expected: this.words.money(week.amount_expected),
            low: this.words.money(week.amount_low),
            high: this.words.money(week.amount_high),
        });
    }

    // -- what opens

    async prove(code, only = {}, age = null) {
        const { date_from, date_to, only: of } = this.state.data.asked;
        const about = [code, date_from, date_to, { ...of, ...only }, age];
        this.action.doAction(await this.orm.call("recovery.kpi", "action_proof", about));
    }

    async openWeek(id) {
        this.action.doAction(await this.orm.call("recovery.forecast.week", "action_proof", [id]));
    }

    openList(name, model, domain) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: [[false, "list"]],
            domain,
            context: { recovery_proof: true },
        });
    }

    openDebtor(id) {
        this.action.doAction({ type: "ir.actions.act_window", res_model: "res.partner", res_id: id, views: [[false, "form"]] });
    }

    openWaiting(row) {
        this.openList(row.label, "recovery.worklist", row.domain);
    }

    openWarning() {
        this.openList(_t("Due within 14 days, likely late"), "recovery.claim", this.state.data.warning.domain);
    }

    openCash() {
        this.action.doAction("payment_plan_recovery.action_forecast_week");
    }

    openScores() {
        this.action.doAction("payment_plan_recovery.action_forecast_score");
    }

    openMonths() {
        this.action.doAction("payment_plan_recovery.action_kpi_snapshot");
    }

    download() {
        const { date_from, date_to, person, company, segment, country } = this.state.asked;
        const asked = new URLSearchParams({
            date_from,
            date_to,
            person: person ?? "",
            company: company || "",
            segment: segment || "",
            country: country || "",
            company_id: this.state.data.company_id,
        });
        this.action.doAction({ type: "ir.actions.act_url", url: `/recovery/figures/review?${asked}`, target: "download" });
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("recovery_dashboard", RecoveryDashboard);
