"""Parsers: from what a cell shows to a normalised value, or to the reason why it cannot be right."""

from .parsed import Parsed

__all__ = ["Parsed"]
