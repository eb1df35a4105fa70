"""Texts as people write them, for checks that need some."""

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
