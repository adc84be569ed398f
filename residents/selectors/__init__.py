"""Answers that span several models, one module for each page that asks."""
