"""All checks of data before training, in the order a person reads them."""

from __future__ import annotations

from seqclf.inspection.classes import balance, classes, few_examples, rows
from seqclf.inspection.copies import duplicates, find_copies, in_training, two_labels
from seqclf.inspection.data import Data
from seqclf.inspection.findings import Finding
from seqclf.inspection.lengths import cut, lengths
from seqclf.inspection.names import class_names
from seqclf.inspection.scan import Advance, scan
from seqclf.inspection.texts import blanks, damage, empty
from seqclf.inspection.unknown import count_all, only_unknown, unknown_words


def look(data: Data, advance: Advance | None = None) -> tuple[Finding, ...]:
    """Look at data as training would get them.

    Texts may lie on disk: each is read once, and at most some 150 bytes of it are kept.

    Args:
        data: encoded splits.
        advance: told now and then how many texts are read, and how many there are.

    Returns:
        One finding a check, always the same checks in the same order.

    Example:
        >>> import numpy as np
        >>> from seqclf.contracts import Split
        >>> from seqclf.encoding.words import WordEncoder
        >>> texts = ["a good day", "a bad day", "A good  day"]
        >>> encoder = WordEncoder.fit(texts, num_words=20)
        >>> train = Split(np.array([1, 0, 0]), texts, encoder.encode(texts))
        >>> data = Data(train, None, None, ("bad", "good"), "binary", 4, encoder=encoder)
        >>> print(*(each.sentence for each in look(data) if each.verdict == "wrong"))
        1 text stands there with different labels (case and blanks ignored), in 2 rows
    """
    scanned = scan(data, advance)
    copies = find_copies(scanned)
    counts = count_all(data)
    return (
        rows(data),
        classes(data),
        few_examples(data),
        balance(data),
        class_names(data),
        lengths(data),
        cut(data),
        unknown_words(data, counts),
        only_unknown(data, counts),
        empty(data, scanned, counts),
        duplicates(data, scanned, copies),
        two_labels(data, scanned, copies),
        in_training(data, scanned, copies, "test"),
        in_training(data, scanned, copies, "validation"),
        damage(data, scanned),
        blanks(data),
    )
