"""What the house would become if the staged rows were let in: computed in memory from a few set-based queries.

The same plan is the preview (its problems are shown with the rows) and, made anew inside the commit's transaction, the
work. So a conflict is a row to correct before the commit, never a commit that fails at its end.
"""

from shelter.imports.planning.plan import Plan, make_plan

__all__ = ["Plan", "make_plan"]
