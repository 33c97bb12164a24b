"""Tables of the addons that one may come from, as they leave them behind."""

REMINDERS = """
    CREATE TABLE overdue_reminder_action (id serial PRIMARY KEY, date date, reminder_type varchar);
    CREATE TABLE account_invoice_overdue_reminder (
        id serial PRIMARY KEY, invoice_id int, action_id int, counter int
    );
"""
CREDIT_CONTROL = """
    CREATE TABLE credit_control_policy (
        id serial PRIMARY KEY, name varchar, do_nothing boolean, active boolean, company_id int
    );
    CREATE TABLE credit_control_policy_level (
        id serial PRIMARY KEY, policy_id int, level int, name jsonb, computation_mode varchar, delay_days int,
        channel varchar, custom_mail_text jsonb, custom_text jsonb
    );
    CREATE TABLE credit_control_line (
        id serial PRIMARY KEY, move_line_id int, policy_level_id int, state varchar, date date, date_sent date,
        channel varchar
    );
"""
