"""A creditor whose judgement is kept, and compared with what the statement says of this moment."""

from freezegun import freeze_time
from odoo.tools import SQL

from .dunning_comparison import DunningComparison
from .dunning_ledgers import TODAY


class JudgementCommon(DunningComparison):
    world_of_its_own = True  # a query's plan is looked at: see dev/worlds.py

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        cls.judgement = cls.env["recovery.judgement"]
        cls.claims = cls.env["recovery.claim"]

    def keep(self, date=TODAY):
        """Keep the judgement, as if what is there had been committed before.

        A test is one transaction, but each of its savepoints is counted like one.
        """
        self.judgement._keep(self.company, date)
        self.env.flush_all()
        with self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE recovery_judgement SET server = server RETURNING xmin::text::bigint + 1"
            )
            [since] = self.env.cr.fetchone()
        self.env.cr.execute("UPDATE recovery_judgement SET since = %s", [str(since)])
        self.env.invalidate_all()

    def kept(self, date=TODAY):
        run = self.env["recovery.dunning.run"].new({"company_id": self.company.id, "date": date})
        return self.judgement._kept(run)

    def assert_as_judged_now(self, what, date=TODAY):
        """Filter, group and column say of every claim what the statement says of it now."""
        self.env.flush_all()
        self.env.invalidate_all()
        run = self.env["recovery.dunning.run"].new({"company_id": self.company.id, "date": date})
        rows = self.env.execute_query(SQL("SELECT id, reason FROM (%s) judged", run._statement()))
        claims = self.claims.search([("company_id", "=", self.company.id)])
        now = {claim_id: reason for claim_id, reason in rows if claim_id in claims._ids}
        found = {
            claim.id: code
            for code in set(now.values())
            for claim in self.claims.search([("reason", "=", code), ("company_id", "=", self.company.id)])
        }
        self.assertEqual(found, now, what)
        grouped = self.claims._read_group(
            [("company_id", "=", self.company.id)], ["reason"], ["id:array_agg"]
        )
        self.assertEqual({claim_id: code for code, ids in grouped for claim_id in ids}, now, what)
        self.assertEqual({claim.id: claim.reason for claim in claims}, now, what)

    def hold(self, claim, **values):
        return self.env["recovery.hold"].create(
            {
                "partner_id": claim.partner_id.id,
                "company_id": self.company.id,
                "reason": "Asked to wait",
                "date_from": TODAY,
                "date_until": TODAY,
                **values,
            }
        )


__all__ = ["TODAY", "JudgementCommon"]
