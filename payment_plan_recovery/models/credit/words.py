from odoo import SUPERUSER_ID, api, models
from odoo.http import request
from odoo.tools.misc import formatLang

from ..common.company_words import by_company
from ..common.counted import counted


class RecoveryCreditWords(models.AbstractModel):
    """What the credit rules say, in words and figures that whoever reads them may read."""

    _name = "recovery.credit.words"
    _description = "Words of Credit Control"

    def _credit_told(self, judged):
        """The verdict in the words the reader may see."""
        if self._credit_may_read_figures(self._credit_actor()):
            return self._credit_figures(judged)
        return self.env._("%s needs approval before it gets more credit.", judged.debtor.display_name)

    def _credit_inform(self, judged):
        """Note on the documents that a rule was passed, in words anybody who reads them may read."""
        for _company, documents in by_company(self):
            body = documents.env._(
                "Credit: %(debtor)s · %(reasons)s.",
                debtor=judged.debtor.display_name,
                reasons=documents._credit_triggers(judged.verdict),
            )
            documents._message_log_batch(bodies=dict.fromkeys(documents.ids, body))

    def _credit_refusal(self, judged):
        """Why the documents do not pass and what to do next; figures only for whom may read them."""
        names = ", ".join(document.display_name for document in self)
        user = self._credit_actor()
        if not user.has_group("base.group_user"):
            return self.env._("Our team has to confirm this first. Please contact us.")
        if not self._credit_may_read_figures(user):
            return self.env._(
                "%(documents)s: %(debtor)s gets no more credit without approval. %(next_step)s",
                documents=names,
                debtor=judged.debtor.display_name,
                next_step=self._credit_next_step("approve"),
            )
        return self.env._(
            "%(documents)s: %(debtor)s gets no more credit. %(figures)s\n%(next_step)s",
            documents=names,
            debtor=judged.debtor.display_name,
            figures=self._credit_figures(judged),
            next_step=self._credit_next_step(judged.verdict.action),
        )

    def _credit_next_step(self, action):
        """What whoever was refused can do. A hook for documents that nobody can ask for as they stand."""
        if action == "block":
            return self.env._("Only a recovery manager can let it pass: use “Ask for credit approval”.")
        return self.env._("Use “Ask for credit approval”.")

    @api.model
    def _credit_actor(self):
        """Who is told. The portal's pages act as the superuser, for a customer who may not even be logged in."""
        return request.env.user if request and self.env.uid == SUPERUSER_ID else self.env.user

    @api.model
    def _credit_may_read_figures(self, user):
        return any(
            user.has_group(group)
            for group in ("account.group_account_invoice", "account.group_account_readonly")
        )

    @api.model
    def _credit_triggers(self, verdict):
        labels = dict(self.env["recovery.credit.rule"]._fields["trigger"]._description_selection(self.env))
        return ", ".join(dict.fromkeys(labels[rule.trigger] for rule in verdict.rules))

    def _credit_figures(self, judged):
        """The standing in figures, for who may read them."""
        currency = self.company_id[:1].currency_id
        standing = judged.standing
        parts = [f"{self._credit_triggers(judged.verdict)}."] if judged.verdict.rules else []
        if judged.terms.risk_class:
            parts.append(self.env._("Class %s.", judged.terms.risk_class.code))
        if standing.limit is not None:
            parts.append(
                self.env._(
                    "Exposure with this document: %(exposure)s; limit: %(limit)s.",
                    exposure=formatLang(self.env, float(standing.exposure), currency_obj=currency),
                    limit=formatLang(self.env, float(standing.limit), currency_obj=currency),
                )
            )
            parts += self._credit_promise_told(judged.debtor, currency)
        if standing.days_overdue:
            parts.append(
                self.env._(
                    "Overdue: %(amount)s, by up to %(days)s.",
                    amount=formatLang(self.env, float(standing.amount_overdue), currency_obj=currency),
                    days=counted(self.env, "day", standing.days_overdue),
                )
            )
        return " ".join(parts)

    def _credit_promise_told(self, debtor, currency):
        """Return in a list what of the figure is no exposure on the debtor's page yet; an empty one for nothing."""
        company = self.company_id[:1]
        promised = self._credit_promised(company, company._recovery_today(), debtor).get(debtor.id)
        if not promised:
            return []
        told = formatLang(self.env, promised, currency_obj=currency)
        return [self.env._("In it, ordered and not delivered yet: %s.", told)]
