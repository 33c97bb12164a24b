"""The ledgers that several benchmarks work on. Each is filled once; whoever measures on it gets a clone."""

import dunning_ledger
import paid_ledger


def no_items(_env, _company, _items):
    """A French company and its accounts: what every ledger begins as."""


#: The ledger without items.
NONE = (no_items, 0)


def open_items(env, company, items):
    """Open items, and nothing that only the addon knows."""
    with dunning_ledger.indexes_afterwards(env):
        dunning_ledger.fill(env, company, items)
    dunning_ledger.settle(env)


def chased(env, company, items):
    """Open items, some of them on hold or in plans: what runs and lists find."""
    with dunning_ledger.indexes_afterwards(env):
        dunning_ledger.fill(env, company, items)
    dunning_ledger.add_holds(env, company)
    dunning_ledger.add_plans(env, company)
    dunning_ledger.settle(env)


def worked(env, company, items):
    """The same after a day's run, whose notices are in the outbox: what the dunning benchmark leaves behind."""
    chased(env, company, items)
    run = env["recovery.dunning.run"].create({"company_id": company.id, "date": dunning_ledger.TODAY})
    run.action_propose()
    run.action_confirm()
    env.cr.commit()


def paid(env, company, items):
    """Paid invoices: what measures of payment behaviour read."""
    paid_ledger.fill(env, company, items, dunning_ledger.TODAY)
