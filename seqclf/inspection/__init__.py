"""Looking at data before training: pure functions from encoded splits to findings.

Nothing is printed, trained or written here. `seqclf.inspection.look` has all of it.
"""
