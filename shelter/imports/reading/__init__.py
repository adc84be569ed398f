"""Turns a workbook that a shelter team keeps into understood records. Pure Python: no model, no settings, no database.

The way of a file: ``guard`` refuses what must not be opened; ``reader`` reads the cells in a child process; ``layout``
finds the tables; ``columns`` says what each column holds; ``values`` normalises; ``records`` accounts for every row;
``people`` says which rows speak of the same person. Words (headings, marks, nationalities ...) live in
``vocabulary/*.toml``, one file a language.

Front door: ``read_file`` and ``understand``; every shape they give is in ``types``.
"""
