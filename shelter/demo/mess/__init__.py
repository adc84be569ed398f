"""Messy workbooks with an exact truth, a new layout at every seed.

The way of a set: ``population`` invents people; ``pen`` writes their facts the way one team would; ``lists``, ``grids``
and ``plans`` lay out the kinds of sheet; ``ledger`` keeps what is true of every row; ``files`` writes .xlsx, .xlsm,
.ods and .csv; ``corpus`` puts a set together. The words are data: ``communities.toml``, ``headings.toml`` and
``wording.toml``, written from the trade and deliberately not taken from the importer's own vocabulary.

``python -m shelter.demo.mess OUT_DIR --seed 7 --books 12`` writes workbooks/, truth/ and broken/.
"""
