from . import forecast_facts, forecast, backtest, forecast_line, portfolio, worklist, claim, res_partner
