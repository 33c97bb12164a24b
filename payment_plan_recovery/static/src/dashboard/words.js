import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

/** How figures are said: money in the creditor's currency, shares, days, and what was added up over what. */
export class Words {
    constructor(currencyId) {
        this.currencyId = currencyId;
    }

    money(value, short = false) {
        const digits = short ? [16, 0] : undefined;
        return formatCurrency(value, this.currencyId, { humanReadable: short, digits });
    }

    share(value) {
        const digits = value && Math.abs(value) < 0.01 ? 2 : 1; // what is below a hundredth is told finer
        return `${formatFloat(100 * value, { digits: [16, digits] })} %`;
    }

    /** The value of a figure in its unit; a dash where there is nothing to tell. */
    tell(unit, value) {
        if (value === null || value === false || value === undefined) {
            return "–";
        }
        if (unit === "money") {
            return this.money(value);
        }
        if (unit === "rating") {
            return _t("%s of 5", formatFloat(value, { digits: [16, 1] }));
        }
        return unit === "days" ? _t("%s days", formatFloat(value, { digits: [16, 1] })) : this.share(value);
    }

    /** Why a figure has no value; nothing where it has one. */
    why(figure) {
        return figure.value === null ? _t("Not told: what it is divided by is nil (%s)", figure.under) : "";
    }

    /** What was added up over what. */
    working(figure) {
        const part = (kind, value) =>
            kind === "money" ? this.money(value) : formatFloat(value, { digits: [16, kind === "count" ? 0 : 2] });
        const [over, under] = figure.counts;
        return `${part(over, figure.numerator)} ÷ ${part(under, figure.denominator)}`;
    }

    /** By how much: between two shares lie points, not a share. */
    moved(unit, value) {
        return unit === "share" ? _t("%s points", formatFloat(100 * value, { digits: [16, 1] })) : this.tell(unit, value);
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }

    month(value) {
        return deserializeDate(value).toFormat("LLL yy");
    }
}
