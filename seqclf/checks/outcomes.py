"""What a check finds, and how the finding is made."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from seqclf.errors import DataError, SeqclfError
from seqclf.plugins import describe_failure

Status = Literal["passed", "failed", "advice", "not tried"]
"""Only "failed" ends `seqclf plugins check` with 1."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Args:
        subject: what was looked at: "architecture mine".
        sentence: what it should do: "builds for 5 classes".
        status: "passed", "failed", "advice" or "not tried".
        detail: the exact cause and what to do, or why it was not tried.

    Example:
        >>> Check("architecture mine", "builds", "failed", "it gave None").line
        'architecture mine: builds: it gave None'
    """

    subject: str
    sentence: str
    status: Status
    detail: str = ""

    @property
    def line(self) -> str:
        """Subject, sentence and detail, one after the other."""
        return ": ".join(part for part in (self.subject, self.sentence, self.detail) if part)


class FailedCheckError(Exception):
    """What was looked at does not keep the contract.

    Args:
        cause: what is wrong.
        remedy: what to do about it.
    """

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(f"{cause}; {remedy}" if remedy else cause)


class NotTriedError(Exception):
    """The check does not apply, or something it needs is missing."""


class AdviceError(Exception):
    """Nothing is broken, but something would be better."""


def attempt(subject: str, sentence: str, look: Callable[[], str | None]) -> Check:
    """Look at something, and say what was found.

    What the plugin prints meanwhile goes to standard error.

    Args:
        subject: what is looked at.
        sentence: what it should do.
        look: raises one of the errors above, or anything else, where it does not; what
            it gives is the detail of a check that passed.

    Example:
        >>> attempt("mine", "is even", lambda: f"{4 % 2} left over")
        Check(subject='mine', sentence='is even', status='passed', detail='0 left over')
    """
    status: Status = "passed"
    try:
        with contextlib.redirect_stdout(sys.stderr):
            detail = look() or ""
    except NotTriedError as error:
        status, detail = "not tried", str(error)
    except AdviceError as error:
        status, detail = "advice", str(error)
    except FailedCheckError as error:
        status, detail = "failed", str(error)
    except DataError as error:
        status, detail = "not tried", str(error)
    except (Exception, SystemExit) as error:
        status, detail = "failed", told(error)
    return Check(subject, sentence, status, detail)


def told(error: BaseException) -> str:
    """Say in one line what an exception says."""
    return str(error) if isinstance(error, SeqclfError) else describe_failure(error)
