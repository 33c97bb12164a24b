"""Debtors who pay well or badly, and their checks."""

from .solvency_common import COLLECTOR, MANAGER, SolvencyCommon, ago


class CheckCommon(SolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules.active = False
        cls.collector = cls.make_user("solvency_collector", COLLECTOR)
        cls.manager = cls.make_user("solvency_manager", MANAGER)
        cls.other_manager = cls.make_user("solvency_other_manager", MANAGER)
        cls.debtor = cls.make_debtor("Kepler & Sons")
        cls.person = cls.make_debtor("Ada", is_company=False)

    def good_payer(self, debtor, amount=1000):
        days = (40, 100, 160, 220, 280, 320)
        self.paid_invoices([(debtor, amount, ago(due), ago(due)) for due in days])

    def bad_payer(self, debtor, amount=1000):
        self.paid_invoices([(debtor, amount, ago(days), ago(days - 90)) for days in (160, 220, 280)])
        self.invoice(debtor, 5 * amount, on=ago(120), due=ago(90))

    def computed(self, debtor, user=None, **values):
        check = self.make_check(debtor, **values).with_user(user or self.collector)
        check.action_compute()
        return check

    def line(self, check, name):
        return check.line_ids.filtered(lambda line: line.name == name)
