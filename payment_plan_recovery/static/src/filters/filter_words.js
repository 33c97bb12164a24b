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

/** What is ticked or not, in words: Odoo's own say of a tick that it "is set". */
function ticksInWords(tree, fieldOf) {
    if (tree.type === "connector") {
        return { ...tree, children: tree.children.map((child) => ticksInWords(child, fieldOf)) };
    }
    if (fieldOf(tree.path)?.type !== "boolean") {
        return tree;
    }
    const isTicked = tree.operator === "set" || (tree.operator === "=" && tree.value === true);
    return { ...tree, operator: "=", value: isTicked ? _t("yes") : _t("no") };
}

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
            const tree = await this.trees.treeFromDomain(model, filter);
            const fieldOf = await this.trees.makeGetFieldDef(model, tree);
            return await this.trees.getDomainTreeDescription(model, ticksInWords(tree, fieldOf));
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
