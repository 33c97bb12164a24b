"""A mandate of a collection agency, and what it reports."""

import base64
import csv
import io

from .case_common import CaseCommon


class MandateCommon(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = cls.env["res.partner"].create({"name": "Cabinet Durand", "is_company": True})
        cls.mandate = cls.make_mandate()

    @classmethod
    def make_mandate(cls, **values):
        return cls.env["recovery.mandate"].create(
            {
                "name": "Mandate",
                "partner_id": cls.agency.id,
                "company_id": cls.company.id,
                "currency_id": cls.currency.id,
                "date_from": "2026-01-01",
                "fee_fixed": 15.0,
                "fee_maximum": 200.0,
                "tier_ids": [
                    (0, 0, {"threshold": 0, "percent": 10}),
                    (0, 0, {"threshold": 500, "percent": 5}),
                ],
                **values,
            }
        )

    def entrusted(self, amount=1000.0, mandate=None, **values):
        case = self.open_case(amount, **values)
        case._entrust(mandate or self.mandate)
        return case

    def report(self, *rows, mandate=None, header="case;kind;date;amount;reference;note;claim"):
        """A wizard with a report of ``rows``, lines of CSV."""
        content = "\n".join([header, *rows]).encode()
        return self.env["recovery.mandate.report"].create(
            {"mandate_id": (mandate or self.mandate).id, "file": base64.b64encode(content)}
        )

    def register(self, *rows, **kwargs):
        wizard = self.report(*rows, **kwargs)
        wizard.action_register()
        return wizard

    def problems(self, *rows, **kwargs):
        """What *Look* says of each row, by its number in the file."""
        wizard = self.report(*rows, **kwargs)
        wizard.action_look()
        return {line.row: line.problem for line in wizard.line_ids if line.problem}

    def snapshot(self):
        """All that a report may change."""
        self.env.flush_all()
        return [
            self.env[model].search_count([])
            for model in (
                *(
                    "recovery.mandate.entry",
                    "recovery.case.cost",
                    "recovery.hold",
                    "account.move",
                    "account.payment",
                ),
                *("mail.message", "mail.activity"),
            )
        ] + self.env["recovery.case"].search([]).mapped("stage")

    def hand_over(self):
        handover = self.env["recovery.handover"].browse(self.mandate.action_hand_over()["res_id"])
        rows = csv.DictReader(io.StringIO(handover._csv().decode("utf-8-sig")), delimiter=";")
        return handover, list(rows)
