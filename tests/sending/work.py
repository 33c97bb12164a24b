"""Fed to `odoo shell`: one worker that drains the outbox as the cron does."""

env["recovery.notice"]._cron_send()
