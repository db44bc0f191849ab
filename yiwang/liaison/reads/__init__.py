"""Figures of the network: coverage by place."""
