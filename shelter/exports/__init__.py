"""Lists with names that leave the house: asked for with a purpose, allowed by a second person, kept a day (A10).

A list without names goes out at once by ``shelter.ui.export``; this app is for the others.
"""
