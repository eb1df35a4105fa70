"""Checks of the words that lists show."""

from __future__ import annotations

from seqclf.checks.outcomes import Check, FailedCheckError, attempt

LONGEST = 100


def check_summary(subject: str, summary: object) -> Check:
    """Look at the line that stands in lists."""

    def look() -> str:
        if not isinstance(summary, str) or not summary.strip():
            raise FailedCheckError("it has none", 'write summary="..." in one line')
        if len(summary.splitlines()) > 1:
            raise FailedCheckError("it has several lines", "lists show one")
        if len(summary) > LONGEST:
            raise FailedCheckError(
                f"it has {len(summary)} characters", f"lists have room for {LONGEST}"
            )
        return summary

    return attempt(subject, "has a summary of one line", look)
