"""The resident's own account, who may act for her, and her rights over her data (DIV-14, EXP-20)."""
