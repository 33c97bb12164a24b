"""Two of Odoo's automation rules: what the creditor wants done when a plan is broken, and when a notice fails."""

#: (model, state, what is to be done, within how many days)
RULES = (
    ("recovery.plan", "broken", "Décider : titre exécutoire, ou nouveau plan ?", 2),
    ("recovery.notice", "failed", "Trouver une autre adresse", 1),
)


def declare(env):
    """The rules, made at the first time."""
    rules = env["base.automation"].sudo()  # as the administrator does in Settings
    for model, state, task, days in RULES:
        if not rules.search_count([("model_name", "=", model), ("trigger", "=", "on_state_set")]):
            rules.create(_rule(env, model, state, task, days))


def _rule(env, model, state, task, days):
    of_model = env["ir.model"]._get_id(model)
    to_do = env.ref("mail.mail_activity_data_todo")
    return {
        "name": task,
        "model_id": of_model,
        "trigger": "on_state_set",
        "trg_selection_field_id": env["ir.model.fields.selection"]
        .search([("field_id.model", "=", model), ("field_id.name", "=", "state"), ("value", "=", state)])
        .id,
        "action_server_ids": [
            (
                0,
                0,
                {
                    "name": task,
                    "model_id": of_model,
                    "state": "next_activity",
                    "usage": "base_automation",
                    "activity_type_id": to_do.id,
                    "activity_summary": task,
                    "activity_date_deadline_range": days,
                    "activity_date_deadline_range_type": "days",
                    "activity_user_type": "generic",
                    "activity_user_field_name": "user_id",
                },
            )
        ],
    }
