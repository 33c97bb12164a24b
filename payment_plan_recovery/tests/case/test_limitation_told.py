"""Who is told that claims are barred soon: whoever reads the invoices, and nobody else."""

import runpy
from datetime import date
from pathlib import Path

from odoo.tests import new_test_user, tagged

from ...models.case.limitation_warning import WARNING_ACTIVITY
from .case_common import CaseCommon

MIGRATION = Path(__file__).parents[2] / "migrations" / "19.0.1.1.0" / "post-limitation.py"
ON = date(2030, 10, 17)


@tagged("post_install", "-at_install")
class TestLimitationTold(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor("<b>Bold</b> & Sons", is_company=True, country_id=cls.france.id)

    def test_who_does_not_read_invoices_is_told_nothing_of_it(self):
        """On the contact, which every employee reads, nothing is asked, and nothing said when it is done."""
        first, second = self.invoice(self.debtor), self.invoice(self.debtor)
        self.env["recovery.limitation"]._renew(self.company, ON)
        self.env["recovery.limitation"]._warn(self.company, ON)
        self.assertFalse(self.debtor.activity_ids)
        [asked] = (first | second).activity_ids
        for words in (first.name, second.name, "&lt;b&gt;Bold&lt;/b&gt; &amp; Sons"):
            self.assertIn(words, asked.note)
        groups = {"base.group_user": False, "payment_plan_recovery.group_recovery_user": True}
        for group, reads in groups.items():
            user = new_test_user(self.env, group, groups=group, company_id=self.company.id)
            about = [("activity_type_id", "=", asked.activity_type_id.id)]
            self.assertEqual(asked in self.env["mail.activity"].with_user(user).search(about), reads, group)
        asked.action_feedback("An acknowledgment came")
        said = "".join(self.debtor.message_ids.mapped("body"))
        self.assertNotIn("acknowledgment", said)
        self.assertNotIn(first.name, said)

    def test_an_upgrade_takes_warnings_from_contacts(self):
        paid, move = self.make_debtor("Paid"), self.invoice(self.debtor)
        self.env["recovery.limitation"]._renew(self.company, ON)
        old = [one.activity_schedule(WARNING_ACTIVITY, note="Old") for one in (self.debtor, paid)]
        runpy.run_path(str(MIGRATION))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((old[0].res_model, old[0].res_id), ("account.move", move.id))
        self.assertFalse(old[1].exists(), "nothing is owed that could be barred")
