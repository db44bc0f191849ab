"""Figures of the register by division and date, equal to the list behind them; its quality (INF-22, DIV-04)."""
