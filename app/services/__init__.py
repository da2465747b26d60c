"""Verbs. They own the transaction and take an Actor, never a request."""
