from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from ui_cases import REPORT, RUN, STEPS, SUMMARY, Stream, events, wide_report

from seqclf.contracts import Prediction
from seqclf.events import BatchEnded, DataReady, EpochEnded, Noted, TrainingStarted, Working
from seqclf.options import Option, Range
from seqclf.ui import text
from seqclf.ui.consoles import can_draw_unicode, console_for
from seqclf.ui.ending import print_ending
from seqclf.ui.errors import print_error, print_note
from seqclf.ui.glyphs import ASCII, UNICODE
from seqclf.ui.listing import print_facts, print_listing, print_options
from seqclf.ui.live import LiveTraining
from seqclf.ui.plain import PlainTraining
from seqclf.ui.plan import lengths_sentence
from seqclf.ui.predictions import PredictionPrinter
from seqclf.ui.region import Region
from seqclf.ui.report import print_report
from seqclf.ui.screen import training_screen
from seqclf.ui.summary import print_summary
from seqclf.ui.working import working

WIDTHS = (60, 80, 140)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CODE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
OPTIONS = (
    Option("recurrent_dropout", float, 0.0, "share of the state dropped.", range=Range(0, below=1)),
    Option("dense_units", int, None, "", range=Range(least=1), nullable=True),
)
LONG = "runs/" + "a-very-long-name-" * 8
ROWS = [("lstm", 328_353, "embedding, one LSTM layer, dense output " * 3), (LONG, 7, None)]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")


def terminal(encoding: str = "utf-8") -> tuple[Stream, Console]:
    stream = Stream(terminal=True, encoding=encoding)
    return stream, console_for(stream)


def permanent(console: Console, epochs: int = 10) -> None:
    """Draw what stays of a live run; without entering it, nothing moves."""
    screen = LiveTraining(console)
    for event in events(epochs):
        screen(event)


def predict(stream: Stream, top: int = 1) -> None:
    show = PredictionPrinter(top=top, stream=stream)
    show(
        Prediction(
            "good\tor [bold]bad[/]\n\x1b[31m" * 9, ("positive",), {"n": 0.1, "positive": 0.9}
        )
    )
    show(Prediction("素晴らしい映画でした" * 9, (), {"n": 0.1, "positive": 0.2}))


DRAWINGS: dict[str, Callable[[Stream, Console], None]] = {
    "live": lambda stream, console: permanent(console),
    "plain": lambda stream, console: [PlainTraining(console)(each) for each in events()] and None,
    "summary": lambda stream, console: print_summary(console, SUMMARY),
    "report": lambda stream, console: print_report(console, REPORT),
    "report of 12": lambda stream, console: print_report(console, wide_report(12)),
    "report of 46": lambda stream, console: print_report(console, wide_report(46)),
    "listing": lambda stream, console: print_listing(
        ROWS, ("name", "parameters", "what it is"), title="Some – names", stream=stream
    ),
    "options": lambda stream, console: print_options(OPTIONS, title="Options", stream=stream),
    "facts": lambda stream, console: print_facts([("cache", LONG), ("n", 3)], stream=stream),
    "predictions": lambda stream, console: predict(stream),
    "top predictions": lambda stream, console: predict(stream, top=2),
    "error": lambda stream, console: print_error(console, "no 'lstn' – " * 20, "or 'lstm'?"),
    "note": lambda stream, console: print_note(console, "one thing … " * 20),
    "ending": lambda stream, console: print_ending(console, RUN, Path("runs") / RUN),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("drawing", DRAWINGS)
def test_no_line_is_longer_than_the_terminal(
    drawing: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    stream, console = terminal()
    if drawing == "plain":  # on a terminal that cannot move its cursor
        monkeypatch.setenv("TERM", "dumb")
        console = Console(file=stream, width=width, height=24, force_terminal=True)
    DRAWINGS[drawing](stream, console)
    lines = CODE.sub("", stream.getvalue()).splitlines()
    assert lines
    assert max(map(text.cells, lines)) <= width


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_no_colour_means_no_escape_code(drawing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream, console = terminal()
    DRAWINGS[drawing](stream, console)
    coloured = stream.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    stream, console = terminal()
    DRAWINGS[drawing](stream, console)
    assert "\x1b" not in stream.getvalue()
    assert CODE.sub("", coloured) == stream.getvalue()


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_off_a_terminal_there_is_no_escape_code(drawing: str) -> None:
    stream = Stream()
    DRAWINGS[drawing](stream, console_for(stream))
    assert "\x1b" not in stream.getvalue()
    assert drawing == "ending" or stream.getvalue()


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize("drawing", DRAWINGS)
def test_an_ascii_stream_gets_ascii(drawing: str, watched: bool) -> None:
    stream = Stream(terminal=watched, encoding="ascii")  # raises on anything else
    console = console_for(stream)
    assert not can_draw_unicode(console)
    DRAWINGS[drawing](stream, console)
    assert stream.getvalue().isascii()


@pytest.mark.parametrize("watched", [True, False])
def test_markup_and_control_characters_are_only_text(watched: bool) -> None:
    nasty = "[bold]x[/] \x1b[2J\x07\x9b1m\u202e"
    for draw in (
        lambda stream, console: print_note(console, nasty),
        lambda stream, console: print_error(console, nasty),
        lambda stream, console: print_listing([(nasty, "y")], ("a", "b"), stream=stream),
        lambda stream, console: PredictionPrinter(stream=stream)(
            Prediction(nasty, (nasty,), {nasty: 1.0})
        ),
        lambda stream, console: PlainTraining(console)(Noted(nasty)),
    ):
        stream = Stream(terminal=watched)
        draw(stream, console_for(stream))
        shown = COLOUR.sub("", stream.getvalue())
        assert "[bold]x[/]" in shown
        assert r"\x1b[2J\x07\x9b1m\u202e" in shown or "…" in shown
        assert not set(shown) & set("\x1b\x07\x9b\u202e")


def test_force_color_colours_a_pipe_without_moving_the_cursor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    stream = Stream()
    console = console_for(stream)
    print_report(console, REPORT)
    assert COLOUR.search(stream.getvalue())
    assert isinstance(training_screen(console), PlainTraining)


def test_only_a_terminal_with_a_cursor_is_drawn_on_live(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(training_screen(terminal()[1]), LiveTraining)
    assert isinstance(training_screen(console_for(Stream())), PlainTraining)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(training_screen(terminal()[1]), PlainTraining)


def test_what_computes_recurrent_layers_stands_below_the_model() -> None:
    stream, console = terminal()
    permanent(console, 1)
    lines = [line.split() for line in CODE.sub("", stream.getvalue()).splitlines()]
    told = ["kernel", "keras", "(lstm:", "recurrent", "dropout)"]
    assert lines[lines.index(told) - 1] == ["328,353", "parameters,", "all", "trainable"]
    stream = Stream()
    for event in events(1):
        PlainTraining(console_for(stream))(event)
    assert "\nkernel: keras (lstm: recurrent dropout)\n" in stream.getvalue()


def test_plain_writes_one_line_an_epoch() -> None:
    stream = Stream()
    with PlainTraining(console_for(stream)) as screen:
        for event in events(epochs=10):
            screen(event)
    lines = stream.getvalue().splitlines()
    epochs = [line for line in lines if line.startswith("epoch ")]
    assert len(epochs) == 10
    assert epochs[3] == (
        "epoch 4/10  loss 0.1750  accuracy 0.8750  val_loss 0.1200  val_accuracy 0.8800"
        "  26.1 s  best"
    )
    assert len([line for line in lines if line.startswith("downloading")]) == 4
    assert len([line for line in lines if line.startswith("note: ")]) == 1
    assert "epochs 10 (flag), maxlen 500 (dataset)" in stream.getvalue()
    assert "best epoch 4: val accuracy 0.8800, val loss 0.1200" in lines


def test_live_prints_every_epoch_for_good() -> None:
    stream, console = terminal()
    permanent(console, epochs=100)
    shown = COLOUR.sub("", stream.getvalue())
    for epoch in range(1, 101):
        assert len(re.findall(rf"^ *{epoch}/100 ", shown, re.MULTILINE)) == 1
    assert "epochs 100 (flag)" in shown
    assert "9.3 % are cut at 500" in shown
    assert "the weights of epoch 4" in shown


@pytest.mark.parametrize("height", [2, 3, 5, 24])
def test_the_moving_lines_never_exceed_the_terminal(
    height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", str(height))
    monkeypatch.setenv("COLUMNS", "60")
    stream, console = terminal()
    with LiveTraining(console) as screen:
        for event in events(epochs=3):
            screen(event)
    climbs = re.findall(r"(?:\x1b\[1A\x1b\[2K)+", stream.getvalue())
    tallest = max((climb.count("\x1b[1A") for climb in climbs), default=0)
    assert tallest > 0 or height == 2
    assert tallest < height


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_exception_gives_the_cursor_back(error: type[BaseException]) -> None:
    stream, console = terminal()
    out, err = sys.stdout, sys.stderr
    with pytest.raises(error), LiveTraining(console) as screen:  # noqa: PT012
        screen(Working("loading"))
        assert stream.getvalue().rfind("\x1b[?25l") > stream.getvalue().rfind("\x1b[?25h")
        raise error
    assert stream.getvalue().rfind("\x1b[?25h") > stream.getvalue().rfind("\x1b[?25l")
    assert (sys.stdout, sys.stderr) == (out, err)


def test_a_narrower_window_wipes_what_the_terminal_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    stream = Stream(terminal=True)
    console = console_for(stream)
    screen = LiveTraining(console)
    screen._live.auto_refresh = False
    with screen:
        screen(TrainingStarted(5, STEPS, 20_000))
        screen(EpochEnded(1, {"loss": 0.5}, 1.0, True))
        screen(BatchEnded(2, 1, 128, {"loss": 0.5}))
        screen._live.refresh()
        drawn = list(screen._region.drawn)
        before = len(stream.getvalue())
        console.width = 30
        screen._live.refresh()
        climbed = stream.getvalue()[before:].count("\x1b[1A")
    assert max(drawn) > 30
    rows = sum(math.ceil(line / 30) for line in drawn)
    assert climbed == rows - 1


def test_the_running_epoch_tells_speed_and_time_left() -> None:
    now = 0.0
    region = Region(UNICODE, lambda: 24, lambda: now)
    region.started(TrainingStarted(10, 100, 12_800))
    for step in range(1, 38):
        now = step * 0.5
        region.batch(BatchEnded(1, step, step * 128, {"loss": 0.25, "accuracy": 0.9}))
    first, second = (line.plain for line in region.lines(79))
    assert first.startswith("epoch 1/10  ━")
    assert first.rstrip().endswith("37/100  32 s left")
    assert second == "loss 0.2500  accuracy 0.9000  256 samples/s"
    ascii_region = Region(ASCII, lambda: 24, lambda: now)
    ascii_region.working("a long step – " * 20)
    assert text.cells(ascii_region.lines(40)[0].plain) <= 40


def test_a_pipe_gets_whole_rows_without_rich() -> None:
    code = (
        "import sys; from seqclf.ui.listing import print_listing;"
        f"print_listing({ROWS!r}, ('name', 'parameters', 'what'), title='Names');"
        "assert 'rich' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(ROWS)
    assert lines[0].startswith("lstm ")
    assert lines[1].split() == [LONG, "7", "-"]


def test_an_empty_listing_says_so_to_a_person_only() -> None:
    stream, _ = terminal()
    print_listing([], ("run",), empty="there are no runs", stream=stream)
    assert stream.getvalue() == "there are no runs\n"
    piped = Stream()
    print_listing([], ("run",), empty="there are no runs", stream=piped)
    assert piped.getvalue() == ""


def test_what_is_too_wide_for_a_table_becomes_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    stream, _ = terminal()
    row = ("reviews-stacked-20261121-091500", "done", "stacked", 1_000, "2026-11-21 09:15")
    print_listing([row], ("run", "status", "arch", "epochs", "started"), stream=stream)
    shown = COLOUR.sub("", stream.getvalue())
    assert [line.rstrip() for line in shown.splitlines()] == [
        "reviews-stacked-20261121-091500",
        "  status done  arch stacked  epochs 1,000",
        "  started 2026-11-21 09:15",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_sign_of_life_is_shown_and_taken_away(encoding: str) -> None:
    stream, console = terminal(encoding)
    with working(console, "loading [bold]x[/]"):
        pass
    assert "loading [bold]x[/]" in stream.getvalue()
    assert stream.getvalue().rfind("\x1b[?25h") > stream.getvalue().rfind("\x1b[?25l")
    assert stream.getvalue().endswith("\x1b[2K")
    piped = Stream()
    with working(console_for(piped), "loading"):
        pass
    assert piped.getvalue() == ""


def test_predictions_into_a_pipe_are_tab_separated() -> None:
    stream = Stream()
    show = PredictionPrinter(stream=stream)
    show(Prediction("a\tb\nc\\d", ("positive",), {"negative": 0.1, "positive": 0.9}))
    show(Prediction("both", ("a", "b"), {"a": 0.75, "b": 0.5, "c": 0.1}))
    show(Prediction("none", (), {"a": 0.25}))
    top = PredictionPrinter(top=2, stream=stream)
    top(Prediction("t", ("b",), {"a": 0.25, "b": 0.7, "c": 0.05}))
    assert stream.getvalue().splitlines() == [
        "positive\t0.9000\ta\\tb\\nc\\\\d",
        "a,b\t0.7500,0.5000\tboth",
        "\t\tnone",
        "b\t0.7000\ta\t0.2500\tt",
    ]


def test_a_report_shows_the_matrix_or_the_worst_mix_ups() -> None:
    stream, console = terminal()
    print_report(console, REPORT)
    shown = COLOUR.sub("", stream.getvalue())
    assert "0.8701  (95 % interval 0.8659 to 0.8742)" in shown
    assert re.search(r"^negative +11,002 +1,498$", shown, re.MULTILINE)
    stream, console = terminal()
    print_report(console, wide_report(46))
    shown = COLOUR.sub("", stream.getvalue())
    assert "true \\ predicted" not in shown
    assert "48  topic number 45 taken for topic number 0" in shown


def test_errors_are_one_line_off_a_terminal() -> None:
    stream = Stream()
    print_error(console_for(stream), "there is no\narchitecture 'lstn'" * 9, "did you mean 'lstm'?")
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().startswith("seqclf: there is no architecture 'lstn'")
    stream, console = terminal()
    print_error(console, "there is none", "look again")
    lines = [line.rstrip() for line in COLOUR.sub("", stream.getvalue()).splitlines()]
    assert lines == ["Error: there is none", "Hint:  look again"]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (text.number(20_000), "20,000"),
        (text.share(0.093), "9.3 %"),
        (text.metric(0.87006), "0.8701"),
        (text.duration(1.24), "1.2 s"),
        (text.duration(9.96), "10 s"),
        (text.duration(59.7), "1 m 0 s"),
        (text.duration(252), "4 m 12 s"),
        (text.duration(7_500), "2 h 5 m"),
        (text.countdown(0.2), "1 s left"),
        (text.rate(1_203, 1.0), "1,203 samples/s"),
        (text.rate(5, 0.0), ""),
        (text.size(512), "512 bytes"),
        (text.size(17_464_789), "17.5 MB"),
        (text.size(999_960), "1.0 MB"),
        (text.shape((None, 500, 32)), "(None, 500, 32)"),
        (text.shape((None,)), "(None,)"),
        (text.setting(None), "none"),
        (text.setting(True), "true"),
        (text.setting(1e-4), "0.0001"),
        (text.sparkline([0, 1, 2, 3], 10), "▁▃▆█"),
        (text.sparkline([1, 1], 10), "▄▄"),
        (text.sparkline([0, float("nan"), 1], 10), "▁ █"),
        (text.sparkline([0, 0, 7, 7], 2, ascii=True), "_#"),
        (text.sparkline([], 5), ""),
        (text.shorten("a long text", 7), "a long…"),
        (text.shorten("素晴らしい", 6), "素晴…"),
        (text.shorten("short", 7), "short"),
        (text.fold("5 × 3 ± 1… é"), r"5 x 3 +/- 1~ \xe9"),
        (text.one_line(" a\n\tb\x1b "), r"a b\x1b"),
        (text.clean("e\u0301 👩\u200d🔬"), "e\u0301 👩\u200d🔬"),
    ],
)
def test_formatting(shown: str, expected: str) -> None:
    assert shown == expected


@pytest.mark.parametrize(
    ("reads", "told"),
    [
        ("text", "2.2 tokens a training text on average; none is cut at 5"),
        ("ids", "2.2 ids a training sequence on average; none is cut at 5"),
        ("series", "2.2 steps a training series on average; none is cut at 5"),
    ],
)
def test_lengths_are_told_in_what_is_read(reads: str, told: str) -> None:
    data = DataReady(3, 0, 0, ("a", "b"), 2.2, 0.0, reads)
    assert lengths_sentence(data, 5) == told
    assert data.to_dict()["reads"] == reads


def test_one_batch_is_no_batches() -> None:
    stream = Stream()
    screen = PlainTraining(console_for(stream))
    screen(TrainingStarted(3, 1, 8))
    screen(TrainingStarted(3, 1_200, 80))
    assert "1 batch each" in stream.getvalue()
    assert "1,200 batches each" in stream.getvalue()
