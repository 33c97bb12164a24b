import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { formatFloat } from "@web/core/utils/numbers";

/** Whether a number told with one decimal takes the noun of one thing: "1.0 days", but "1,0 jour" in French. */
function isOne(value) {
    const decimals = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    return new Intl.PluralRules(user.lang, decimals).select(Math.abs(value)) === "one";
}

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
        if (unit !== "days") {
            return this.share(value);
        }
        const told = formatFloat(value, { digits: [16, 1] });
        return isOne(value) ? _t("%s day", told) : _t("%s days", told);
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
        if (unit !== "share") {
            return this.tell(unit, value);
        }
        const told = formatFloat(100 * value, { digits: [16, 1] });
        return isOne(100 * value) ? _t("%s point", told) : _t("%s points", told);
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }

    month(value) {
        return deserializeDate(value).toFormat("LLL yy");
    }
}
