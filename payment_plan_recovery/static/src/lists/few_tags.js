/** Tags in a row of a list: the first ones, and how many others, whose names are its title. Of 26 a row would be a page. */
import { registry } from "@web/core/registry";
import { Many2ManyTagsField, many2ManyTagsField } from "@web/views/fields/many2many_tags/many2many_tags_field";

/** Tags of a row, the number of the others among them. */
const MOST = 4;

export class FewTags extends Many2ManyTagsField {
    get tags() {
        const tags = super.tags;
        if (!this.props.readonly || tags.length <= MOST) {
            return tags;
        }
        const others = tags.slice(MOST - 1);
        const title = others.map((tag) => tag.text).join(", ");
        return [...tags.slice(0, MOST - 1), { id: "others", text: `+${others.length}`, title }];
    }
}

registry.category("fields").add("recovery_few_tags", { ...many2ManyTagsField, component: FewTags });
