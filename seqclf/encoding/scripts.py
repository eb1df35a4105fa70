"""Which share of texts is in scripts that put no blanks between words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_CHARACTERS = 2_000
"""How much of a sampled text is read: enough to know its script."""

_WITHOUT_SPACES = re.compile(
    "["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u0f00-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Tibetan, Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3021-\u3029\u3038-\u303c"  # Han: repetition and number marks
    "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Hiragana, Katakana
    "\U0001aff0-\U0001b16f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "]"
)


def share_without_spaces(texts: Sequence[str], most: int = 2000) -> float:
    """Give the share of letters that belong to scripts written without spaces between words.

    Such texts need a tokenizer of characters or subwords: what stands between two blanks is
    a whole sentence, and hardly met again. The scripts are Han, Hiragana, Katakana, Thai,
    Lao, Khmer, Myanmar and Tibetan.

    Args:
        texts: looked at in even steps, from the first to the last; the beginning of each counts.
        most: how many texts to look at.

    Returns:
        From 0 to 1; 0 where there is no letter.

    Example:
        >>> share_without_spaces(["a good film", "とても良い映画"])
        0.4375
    """
    looked_at = min(most, len(texts))
    counts: Counter[str] = Counter()
    for place in range(looked_at):
        last = max(1, looked_at - 1)
        counts.update(texts[place * (len(texts) - 1) // last][:_CHARACTERS])
    letters = {letter: times for letter, times in counts.items() if letter.isalpha()}
    without = sum(times for letter, times in letters.items() if _WITHOUT_SPACES.match(letter))
    return without / max(1, sum(letters.values()))
