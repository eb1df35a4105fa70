"""Texts as people write them, and numbers written as texts, for checks that need some."""

TEXTS = (
    "The film was good, but the end was dull.",
    "A film that I would not see again",
    "the the the the the film film was was good good not dull",
    "",
    "   ",
    "Ça alors! Größe, İstanbul, 東京, кино",
    "so good \U0001f600\u2764\ufe0f \U0001f44d\U0001f3fd",
    "one line\nanother line\r\n\tand a tab",
    "don't over-think 10/10 <br /> it's \"fine\"",
    "long " * 20_000,
)
"""What an encoder is fitted on: Unicode, emoji, newlines, nothing at all, and a very long one."""

UNSEEN = ("a word that nobody learned: zyzzyva", "\N{PILE OF POO}", "?", "日本語")
"""What it has not seen before."""

IDS = (
    "12 5 99",
    "7",
    "1,2, 3",
    "",
    "   ",
    "1 2 3\n4 5\r\n\t6",
    "4 999 3",
    "7 " * 20_000,
)
"""What an encoder is fitted on that reads token ids: also one that few words do not have."""

UNSEEN_IDS = ("18 2", "998")

SERIES = (
    "1.5 2; 0.3 4;",
    "0 0;",
    "",
    "   ",
    "-1e3 2.5;\n7 8; 9 1e-3;",
    "+1 -2; 3.0 4.",
    "1 2;" * 20_000,
)
"""What an encoder is fitted on that reads numeric series: two numbers a step."""

UNSEEN_SERIES = ("100000 -7;", "0.1 0.2; 0.3 0.4;")

SAMPLES = {
    "text": (TEXTS, UNSEEN),
    "ids": (IDS, UNSEEN_IDS),
    "series": (SERIES, UNSEEN_SERIES),
}
"""By what an encoder reads: what it is fitted on, and what it has not seen before."""
