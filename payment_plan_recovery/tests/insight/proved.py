"""What the dashboard's answer says, held against what each number and bar opens: to the cent."""


class Proved:
    """For test classes of whose ledger a dashboard was asked; ``counted`` is how many numbers opened something.

    Numbers are compared as their ``currency`` is rounded.
    """

    def seen_by(self, user, model):
        """The records of a model as ``user`` sees them."""
        return self.env[model].with_user(user)

    def rows(self, user, action):
        """The records of a window, as the client reads them."""
        self.assertEqual(action["res_model"], "recovery.kpi.proof")
        self.assertTrue(action["name"])
        fields = ["numerator", "denominator", "document"]
        return self.seen_by(user, "recovery.kpi.proof").search_read(action["domain"], fields)

    def proved(self, user, data, code, numerator, denominator, **more):
        """The sums of what the figure opens are what the screen says."""
        asked = data["asked"]
        only = {**asked["only"], **more.pop("only", {})}
        kpi = self.seen_by(user, "recovery.kpi")
        rows = self.rows(user, kpi.action_proof(code, asked["date_from"], asked["date_to"], only, **more))
        sums = [self.currency.round(sum(row[name] for row in rows)) for name in ("numerator", "denominator")]
        told = [self.currency.round(numerator), self.currency.round(denominator)]
        self.assertEqual(sums, told, (code, only, more))
        self.assertTrue(all(row["document"] for row in rows), code)
        self.counted += bool(rows)

    def prove(self, user, data):
        """Whatever the answer holds opens what it is made of, as ``user``."""
        self.of_figures(user, data)
        self.of_bars(user, data)
        self.of_tables(user, data)
        self.of_weeks(user, data)

    def of_figures(self, user, data):
        codes = {figure["code"] for figure in data["figures"]}
        self.assertEqual(codes, set(self.env["recovery.figure"]._things()))
        for figure in data["figures"]:
            with self.subTest(code=figure["code"]):
                self.proved(user, data, figure["code"], figure["numerator"], figure["denominator"])

    def of_bars(self, user, data):
        for age, owed in enumerate(data["ages"]):
            late = owed if age else 0.0
            self.proved(user, data, "overdue", late, owed, age=age)
        for row in data["reminders"]:
            only = {"level": row["key"]}
            self.proved(user, data, "reminders", row["numerator"], row["denominator"], only=only)

    def of_tables(self, user, data):
        for row in data["words"]:
            only = {"words": row["key"] or 0}
            self.proved(user, data, "reminders", row["numerator"], row["denominator"], only=only)
        for kind, name in (("people", "person"), ("causes", "cause"), ("debtors", "debtor")):
            for row in data[kind]:
                for code, figure in row["figures"].items():
                    only = {name: row["key"]}
                    self.proved(user, data, code, figure["numerator"], figure["denominator"], only=only)
        worklist, claims = (self.seen_by(user, model) for model in ("recovery.worklist", "recovery.claim"))
        for row in data["waiting"]:
            found = worklist.search(row["domain"])
            self.assertEqual(
                (len(found), round(sum(found.mapped("value")), self.currency.decimal_places)),
                (row["count"], round(row["value"], self.currency.decimal_places)),
            )
            self.counted += bool(found)
        warned = claims.search(data["warning"]["domain"])
        self.assertEqual(len(warned), data["warning"]["count"])
        self.assertAlmostEqual(
            sum(warned.mapped("amount_company")), data["warning"]["value"], self.currency.decimal_places
        )

    def of_weeks(self, user, data):
        weeks = self.seen_by(user, "recovery.forecast.week")
        self.assertEqual(len(data["cash"]["weeks"]), 0 if data["asked"]["only"] else 13)
        for week in data["cash"]["weeks"]:
            rows = self.rows(user, weeks.browse(week["id"]).action_proof())
            sums = [
                self.currency.round(sum(row[name] for row in rows)) for name in ("numerator", "denominator")
            ]
            self.assertEqual(sums, [week["amount_expected"], week["amount_due"]], week["date"])
            self.counted += bool(rows)
