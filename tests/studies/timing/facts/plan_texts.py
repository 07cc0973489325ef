"""Texts of plans for tests."""

from __future__ import annotations

NAME = 'name = "x"\n'


BLOCK = '[[blocks]]\ndataset = "digits"\nimages = 10\n'
