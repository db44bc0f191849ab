"""Supervision: late steps, orders that want an answer, circulars (方案四（二）4、五（一）2)."""
