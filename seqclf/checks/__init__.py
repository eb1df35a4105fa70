"""The contract that plugins keep, checked in plain words.

Nothing is imported here: `python -m seqclf.checks.fresh` measures how long a plugin's import
takes. `seqclf plugins check` and the fixtures of `seqclf.testing` show what these rooms find.
"""
