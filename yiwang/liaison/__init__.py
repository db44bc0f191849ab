"""Duty and liaison (值班与联络): what keeps the network of administrators at work (plan, five (一)2)."""
