"""Where each text of a batch stands in the tiles, and which row it reads at which step.

Steps that change nothing are not taken. With a mask the state stays put where the mask is false, so
that only the other steps are taken. Without one, padding in front takes every text through the same
states, so that tile 0 goes through them once for all. Longer texts share tiles with longer ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seqclf.kernels.compiling import helper, kernel
from seqclf.kernels.threads import share, thread_count, together
from seqclf.kernels.tiles import AHEAD, Layout
from seqclf.kernels.vectors import SAMPLES


@dataclass(frozen=True)
class Schedule:
    """What the loops over time go by.

    Args:
        layout: the tiles.
        order: the text of each place in tile 1 and on; -1 where there is none.
        slots: how many slots there are.
        rows: how many projected rows there are, row 0 among them.
        sources: what each of them is: a token id, or a row of the input; -1 for no row.
        states: the row of the state after each step of each text, shape (texts, steps), or None.
        starts: how many steps of each text tile 0 takes for it, shape (texts,), int32.
    """

    layout: Layout
    order: np.ndarray
    slots: int
    rows: int
    sources: np.ndarray
    states: np.ndarray | None
    starts: np.ndarray


def schedule_ids(
    ids: np.ndarray,
    mask: np.ndarray | None,
    known: np.ndarray,
    *,
    backwards: bool = False,
    sequences: bool = False,
    zeros: bool = False,
    compact: bool = True,
) -> Schedule:
    """Arrange a batch of token ids.

    Args:
        ids: (texts, steps), int32.
        mask: (texts, steps), bool, or None.
        known: (num_words,), int32, -1 everywhere; it is so again afterwards.
        backwards: whether texts are read from the end.
        sequences: whether the state after each step is asked for.
        zeros: whether that is zero where the mask is false; else the state stays put.
        compact: whether only tokens that occur get a projected row; else all of the embedding's do.

    Raises:
        ValueError: an id that is none of the embedding's.
    """
    texts, steps = ids.shape
    masked = mask is not None
    used = mask if mask is not None else _NO_MASK
    starts, lengths = np.zeros(texts, np.int64), np.zeros(texts, np.int64)
    times = np.empty((texts, steps) if masked else (0, 0), np.int32)
    # Threads cannot number the tokens of a batch together.
    parts = 1 if compact else max(1, min(thread_count(), ids.size // _IDS_A_THREAD))
    some = share(texts, parts)
    together(
        lambda part: _measure_ids(
            *some[part], ids, used, masked, backwards, starts, lengths, times
        ),
        parts,
    )
    layout, order, slots = _arrange(starts, lengths)
    most = min(len(known), texts * steps + 1) if compact else len(known)
    sources = np.arange(most + SAMPLES, dtype=np.int32)
    states = np.zeros((texts, steps) if sequences else (0, 0), np.int32)
    places, counts = share(len(order), parts), [0] * parts

    def number(part: int) -> None:
        counts[part] = _number_ids(
            *places[part], ids, backwards, starts, lengths, times, masked, zeros, compact,
            order, layout, known, sources, states,
        )  # fmt: skip

    together(number, parts)
    if min(counts) < 0:
        wrong = ids[(ids < 0) | (ids >= len(known))][0]
        raise ValueError(f"token id {wrong} is not in [0, {len(known)})")
    rows = counts[0] if compact else len(known)
    sources[rows : rows + SAMPLES] = -1
    noted = states if sequences else None
    return Schedule(layout, order, slots, rows, sources, noted, starts.astype(np.int32))


def schedule_numbers(
    texts: int,
    steps: int,
    mask: np.ndarray | None,
    starts: np.ndarray | None,
    *,
    backwards: bool = False,
    sequences: bool = False,
    zeros: bool = False,
) -> Schedule:
    """Arrange a batch whose steps are numbers already: a series, or a layer's output.

    Args:
        texts: how many there are.
        steps: steps of each.
        mask: (texts, steps), bool, or None.
        starts: how many steps in front are the same in all texts that have them, shape (texts,);
            None where nothing is known. Not together with a mask or with `backwards`.
        backwards: whether they are read from the end.
        sequences: whether the state after each step is asked for.
        zeros: whether that is zero where the mask is false; else the state stays put.
    """
    masked = mask is not None
    times = np.empty((texts, steps) if masked else (0, 0), np.int32)
    lengths = np.full(texts, steps, np.int64)
    begin = np.zeros(texts, np.int64) if starts is None else starts.astype(np.int64)
    if mask is not None:
        _measure_mask(mask, backwards, lengths, times)
    else:
        lengths -= begin
    layout, order, slots = _arrange(begin, lengths)
    rows = 1 + int(begin.max(initial=0)) + int(lengths.sum())
    sources = np.empty(rows + SAMPLES, np.int32)
    states = np.zeros((texts, steps) if sequences else (0, 0), np.int32)
    _number_rows(
        steps, backwards, begin, lengths, times, masked, zeros, order, layout, sources, states
    )
    noted = states if sequences else None
    return Schedule(layout, order, slots, rows, sources, noted, begin.astype(np.int32))


_IDS_A_THREAD = 100_000
"""Token ids that a thread more is worth waking for."""

_NO_MASK = np.zeros((0, 0), np.bool_)


def _arrange(starts: np.ndarray, lengths: np.ndarray) -> tuple[Layout, np.ndarray, int]:
    """Put texts of similar lengths into tiles, the longest first."""
    texts = len(lengths)
    tiles = -(-texts // SAMPLES)
    order = np.full(tiles * SAMPLES, -1, np.int64)
    order[:texts] = np.argsort(-lengths, kind="stable")
    filled = np.zeros(tiles * SAMPLES, np.int64)
    filled[:texts] = lengths[order[:texts]]
    steps = np.empty(tiles + 1, np.int64)
    steps[0] = starts.max(initial=0)
    steps[1:] = filled[::SAMPLES]
    firsts = np.zeros(tiles + 1, np.int64)
    np.cumsum(steps[:-1] + 1, out=firsts[1:])
    slots = int(firsts[-1] + steps[-1] + 1)
    begins = np.zeros((tiles + 1) * SAMPLES, np.int64)
    begins[SAMPLES:] = np.repeat(steps[1:], SAMPLES) - filled
    origins = np.zeros_like(begins)
    origins[SAMPLES : SAMPLES + texts] = starts[order[:texts]]
    numbers = np.zeros(slots * SAMPLES + AHEAD, np.int32)
    return Layout(firsts, steps, begins, origins, numbers), order, slots


@kernel
def _measure_ids(first, last, ids, mask, masked, backwards, starts, lengths, times):  # type: ignore[no-untyped-def]
    """Find how many steps the texts from `first` to `last` take, and with a mask which."""
    steps = ids.shape[1]
    for b in range(first, last):
        if masked:
            for t in range(steps):
                if mask[b, steps - 1 - t if backwards else t]:
                    times[b, lengths[b]] = t
                    lengths[b] += 1
        else:
            t = 0
            while t < steps and ids[b, steps - 1 - t if backwards else t] == 0:
                t += 1
            starts[b] = t
            lengths[b] = steps - t


@kernel
def _measure_mask(mask, backwards, lengths, times):  # type: ignore[no-untyped-def]
    texts, steps = mask.shape
    for b in range(texts):
        lengths[b] = 0
        for t in range(steps):
            if mask[b, steps - 1 - t if backwards else t]:
                times[b, lengths[b]] = t
                lengths[b] += 1


@helper
def _note_states(states, b, start, length, times, masked, zeros, slot, s):  # type: ignore[no-untyped-def]
    """Note the row of the state after each step.

    Where the mask is false it is that of the step before, or with `zeros` row 0, the zero state.
    """
    if masked:
        row = 0
        j = 0
        for t in range(states.shape[1]):
            if j < length and times[b, j] == t:
                j += 1
                row = (slot + j) * SAMPLES + s
                states[b, t] = row
            else:
                states[b, t] = 0 if zeros else row
    else:
        for t in range(start):
            states[b, t] = (t + 1) * SAMPLES
        for j in range(length):
            states[b, start + j] = (slot + j + 1) * SAMPLES + s


@kernel
def _number_ids(  # type: ignore[no-untyped-def]
    first,
    last,
    ids,
    backwards,
    starts,
    lengths,
    times,
    masked,
    zeros,
    compact,
    order,
    layout,
    known,
    sources,
    states,
):
    """Note which projected row is read where, for the places from `first` to `last`.

    With `compact`, the different tokens are numbered, 0 first. Gives how many there are, 0 without,
    or -1 for a wrong id.
    """
    steps = ids.shape[1]
    wrong = False
    count = 0
    if compact:
        count = 1
        known[0] = 0
        sources[0] = 0
    for p in range(first, last):
        b = order[p]
        if b < 0:
            continue
        place = p + SAMPLES
        slot = layout.firsts[place // SAMPLES] + layout.begins[place]
        for j in range(lengths[b]):
            t = times[b, j] if masked else starts[b] + j
            token = ids[b, steps - 1 - t if backwards else t]
            if token < 0 or token >= len(known):
                wrong = True
                token = 0
            number = known[token] if compact else token
            if number < 0:
                number = count
                known[token] = number
                sources[count] = token
                count += 1
            layout.numbers[(slot + j) * SAMPLES + place % SAMPLES] = number
        if states.size > 0:
            _note_states(
                states, b, starts[b], lengths[b], times, masked, zeros, slot, place % SAMPLES
            )
    for i in range(count):
        known[sources[i]] = -1
    return -1 if wrong else count


@kernel
def _number_rows(  # type: ignore[no-untyped-def]
    steps, backwards, starts, lengths, times, masked, zeros, order, layout, sources, states
):
    """Number the steps in the order in which the tiles read them; row 0 is read for no step."""
    sources[0] = -1
    count = 1
    longest = np.argmax(starts)
    for t in range(layout.steps[0]):
        layout.numbers[t * SAMPLES] = count
        sources[count] = longest * steps + t
        count += 1
    for n in range(1, len(layout.steps)):
        for step in range(layout.steps[n]):
            for s in range(SAMPLES):
                place = n * SAMPLES + s
                b = order[place - SAMPLES]
                j = step - layout.begins[place]
                if b < 0 or j < 0:
                    continue
                t = times[b, j] if masked else starts[b] + j
                layout.numbers[(layout.firsts[n] + step) * SAMPLES + s] = count
                sources[count] = b * steps + (steps - 1 - t if backwards else t)
                count += 1
    for i in range(count, min(len(sources), count + SAMPLES)):
        sources[i] = -1
    if states.size > 0:
        for p in range(len(order)):
            b = order[p]
            if b >= 0:
                place = p + SAMPLES
                slot = layout.firsts[place // SAMPLES] + layout.begins[place]
                _note_states(
                    states, b, starts[b], lengths[b], times, masked, zeros, slot, place % SAMPLES
                )
