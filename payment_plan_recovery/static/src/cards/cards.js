/** Cards that a telephone opens in one column: a grouping that a window opens with is for the rows of a desk. */
import { registry } from "@web/core/registry";
import { SearchModel } from "@web/search/search_model";
import { kanbanView } from "@web/views/kanban/kanban_view";

const GROUPINGS = ["groupBy", "dateGroupBy"];

class CardsSearchModel extends SearchModel {
    _activateDefaultSearchItems(defaultFavoriteId) {
        if (this.env.isSmall) {
            for (const item of Object.values(this.searchItems)) {
                item.isDefault = item.isDefault && !GROUPINGS.includes(item.type);
            }
        }
        super._activateDefaultSearchItems(defaultFavoriteId);
    }
}

registry.category("views").add("recovery_cards", { ...kanbanView, SearchModel: CardsSearchModel });
