"""Samples, figures of units, promises against fact."""
