"""A template that a customisation broke, for one record alone."""


def break_template(env, name, condition):
    """Let the template ``name`` of the addon fail where ``condition``, an expression of its own, is met."""
    template = env.ref(f"payment_plan_recovery.{name}")
    env["ir.ui.view"].create(
        {
            "name": f"Broken {name}",
            "type": "qweb",
            "inherit_id": template.id,
            "mode": "extension",
            "arch": f"""
                <data>
                    <xpath expr="/t/*[1]" position="before">
                        <t t-if="{condition}" t-out="1 / 0" />
                    </xpath>
                </data>
            """,
        }
    )
