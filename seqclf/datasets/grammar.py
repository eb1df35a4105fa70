"""The grammar of the bundled film reviews, and the generator that speaks it.

A sentence is a pattern with slots. `{role}` takes any phrase of that kind.
`{quality:wins}` and `{quality:loses}` are a pair: one word of praise and one of
blame, and the label decides which of them goes where. So a pattern with both
says "good" and "bad" with the same words in another order. `{quality2:wins}`
is a second pair of the same kind.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from seqclf.datasets.lexicon import BLAME, NEUTRAL, PRAISE

Draw = Callable[[], float]
"""Gives a number from 0 up to, not including, 1, as `random.Random(seed).random` does."""

Patterns = tuple[str, ...]

Chosen = TypeVar("Chosen")

CONTRAST = (
    "The {early} was {quality:loses}, but the {late} is {quality:wins}.",
    "The {late} is {quality:wins}, even if the {early} was {quality:loses}.",
    "Although {clause:loses}, {clause:wins}.",
    "{clause:wins}, although {clause:loses}.",
    "Yes, {clause:loses}; and yet {clause:wins}.",
    "{clause:loses}, I admit, but {clause:wins}.",
    "Never mind that {clause:loses}: {clause:wins}.",
    "{clause:wins}; never mind that {clause:loses}.",
    "It hardly matters that {clause:loses} when {clause:wins}.",
    "I have already forgotten the {detail:loses}; I still think of the {detail:wins}.",
    "I still think of the {detail:wins}; I have already forgotten the {detail:loses}.",
    "I shall remember not the {detail:loses} but the {detail:wins}.",
    "I shall remember the {detail:wins}, not the {detail:loses}.",
    "In the end the {detail:wins} counted for more than the {detail:loses}.",
    "In the end the {detail:loses} counted for less than the {detail:wins}.",
    "For all its {trait:loses}, what one remembers is its {trait:wins}.",
    "There is far more {trait:wins} than {trait:loses} in it.",
    "The {trait:wins} easily outweighs the {trait:loses}.",
)
"""Two sides of the film, one of which counts."""

TIME = (
    "{it} begins as a {quality:loses} {genre} and ends as a {quality:wins} one.",
    "At first {it} seemed {quality:loses}; by the end it was {quality:wins}.",
    "By the end {it} was {quality:wins}, even though it had seemed {quality:loses} at first.",
    "I used to think {it} {quality:loses}; now I find it {quality:wins}.",
    "Now I find {it} {quality:wins}; I used to think it {quality:loses}.",
    "The first time I {reaction:loses}; the second time I {reaction:wins}.",
    "Years ago I {reaction:loses}. This time I {reaction:wins}.",
    "This time I {reaction:wins}. Years ago I {reaction:loses}.",
    "{it} began {manner:loses}, but it ended {manner:wins}.",
    "{it} ended {manner:wins}, even though it had begun {manner:loses}.",
    "It began as {thing:loses} and ended as {thing:wins}.",
)
"""What was thought or seen first, and what holds in the end."""

REPORTED = (
    "{other} {reaction:loses}; I {reaction:wins}.",
    "I {reaction:wins}; {other} {reaction:loses}.",
    "While {other} {reaction:loses}, I {reaction:wins}.",
    "I {reaction:wins}, while {other} {reaction:loses}.",
    "{other} {reaction:loses}, but I {reaction:wins}.",
    "I {reaction:wins}, but {other} {reaction:loses}.",
    "{other} called it {thing:loses}. I call it {thing:wins}.",
    "I call it {thing:wins}. {other} called it {thing:loses}.",
    "{other} found {it} {quality:loses}; I found it {quality:wins}.",
    "I found {it} {quality:wins}; {other} found it {quality:loses}.",
    "It is {quality:wins}, though {other} told me it was {quality:loses}.",
    'According to {other}, it is "{quality:loses}". I say it is "{quality:wins}".',
)
"""Somebody else's opinion and the reviewer's own."""

EXPECTATION = (
    "I came expecting {thing:loses} and got {thing:wins}.",
    "I got {thing:wins} where I had expected {thing:loses}.",
    "{herald} suggested {thing:loses}. {it} is {thing:wins}.",
    "{it} is {thing:wins}. {herald} had suggested {thing:loses}.",
    "Instead of {thing:loses}, as {herald} suggested, we got {thing:wins}.",
    "It was {thing:wins}; {thing:loses} is what I had expected.",
    "I went in thinking it would be {quality:loses}; it turned out to be {quality:wins}.",
    "It turned out to be {quality:wins}; I went in thinking it would be {quality:loses}.",
    "{herald} made it sound {quality:loses}, but {it} is {quality:wins}.",
    "{it} is {quality:wins}, though {herald} made it sound {quality:loses}.",
    "Unlike the {original}, which is {quality:loses}, the film is {quality:wins}.",
    "The film is {quality:wins}, unlike the {original}, which is {quality:loses}.",
    "The {original} was {quality:loses}; the film is {quality:wins}.",
)
"""What was to be expected, and what came."""

NEGATION = (
    "{it} is not {quality:loses} but {quality:wins}.",
    "{it} is {quality:wins}, not {quality:loses}.",
    "{it} is never {quality:loses} and always {quality:wins}.",
    "{it} is always {quality:wins} and never {quality:loses}.",
    "Far from being {quality:loses}, {it} is {quality:wins}.",
    "{it} is {quality:wins} and anything but {quality:loses}.",
    "{it} is anything but {quality:loses}; it is {quality:wins}.",
    "There is nothing {quality:loses} about it, and much that is {quality:wins}.",
    "There is much about it that is {quality:wins}, and nothing {quality:loses}.",
    "I would not call it {quality:loses}; I would call it {quality:wins}.",
    "I would call it {quality:wins}; I would not call it {quality:loses}.",
    "Was I {felt:loses}? Not for a second. Was I {felt:wins}? From start to finish.",
    "{quality:loses}? Not at all. {quality:wins}? Very much so.",
    "I was not {felt:loses}; I was {felt:wins}.",
    "I was {felt:wins}; I was not {felt:loses}.",
    "Nobody who called it {quality:loses} was right; those who called it {quality:wins} were.",
    "Those who call it {quality:wins} are right, and those who call it {quality:loses} are wrong.",
    "Those who call it {quality:loses} are wrong, and those who call it {quality:wins} are right.",
    "I will not pretend that it was {quality:loses}, or deny that it was {quality:wins}.",
    "Nobody can say that it is not {quality:wins}, and nobody can say that it is {quality:loses}.",
)
"""What is denied and what is affirmed; at times denied twice."""

ORDERED = (CONTRAST, TIME, REPORTED, EXPECTATION, NEGATION)
"""The families of patterns in which only the order of the words tells the label."""

DENIED = (
    "There is not one {quality:loses} {moment} in it.",
    "There is nothing {quality:loses} about it.",
    "{it} is never {quality:loses}.",
    "{it} is anything but {quality:loses}.",
    "I would not call {it} {quality:loses}.",
    "Nobody can say that {it} is {quality:loses}.",
    "I was never {felt:loses}.",
)
"""A single word of praise or blame, denied."""

PLAIN = (
    "A {quality:wins} {genre} with a {quality2:wins} {late}.",
    "{clause:wins} and {clause2:wins}.",
    "{it} is {thing:wins}, and {clause:wins}.",
    "It is {quality:wins} and {quality2:wins} from the first scene to the last.",
    "I {reaction:wins}, and so did {other}.",
    "{clause:wins}, {clause2:wins}, and the {late} is {quality:wins}.",
    "With its {detail:wins} and its {detail2:wins}, {it} is {quality:wins}.",
    "This {genre} offers {trait:wins}, {trait2:wins} and a {quality:wins} {late}.",
    "What {thing:wins}! {clause:wins}.",
    "I was {felt:wins} and {felt2:wins} from start to finish.",
    "{other} and I {reaction:wins}. {advice:wins}.",
)
"""Praise or blame as such: here the words are enough."""

STORY = (
    "{it} follows a {role} who {deed} in {place}.",
    "A {role} and a {role} {share} in {place}.",
    "Set in {place}, it tells of a {role} who {deed}.",
    "{person} plays a {role} who {voyage}.",
    "{person} and {person} {share} in {place}.",
    "In {title}, a {role} {voyage}.",
    "It is about a {role} who {deed}.",
    "Nearly all of it is set in {backdrop}.",
    "The story takes us to {place}, where a {role} {deed}.",
)
"""What the film is about."""

CIRCUMSTANCE = (
    "I saw it on {day} in {city}.",
    "I saw it on {journey}.",
    "I saw {title} at {showing} in {city}.",
    "We watched it at {venue} on {day}.",
    "I went to see {title} {company}.",
    "I watched it on {day} {company}.",
    "We caught it at {venue} in {city}.",
)
"""Where and when it was seen."""

CREDITS = (
    "{person} directed it; it was filmed {reel}.",
    "It was shot {reel} and lasts {length}.",
    "It lasts {length}.",
    "The script is by {person}, the music by {person}.",
    "{person} wrote it in {number} weeks.",
    "{person} plays the {role}.",
    "{person} appears briefly as a {role}.",
)
"""Who made it, and how."""

LEAST_WORDS, MOST_WORDS = 10, 45
"""How long a review may be."""

PLAIN_SHARE = 0.35
"""The share of reviews in which the words are enough."""

DENIED_SHARE = 0.1
"""The share of reviews that deny a single word; in the others order decides."""

SECOND_SHARE = 0.65
"""How often a second opinion of the same tendency follows, if order decides."""

_SHAPES: tuple[tuple[tuple[Patterns, ...], tuple[Patterns, ...]], ...] = (
    ((), ()),
    ((), (STORY,)),
    ((), (CREDITS,)),
    ((CIRCUMSTANCE,), ()),
    ((CIRCUMSTANCE,), (CREDITS,)),
    ((STORY,), ()),
    ((STORY,), (CREDITS,)),
    ((CIRCUMSTANCE, STORY), ()),
)
_SLOT = re.compile(r"\{([a-z]+)(\d?)(?::(wins|loses))?\}")
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiouAEIOU])")
_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")
_TRIES = 50


def generate_reviews(count: int = 5000, seed: int = 1895) -> list[tuple[str, int]]:
    """Make up film reviews, no two alike; the same ones for the same seed.

    Args:
        count: how many.
        seed: which ones.

    Returns:
        Texts with their labels, 1 for a positive review and 0 for a negative one.
        The first two are one of each, so are the next two, and so on.

    Example:
        >>> reviews = generate_reviews(4)
        >>> len(reviews), sum(label for text, label in reviews)
        (4, 2)
        >>> generate_reviews(2) == reviews[:2]
        True
    """
    # Only random() is promised to give the same numbers in every version of Python.
    draw = random.Random(seed).random
    texts: set[str] = set()
    reviews: list[tuple[str, int]] = []
    label = 0
    while len(reviews) < count:
        label = int(draw() < 0.5) if len(reviews) % 2 == 0 else 1 - label
        text = _review(label, draw)
        while text in texts or not LEAST_WORDS <= len(text.split()) <= MOST_WORDS:
            text = _review(label, draw)
        texts.add(text)
        reviews.append((text, label))
    return reviews


def speak(patterns: Iterable[str], label: int, draw: Draw) -> str:
    """Fill patterns with words and make them one text.

    Args:
        patterns: one sentence or more each, with slots.
        label: 1 puts praise where `wins` stands, 0 puts blame there.
        draw: chooses the words. The same draws give both labels the same words.

    Example:
        >>> pattern = "The {early} was {quality:loses}, but the {late} is {quality:wins}."
        >>> speak([pattern], 1, lambda: 0.0)
        'The first hour was dull, but the ending is moving.'
        >>> speak([pattern], 0, lambda: 0.0)
        'The first hour was moving, but the ending is dull.'
    """
    speaker = _Speaker(label, draw)
    text = " ".join([speaker.fill(pattern) for pattern in patterns])
    text = _ARTICLE.sub(r"\1n ", text)
    return _SENTENCE_START.sub(lambda start: start[0].upper(), text)


def _review(label: int, draw: Draw) -> str:
    before, after = _choose(_SHAPES, draw)
    parts = (*before, *_opinion(draw), *after)
    return speak([_choose(part, draw) for part in parts], label, draw)


def _opinion(draw: Draw) -> list[Patterns]:
    kind = draw()
    if kind < PLAIN_SHARE:
        return [PLAIN]
    denied = kind < PLAIN_SHARE + DENIED_SHARE
    first = DENIED if denied else _choose(ORDERED, draw)
    second = _choose(ORDERED, draw)
    if second is first or draw() >= SECOND_SHARE:
        return [first]
    return [first, second]


def _choose(options: Sequence[Chosen], draw: Draw) -> Chosen:
    return options[int(draw() * len(options))]


class _Speaker:
    """Fills the patterns of one review and takes care not to repeat itself."""

    def __init__(self, label: int, draw: Draw) -> None:
        self.label = label
        self.draw = draw
        self.name = _choose(NEUTRAL["title"], draw)
        self.said: set[str] = set()

    def fill(self, pattern: str) -> str:
        pairs: dict[str, tuple[str, str]] = {}

        def phrase(slot: re.Match[str]) -> str:
            kind, number, side = slot.groups()
            if side is None:
                return self._title() if kind == "title" else self._fresh(NEUTRAL[kind])
            # Both are drawn, whichever is wanted: each label gets the same draws.
            if kind + number not in pairs:
                pairs[kind + number] = self._fresh(PRAISE[kind]), self._fresh(BLAME[kind])
            praise, blame = pairs[kind + number]
            return praise if (side == "wins") == (self.label == 1) else blame

        return _SLOT.sub(phrase, pattern)

    def _fresh(self, phrases: Sequence[str]) -> str:
        """Choose a phrase that shares no longer word with what has been said."""
        for _ in range(_TRIES):
            phrase = self._expand(_choose(phrases, self.draw))
            words = {word for word in phrase.split() if len(word) > 3}
            if self.said.isdisjoint(words):
                break
        self.said |= words
        return phrase

    def _expand(self, phrase: str) -> str:
        if "{" not in phrase:
            return phrase
        return _SLOT.sub(lambda slot: self._word(slot[1]), phrase)

    def _word(self, kind: str) -> str:
        if kind == "title":
            return self._title()
        return self._expand(_choose(NEUTRAL[kind], self.draw))

    def _title(self) -> str:
        """Name the film the first time; a second time would sound like an advertisement."""
        name, self.name = self.name, "the film"
        return name
