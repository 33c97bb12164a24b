"""Bringing in what another addon left: policies with levels and words, and its history as sent notices."""

import html
from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..common.counted import counted
from ..common.guarded_fields import as_action
from ..common.labelled import labelled

#: Where what came is remembered, so that it does not come twice.
MEMORY = "__recovery_coming__"


class RecoveryComingBring(models.AbstractModel):
    _name = "recovery.coming.bring"
    _description = "Bringing in What Another Addon Left"

    @api.model
    def _bring(self, company, label, coming, default_policy):
        """Bring in ``coming``; return [(what, whether it came, why not or how)].

        The same for a look before: whoever only looks undoes it.

        :param default_policy: policy whose levels reminders count as that name none
        """
        told = []
        policies = {old.key: self._policy(company, old, told) for old in coming.policies}
        policies[""] = default_policy
        self._choose(company, coming, policies, told)
        notices = self._history(company, label, coming.notices, policies, told)
        self._stay(company, notices, told)
        self._limits(company, coming.limits, told)
        told += [(what, True, why) for what, why in coming.same]
        told += [(what, False, why) for what, why in coming.left]
        return told

    # -- policies ----------------------------------------------------------------------------------

    def _policy(self, company, old, told):
        """Return the policy that ``old`` became, an empty one when it cannot."""
        # companies may share it there; here each has its own
        key = f"{old.key}_{company.id}"
        known = self.env.ref(f"{MEMORY}.{key}", raise_if_not_found=False)
        if known and known.exists():
            told.append((old.name, True, self.env._("It came before.")))
            return known
        try:
            with self.env.cr.savepoint():
                policy = self._make_policy(company, old)
        except (UserError, ValidationError) as error:
            told.append((old.name, False, str(error)))
            return self.env["recovery.dunning.policy"]
        notes = [labelled(self.env, level.name, level.note) for level in old.levels if level.note]
        told.append((old.name, True, "\n".join(notes) or self._shape(old)))
        self.env["ir.model.data"].sudo().create(  # sudo: where it came from is the system's to remember
            {"module": MEMORY, "name": key, "model": policy._name, "res_id": policy.id, "noupdate": True}
        )
        return policy

    def _shape(self, old):
        if old.do_not_chase:
            return self.env._("Not to be chased.")
        return counted(self.env, "level", len(old.levels))

    def _make_policy(self, company, old):
        if not old.levels and not old.do_not_chase:
            raise UserError(self.env._("It has no level."))
        return self.env["recovery.dunning.policy"].create(
            {
                "name": old.name,
                "company_id": company.id,
                "do_not_chase": old.do_not_chase,
                # Whom it is for is said on debtors and invoices, as there: it takes nobody by itself.
                "sequence": 1000,
                "debtor_domain": "[('id', '=', False)]",
                "level_ids": [Command.create(self._level(level)) for level in old.levels],
            }
        )

    def _level(self, old):
        name = old.name or self.env._("Level %s", old.number)
        return {
            "name": name,
            "sequence": old.number,
            "trigger": old.trigger,
            "delay_days": old.delay_days,
            "channel_ids": [
                Command.create({"sequence": rank, "channel": channel})
                for rank, channel in enumerate(old.channels, 1)
            ],
            "message_ids": [
                Command.create(
                    {
                        "name": name,
                        "subject": _plain(name),
                        "body": f"{_plain(old.mail) or f'<p>{html.escape(_plain(name))}</p>'}<div>{{claims}}</div>",
                        "letter": _paragraphs(old.letter),
                    }
                )
            ],
        }

    def _choose(self, company, coming, policies, told):
        """Set on debtors and invoices the policy they had, where nobody chose one here since."""
        names = {old.key: old.name for old in coming.policies} | coming.absent
        for model, chosen in (
            ("res.partner", coming.debtor_policies),
            ("account.move", coming.move_policies),
        ):
            by_key = defaultdict(list)
            for record_id, key in chosen.items():
                by_key[key].append(record_id)
            for key, ids in by_key.items():
                # sudo: whoever declares policies says whose they are, and writes nothing else of ledger and contacts
                records = self.env[model].sudo().with_company(company).browse(ids).exists()
                told += self._set(records, policies.get(key), names.get(key, ""))

    def _set(self, records, policy, name):
        """Set ``policy``, which was called ``name``, on records that have none; return what is told of it."""
        if not policy:
            absent = self.env._("It is laid by there, or another company's.")
            parts = [(records, False, absent if policy is None else self.env._("Their policy did not come."))]
        else:
            free = records.filtered(lambda record: not record.recovery_policy_id)
            free.recovery_policy_id = policy
            parts = [
                (free, True, self.env._("Set by hand there, set by hand here.")),
                (records - free, False, self.env._("They have a policy of their own here.")),
            ]
        return [
            (
                self.env._(
                    "Policy “%(policy)s” of %(records)s (%(kind)s)",
                    policy=policy.name if policy else name,
                    records=counted(self.env, "record", len(some)),
                    kind=self.env["ir.model"]._get(records._name).name,
                ),
                comes,
                why,
            )
            for some, comes, why in parts
            if some
        ]

    # -- history -----------------------------------------------------------------------------------

    def _history(self, company, label, notices, policies, told):
        """Keep what was sent as sent notices, and return them: no claim gets a level again."""
        items = self.env["account.move.line"].browse({old.item_id for old in notices}).exists()
        levels = self._levels_by_number(policies)
        groups, left = defaultdict(set), defaultdict(int)
        had = self._had(items)
        # the last of what counts as the same level is the one that the next waits for
        for old in sorted(notices, key=lambda old: old.day or date.min, reverse=True):
            item, level = items.browse(old.item_id), self._level_of(old, levels)
            why = self._why_not(old, item & items, level, had)
            if why:
                left[why] += 1
                continue
            had.add((item.id, level.id))
            groups[item.partner_id.commercial_partner_id, old.day, level, old.channel].add(item.id)
        made = self._make_notices(company, label, groups)
        if made:
            what = self.env._(
                "%(notices)s about %(claims)s",
                notices=counted(self.env, "notice", len(made)),
                claims=counted(self.env, "claim", len(made.line_ids)),
            )
            told.append((what, True, self.env._("Kept as sent on their days: the next level follows.")))
        for why, count in left.items():
            told.append((counted(self.env, "reminder", count), False, why))
        return made

    def _why_not(self, old, item, level, had):
        """Say why what was sent is not kept; nothing when it is."""
        if not item or item.parent_state != "posted" or item.reconciled:
            return self.env._("Nothing is open of the claim any more.")
        if not item.partner_id:
            return self.env._("Nobody owes the claim.")
        if not old.day:
            return self.env._("No day is known of it.")
        if not level and not old.policy:
            return self.env._("Choose the policy whose levels they were.")
        if not level:
            return self.env._("Its policy or level did not come.")
        return self.env._("It came before.") if (item.id, level.id) in had else None

    def _stay(self, company, notices, told):
        """Let claims with a history go on under the policy it is of: under another they would start again."""
        last = {}
        for line in notices.line_ids.sorted(lambda line: line.notice_id.date):
            last[line.move_line_id.move_id] = line.level_id.policy_id
        by_policy = defaultdict(list)
        for move, policy in last.items():
            debtor = move.commercial_partner_id.with_company(company)
            if not move.recovery_policy_id and not debtor.recovery_policy_id:
                by_policy[policy].append(move.id)
        for policy, ids in by_policy.items():
            # sudo: as the policies chosen by hand
            self.env["account.move"].sudo().browse(ids).recovery_policy_id = policy
            what = self.env._(
                "Policy “%(policy)s” of %(claims)s with a history",
                policy=policy.name,
                claims=counted(self.env, "claim", len(ids)),
            )
            why = self.env._("They go on where they were, whatever policy their debtors have here.")
            told.append((what, True, why))

    def _levels_by_number(self, policies):
        return {
            key: {
                level.sequence if key else rank: level
                for rank, level in enumerate(policy.level_ids.sorted(), 1)
            }
            for key, policy in policies.items()
        }

    def _level_of(self, old, levels):
        """Return the level of what was sent; a reminder counted beyond the last level is as good as the last."""
        numbered = levels.get(old.policy, {})
        beyond = not old.policy and numbered and old.number > max(numbered)
        return numbered.get(max(numbered) if beyond else old.number)

    def _had(self, items):
        lines = self.env["recovery.notice.line"].sudo()  # sudo: what was sent is read whole
        found = lines.search([("move_line_id", "in", items.ids), ("is_live", "=", True)])
        return {(line.move_line_id.id, line.level_id.id) for line in found}

    def _make_notices(self, company, label, groups):
        notices = as_action(self.env["recovery.notice"].sudo())  # sudo: history is the system's to write
        items = self.env["account.move.line"].browse({item for ids in groups.values() for item in ids})
        return notices.with_context(tracking_disable=True).create(
            [
                {
                    "name": f"{label} {number}",
                    "company_id": company.id,
                    "partner_id": debtor.id,
                    "level_id": level.id,
                    "date": day,
                    "channel": channel,
                    "state": "sent",
                    "date_sent": company._recovery_noon(day),
                    "user_id": False,
                    "amount_total": sum(items.browse(ids).mapped("amount_residual")),
                    "line_ids": [
                        Command.create(
                            {
                                "move_line_id": item.id,
                                "level_id": level.id,
                                "amount_residual": item.amount_residual_currency,
                                "date_due": item.date_maturity or item.date,
                            }
                        )
                        for item in items.browse(sorted(ids))
                    ],
                }
                for number, ((debtor, day, level, channel), ids) in enumerate(groups.items(), 1)
            ]
        )

    # -- limits ------------------------------------------------------------------------------------

    def _limits(self, company, limits, told):
        """Limits are Odoo's own field: they are there already, and hold from now on."""
        if limits:
            total = sum(limits.values())
            what = counted(self.env, "limit", len(limits))
            why = self.env._(
                "The same field: %s together, and held to by the credit rules.",
                company.currency_id.format(total),
            )
            told.append((what, True, why))


def _plain(text):
    """Without words in braces: the other addon fills none, and here they would be refused."""
    return (text or "").replace("{", "(").replace("}", ")")


def _paragraphs(text):
    """Plain text as paragraphs."""
    return "".join(f"<p>{html.escape(_plain(part))}</p>" for part in text.splitlines() if part.strip())
