from . import forecast_facts, forecast, backtest
