/** A filter in a list, in the words in which the form's own field says its conditions. */
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useState } from "@odoo/owl";

/** Filters that ask nothing, and the one that nothing fits. */
const EVERYTHING = /^\s*[[(]\s*[\])]\s*$/;
const NOTHING = /^\s*\[\s*[[(]\s*["']id["']\s*,\s*["']=["']\s*,\s*False\s*[\])]\s*\]\s*$/;

export class FilterWords extends Component {
    static template = "payment_plan_recovery.FilterWords";
    static props = { ...standardFieldProps, resModel: String };

    setup() {
        this.trees = useService("tree_processor");
        this.state = useState({ words: "" });
        useRecordObserver(async (record) => {
            this.state.words = await this.inWords(record.data[this.props.name] || "[]");
        });
    }

    async inWords(filter) {
        if (EVERYTHING.test(filter)) {
            return _t("All");
        }
        if (NOTHING.test(filter)) {
            return _t("None");
        }
        const model = this.props.resModel;
        try {
            return await this.trees.getDomainTreeDescription(model, await this.trees.treeFromDomain(model, filter));
        } catch {
            return _t("A filter that no longer works"); // a field went with its addon
        }
    }
}

registry.category("fields").add("recovery_filter_words", {
    component: FilterWords,
    supportedTypes: ["char"],
    extractProps: ({ options }) => ({ resModel: options.model }),
});
