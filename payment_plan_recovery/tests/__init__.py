from .common import test_hostile_text, test_print_again, test_qr_code
from .claim import (
    test_company_day,
    test_dunning_debtor,
    test_dunning_hold,
    test_open_money,
    test_promise,
    test_promise_two_transactions,
    test_report_statement,
    test_withheld,
)
from .message import test_letter_window, test_message, test_message_choice, test_stale_filter
from .dunning import (
    test_dunning_access,
    test_dunning_bad_input,
    test_dunning_branch,
    test_dunning_concurrency,
    test_dunning_daily,
    test_dunning_let_go,
    test_dunning_policy,
    test_dunning_proposal,
    test_dunning_reference,
    test_dunning_review,
    test_dunning_run,
    test_dunning_tour,
    test_dunning_two_transactions,
)
from .notice import (
    test_mail_turns,
    test_notice_budget,
    test_notice_channel,
    test_notice_level,
    test_notice_means,
    test_notice_open_money,
    test_notice_sending,
    test_occasion_mail,
    test_report_notice,
)
from .plan import (
    test_plan_allocation,
    test_plan_batch,
    test_plan_discount,
    test_plan_follow_up,
    test_plan_guard,
    test_plan_kernel,
    test_plan_lifecycle,
    test_plan_negotiation,
    test_plan_open_money,
    test_plan_option,
    test_plan_paper,
    test_plan_payment,
    test_plan_policy,
    test_plan_risk_class,
    test_plan_rounding,
    test_plan_statement_mail,
    test_plan_tour,
    test_plan_transitions,
    test_plan_two_transactions,
    test_plan_waiting,
    test_report_agreement,
)
from .solvency import (
    test_solvency_check,
    test_solvency_event,
    test_solvency_import,
    test_solvency_measure,
    test_solvency_report,
    test_solvency_scorecard,
    test_solvency_values,
)
from .credit import (
    test_solvency_approval,
    test_solvency_enforcement,
    test_solvency_exposure,
    test_solvency_two_transactions,
)
from .charge import (
    test_charge_booking,
    test_charge_countries,
    test_charge_declared,
    test_charge_figures,
    test_charge_law,
    test_charge_ledger,
    test_charge_notice,
    test_charge_open_money,
    test_charge_plan,
    test_charge_scale,
    test_charge_screens,
    test_charge_two_transactions,
    test_charge_unpriced,
    test_payment_return,
)
from .case import (
    test_case,
    test_case_migration,
    test_case_report,
    test_case_screen,
    test_case_transitions,
    test_dossier,
    test_insolvency,
    test_level_case,
    test_limitation,
    test_mandate,
    test_mandate_report,
    test_write_off,
)
from .insight import test_claim_list, test_forecast, test_pace, test_worklist
from .portal import test_personal_data, test_portal_plan, test_portal_statement
from .guidance import test_coming
