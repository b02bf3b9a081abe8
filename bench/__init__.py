"""Measurements beside the peers. They print figures and assert nothing: tests do that.

``python -m bench`` runs all; ``python -m bench --only scoring,pages`` some. Each works in a scratch
installation of its own, which is removed afterwards.
"""
