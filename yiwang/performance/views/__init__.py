"""Pages of the figures of matters, and of the lists behind them."""
