"""Delivery broken on purpose: the protocol as a model, its failing variants as fault scripts, and kills without number.

``python -m tests.torture`` runs all of it and prints the figures; docs/delivery.md tells what they mean.
"""
