from . import (
    forecast_open,
    forecast_facts,
    forecast,
    backtest,
    forecast_week,
    forecast_score,
    forecast_line,
    pace,
)
from . import bulk_act, portfolio, worklist, claim, res_partner, contact, account_move, account_move_line
from . import plan_option
from . import cost, kpi_ledger, kpi_kept, kpi_acts, figure, figures_receivables, figures_recovery
from . import kpi, kpi_decimals, kpi_snapshot, kpi_proof, dashboard, digest
from . import lesson, message_trial
