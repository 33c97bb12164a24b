"""Leaving: what waits in jobs of ours is left to the scheduled jobs, which find it again."""


def uninstall_hook(env):
    """Delete our jobs: nobody could do them any more."""
    env["queue.job"].search([("model_name", "=", "recovery.dispatch")]).unlink()
