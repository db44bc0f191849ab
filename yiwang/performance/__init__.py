"""Figures of matters by unit, place and period, equal to the list behind each (SVC-23, plan 四（二）4)."""
