"""A history as R draws it: panels, smooth lines, picture files, the terminal, the command."""

import importlib.util
import json
import math
import os
import re
import struct
import subprocess
import sys
import unicodedata
import warnings
import xml.etree.ElementTree as ElementTree

import pytest

from seqclf.cli.program import run_program
from seqclf.contracts import History
from seqclf.errors import SeqclfError, UsageError
from seqclf.plots import figure, terminal
from seqclf.plots.breaks import epoch_breaks, pretty
from seqclf.plots.loess import FEWEST, SmoothUnavailableError, smooth_line
from seqclf.plots.panels import panels
from seqclf.runs.history import write_history


def _missing(name):
    return importlib.util.find_spec(name) is None


draws_files = pytest.mark.skipif(_missing("matplotlib"), reason="Matplotlib is not installed")
draws_lines = pytest.mark.skipif(_missing("skmisc"), reason="scikit-misc is not installed")

CODE = re.compile(r"\x1b\[[0-9;]*m")
TRAINING_RGB, VALIDATION_RGB = "38;2;248;118;109", "38;2;0;191;196"

CURVES = {
    "acc": [0.55, 0.68, 0.74, 0.79, 0.83, 0.85, 0.87, 0.885, 0.9, 0.91, 0.92, 0.925],
    "loss": [0.69, 0.6, 0.52, 0.45, 0.41, 0.37, 0.33, 0.3, 0.28, 0.26, 0.24, 0.22],
    "val_acc": [0.6, 0.7, 0.76, 0.8, 0.79, 0.82, 0.83, 0.82, 0.84, 0.83, 0.835, 0.83],
    "val_loss": [0.66, 0.57, 0.5, 0.46, 0.47, 0.43, 0.42, 0.44, 0.45, 0.46, 0.48, 0.5],
}


def history(epochs=12, *, planned=None, validation=True, **changed):
    """Give a history in the order of Keras 3 and R: acc, loss, val_acc, val_loss."""
    curves = {
        name: values
        for name, values in (CURVES | changed).items()
        if validation or not name.startswith("val_")
    }
    rows = [{name: values[epoch] for name, values in curves.items()} for epoch in range(epochs)]
    return History(rows, {} if planned is None else {"epochs": planned})


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)


# Facts of R: `ggplot_build(plot(history))` for three epochs, keras3 1.5.1.9000, ggplot2 3.4.1.
R_FACTS = {
    "panels": ["acc", "loss"],
    "colours_fill": ["#F8766D", "#00BFC4"],
    "legend": ["training", "validation"],
    "x_breaks": [1, 2, 3],
    "x": "epoch",
    "legend_title": "data",
}


class TestPanels:
    def test_three_epochs_are_what_r_draws(self):
        from seqclf.plots.panels import COLOURS

        plot = panels(history(3))
        assert [panel.metric for panel in plot.panels] == R_FACTS["panels"]
        assert list(COLOURS) == R_FACTS["legend"]
        assert list(COLOURS.values()) == R_FACTS["colours_fill"]
        for panel in plot.panels:
            assert [series.data for series in panel.series] == R_FACTS["legend"]
        assert not plot.has_lines  # R's one layer is the points
        assert plot.panels[1].series[1].points == ((1, 0.66), (2, 0.57), (3, 0.5))

    def test_panels_stand_in_the_history_s_order(self):
        run = History([{"loss": 1.0, "accuracy": 0.5, "val_loss": 1.1, "val_accuracy": 0.4}])
        assert [panel.metric for panel in panels(run).panels] == ["loss", "accuracy"]
        asked = panels(run, ["accuracy", "loss"])
        assert [panel.metric for panel in asked.panels] == ["loss", "accuracy"]
        assert [panel.metric for panel in panels(run, "accuracy").panels] == ["accuracy"]

    @draws_lines
    @pytest.mark.parametrize(
        ("finished", "planned", "smooth", "lines"),
        [
            (9, 9, True, False),
            (10, 10, True, True),
            (12, 12, False, False),
            (8, 10, True, True),
            (9, 12, True, True),
            (7, 20, True, True),
            (6, 20, True, False),
            (1, 20, True, False),
        ],
    )
    def test_lines_are_drawn_when_ten_epochs_were_planned(self, finished, planned, smooth, lines):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            plot = panels(history(finished, planned=planned), smooth=smooth)
        assert plot.has_lines is lines
        assert plot.epochs == planned

    def test_without_validation_data_there_is_one_series(self):
        plot = panels(history(3, validation=False))
        assert not plot.validation
        assert [len(panel.series) for panel in plot.panels] == [1, 1]

    def test_values_that_are_no_number_have_no_point(self):
        loss = [0.7, math.nan, math.inf, 0.4]
        series = panels(history(4, loss=loss)).panels[1].series[0]
        assert series.points == ((1, 0.7), (4, 0.4))
        assert series.not_finite == (2, 3)

    def test_a_metric_that_some_epochs_did_not_measure(self):
        run = History([{"loss": 1.0}, {"loss": 0.5, "val_loss": 0.6}, {"loss": 0.4}])
        training, validation = panels(run).panels[0].series
        assert len(training.points) == 3
        assert validation.points == ((2, 0.6),)
        assert validation.not_finite == ()

    @pytest.mark.parametrize(
        ("metrics", "sentence"),
        [
            ("los", "there is no metric 'los'; did you mean 'loss'?"),
            (["acc", "val_loss"], "there is no metric 'val_loss'; did you mean 'loss'?"),
            ([], "metrics names no metric to plot; there are: acc, loss"),
        ],
    )
    def test_metrics_that_are_not_there(self, metrics, sentence):
        with pytest.raises(UsageError) as caught:
            panels(history(3), metrics)
        assert str(caught.value) == sentence

    def test_a_history_without_epochs(self):
        with pytest.raises(SeqclfError, match="nothing to plot: no epoch was finished"):
            panels(History([]))


class TestBreaks:
    # R: for (n in …) { b <- pretty(c(1, n)); print(b[b %% 1 == 0 & b >= 1 & b <= n]) }
    @pytest.mark.parametrize(
        ("last", "expected"),
        [
            (2, [1, 2]),
            (3, R_FACTS["x_breaks"]),
            (5, [1, 2, 3, 4, 5]),
            (7, [1, 2, 3, 4, 5, 6, 7]),
            (10, [2, 4, 6, 8, 10]),
            (12, [2, 4, 6, 8, 10, 12]),
            (25, [5, 10, 15, 20, 25]),
            (64, [10, 20, 30, 40, 50, 60]),
            (100, [20, 40, 60, 80, 100]),
            (150, [50, 100, 150]),
        ],
    )
    def test_epochs_are_r_s_whole_breaks(self, last, expected):
        assert epoch_breaks(last) == expected

    # R: pretty(c(low, high))
    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [
            (0.53, 0.94, [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
            (0.2, 0.7, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]),
            (1e-9, 3e-9, [1e-9, 1.5e-9, 2e-9, 2.5e-9, 3e-9]),
            (-3, 1200, [-200, 0, 200, 400, 600, 800, 1000, 1200]),
            (0.6999, 0.7, [0.6999, 0.69992, 0.69994, 0.69996, 0.69998, 0.7]),
        ],
    )
    def test_pretty_is_r_s(self, low, high, expected):
        assert pretty(low, high) == pytest.approx(expected, rel=1e-12)


@draws_lines
class TestLoess:
    # R 4.2.2:
    #   v <- c(0.69, 0.6, 0.52, 0.45, 0.41, 0.37, 0.33, 0.35, 0.28, 0.31)
    #   d <- data.frame(epoch = 1:10, value = v)
    #   predict(loess(value ~ epoch, d))
    VALUES = (0.69, 0.6, 0.52, 0.45, 0.41, 0.37, 0.33, 0.35, 0.28, 0.31)
    R_FITTED = (
        *(0.691202145220, 0.597703290304, 0.518716198728, 0.453867202295, 0.407679678623),
        *(0.365359357246, 0.346242249638, 0.321070579336, 0.307233218148, 0.301092921594),
    )
    #   predict(loess(value ~ epoch, d[-c(4, 7), ]), data.frame(epoch = 1:10))
    R_FITTED_WITH_GAPS = (
        *(0.690200078322, 0.598988912509, 0.521704302553, 0.457431013574, 0.407385853946),
        *(0.375869130302, 0.348538910969, 0.327153441033, 0.310053657204, 0.298919577389),
    )
    #   predict(loess(value ~ epoch, d), data.frame(epoch = seq(1, 10, length.out = 80)))
    R_LINE = ((1, 0.691202145220), (2, 0.679823814236), (40, 0.387367607795), (80, 0.301092921594))
    # R 4.2.2, ggplot2 3.4.1: ggplot_build(ggplot(…) + geom_smooth(method = "loess"))$data of
    # CURVES' twelve epochs, "acc" of training, rows 1, 2, 40, 80.
    GGPLOT = ((1, 0.562600267462), (2, 0.577319281832), (40, 0.860736893095), (80, 0.925298047164))

    def test_ten_epochs_are_r_s_numbers(self):
        line = smooth_line(range(1, 11), self.VALUES, points=10)
        assert [place for place, _ in line] == pytest.approx(range(1, 11))
        assert [value for _, value in line] == pytest.approx(self.R_FITTED, abs=1e-9)

    def test_epochs_without_a_value_are_passed_over_as_in_r(self):
        kept = [epoch for epoch in range(1, 11) if epoch not in (4, 7)]
        values = [self.VALUES[epoch - 1] for epoch in kept]
        line = smooth_line(kept, values, points=10)
        assert [value for _, value in line] == pytest.approx(self.R_FITTED_WITH_GAPS, abs=1e-9)

    def test_the_line_has_ggplot_s_eighty_points(self):
        line = smooth_line(range(1, 11), self.VALUES)
        assert len(line) == 80
        for row, value in self.R_LINE:
            assert line[row - 1][1] == pytest.approx(value, abs=1e-9)
        drawn = panels(history(12)).panels[0].series[0].line
        for row, value in self.GGPLOT:
            assert drawn[row - 1][1] == pytest.approx(value, abs=1e-9)

    def test_the_fewest_points_give_r_s_line(self):
        # R: predict(loess(value ~ epoch, d[1:7, ])) goes through the points.
        line = smooth_line(range(1, 8), self.VALUES[:7], points=7)
        assert [value for _, value in line] == pytest.approx(self.VALUES[:7], abs=1e-9)

    @pytest.mark.parametrize("count", range(FEWEST))
    def test_too_few_points_give_no_line(self, count):
        assert smooth_line(range(1, count + 1), [0.5] * count) == ()

    @pytest.mark.parametrize("value", [0.0, 0.5, 1e12])
    def test_a_metric_that_does_not_move_gives_a_level_line(self, value):
        line = smooth_line(range(1, 11), [value] * 10)
        assert [smoothed for _, smoothed in line] == pytest.approx([value] * 80)


@draws_files
@draws_lines
class TestFigure:
    def test_the_axes_are_r_s(self):
        drawn = figure.draw(history(3))
        top, bottom = drawn.axes
        assert [axes.get_ylabel() for axes in drawn.axes] == R_FACTS["panels"]
        assert bottom.get_xlabel() == R_FACTS["x"]
        assert list(bottom.get_xticks()) == R_FACTS["x_breaks"]
        assert top.get_xlim() == bottom.get_xlim()
        assert top.get_ylim() != bottom.get_ylim()  # each panel has its own scale
        legend = drawn.legends[0]
        assert legend.get_title().get_text() == R_FACTS["legend_title"]
        assert [text.get_text() for text in legend.get_texts()] == R_FACTS["legend"]
        for axes in drawn.axes:
            filled = [line.get_markerfacecolor() for line in axes.get_lines()]
            assert filled == R_FACTS["colours_fill"]  # two layers of points, no lines
            assert {line.get_markeredgecolor() for line in axes.get_lines()} == {"black"}

    def test_an_interrupted_run_s_axis_reaches_to_the_planned_epochs(self):
        axes = figure.draw(history(5, planned=20)).axes[-1]
        assert axes.get_xlim() == pytest.approx((0.05, 20.95))  # ggplot2's x.range
        assert list(axes.get_xticks()) == [5, 10, 15, 20]

    def test_from_ten_epochs_on_each_series_has_a_line_in_its_colour(self):
        for axes in figure.draw(history(12)).axes:
            lines = [line for line in axes.get_lines() if line.get_linestyle() != "None"]
            assert [line.get_color() for line in lines] == R_FACTS["colours_fill"]
        assert all(
            len(axes.get_lines()) == 2 for axes in figure.draw(history(12), smooth=False).axes
        )

    def test_without_validation_data_points_are_unfilled_and_there_is_no_legend(self):
        drawn = figure.draw(history(12, validation=False))
        assert drawn.legends == []
        points, line = drawn.axes[0].get_lines()
        assert points.get_markerfacecolor() == "none"
        assert line.get_color() == "#3366FF"

    def test_black_and_white_tells_the_data_apart_by_shape_and_dashes(self):
        lines = figure.draw(history(12), theme_bw=True).axes[0].get_lines()
        assert {line.get_marker() for line in lines} == {"o", "^", "None"}
        assert len({line.get_linestyle() for line in lines}) == 3  # none, solid, dashed
        colours = {line.get_color() for line in lines if line.get_linestyle() != "None"}
        assert colours == {"#787878"}

    def test_metrics_choose_panels(self):
        assert len(figure.draw(history(3), metrics="loss").axes) == 1
        with pytest.raises(UsageError, match="there is no metric 'los'"):
            figure.draw(history(3), "los")

    @pytest.mark.parametrize(
        "run",
        [
            history(1),
            history(1, validation=False),
            history(4, loss=[math.nan] * 4, val_loss=[math.inf] * 4),
            history(10, acc=[0.5] * 10, val_acc=[0.0] * 10),
            History([{f"metric_{n}": float(n) for n in range(12)}] * 3),
            History([{"a$b": 1e-9}, {"a$b": 2e30}]),
        ],
    )
    def test_every_history_can_be_drawn_without_a_warning(self, run, tmp_path):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure.save(figure.draw(run), tmp_path / "curves.png")
        assert (tmp_path / "curves.png").stat().st_size > 1000

    def test_it_does_without_pyplot_and_its_state(self):
        code = (
            "import sys; from seqclf.contracts import History; from seqclf.plots import figure;"
            "from pathlib import Path;"
            "figure.save(figure.draw(History([{'loss': 1.0}])), Path('x.png'));"
            "print('matplotlib.pyplot' in sys.modules)"
        )
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert found.stdout == "False\n"
        assert found.stderr == ""


@draws_files
@draws_lines
class TestFiles:
    def test_a_png_has_the_figure_s_size(self, tmp_path):
        figure.save(figure.draw(history(12)), tmp_path / "curves.png")
        content = (tmp_path / "curves.png").read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", content[16:24]) == (7 * 150, 5 * 150)

        from matplotlib.image import imread

        pixels = (imread(tmp_path / "curves.png")[:, :, :3] * 255).round().astype(int)
        colours = {tuple(pixel) for pixel in pixels.reshape(-1, 3).tolist()}
        assert {(248, 118, 109), (0, 191, 196)} <= colours

    def test_an_svg_says_its_words_and_colours(self, tmp_path):
        figure.save(figure.draw(history(12)), tmp_path / "curves.SVG")
        content = (tmp_path / "curves.SVG").read_text(encoding="utf-8")
        words = {text.text for text in ElementTree.fromstring(content).iter() if text.text}
        assert {"acc", "loss", "epoch", "data", "training", "validation"} <= words
        assert "#f8766d" in content
        assert "#00bfc4" in content

    def test_a_pdf_is_one(self, tmp_path):
        figure.save(figure.draw(history(12)), tmp_path / "curves.pdf")
        content = (tmp_path / "curves.pdf").read_bytes()
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")

    @pytest.mark.parametrize("suffix", figure.SUFFIXES)
    def test_two_drawings_have_the_same_bytes(self, suffix, tmp_path):
        code = (
            "import json, sys; from pathlib import Path; from seqclf.contracts import History;"
            "from seqclf.plots import figure;"
            "figure.save(figure.draw(History(json.loads(sys.argv[1]))), Path(sys.argv[2]))"
        )
        figure.save(figure.draw(history(10)), tmp_path / f"one{suffix}")
        subprocess.run(
            [sys.executable, "-c", code, json.dumps(history(10).epochs), f"two{suffix}"],
            check=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1"},
        )
        first = (tmp_path / f"one{suffix}").read_bytes()
        assert first == (tmp_path / f"two{suffix}").read_bytes()
        assert b"Date" not in first

    def test_a_file_that_is_there_is_replaced(self, tmp_path):
        (tmp_path / "curves.svg").write_text("old")
        figure.save(figure.draw(history(3)), tmp_path / "curves.svg")
        assert "<svg" in (tmp_path / "curves.svg").read_text(encoding="utf-8")
        assert os.listdir(tmp_path) == ["curves.svg"]

    def test_a_failure_leaves_the_old_file_and_nothing_else(self, tmp_path, monkeypatch):
        (tmp_path / "curves.svg").write_text("old")
        drawn = figure.draw(history(3))

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("pathlib.Path.replace", full)
        with pytest.raises(SeqclfError, match=r"curves\.svg cannot be written: No space left"):
            figure.save(drawn, tmp_path / "curves.svg")
        assert (tmp_path / "curves.svg").read_text() == "old"
        assert os.listdir(tmp_path) == ["curves.svg"]


def width(line):
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


@draws_lines
class TestTerminal:
    @pytest.mark.parametrize("unicode", [True, False])
    @pytest.mark.parametrize("columns", [20, 40, 60, 80, 120, 200])
    def test_it_fills_the_width_and_no_more(self, columns, unicode):
        lines = terminal.draw(history(12), width=columns, height=24, unicode=unicode).split("\n")
        drawn = [line for line in lines if line[:1] in " 0123456789"]
        assert max(map(width, drawn)) == columns
        if columns >= 40:
            assert max(map(width, lines)) == columns
        assert len(lines) <= 24
        assert {"acc", "loss"} <= set(lines)

    def test_points_stand_where_they_belong(self):
        run = History([{"loss": 1.0}, {"loss": 0.75}, {"loss": 0.5}])
        lines = terminal.draw(run, width=40, height=14, unicode=False).split("\n")
        points = [
            (row, column)
            for row, line in enumerate(lines[1:-3])  # between the name and the floor
            for column, character in enumerate(line)
            if character == "o"
        ]
        assert len(points) == 3
        (top, left), (middle, centre), (bottom, right) = points
        assert top == 0
        assert bottom == len(lines) - 5
        assert abs(middle - (top + bottom) / 2) <= 0.5
        assert abs(centre - (left + right) / 2) <= 0.5
        numbers = lines[-2]
        assert [numbers.index(n) for n in "123"] == [left, centre, right]
        assert lines[1].startswith("1.0 +")
        assert lines[-1].strip() == "epoch"

    def test_colours_are_r_s(self):
        drawn = terminal.draw(history(12), colour=True)
        assert f"\x1b[{TRAINING_RGB}m●" in drawn
        assert f"\x1b[{VALIDATION_RGB}m×" in drawn
        plain = terminal.draw(history(3), colour=False)
        assert "\x1b" not in plain
        assert CODE.sub("", terminal.draw(history(3), colour=True)) == plain

    def test_markers_tell_the_data_apart_without_colour(self):
        lines = terminal.draw(history(3), unicode=False).split("\n")
        assert lines[0].startswith("o training  x validation")
        panel = "".join(lines[2:9])
        assert "o" in panel
        assert "x" in panel

    def test_two_points_in_one_cell_are_told(self):
        run = History([{"loss": 1.0, "val_loss": 1.0}, {"loss": 0.5, "val_loss": 0.75}])
        lines = terminal.draw(run).split("\n")
        assert lines[0] == "● training  × validation  * both"
        assert "*" in lines[2]

    def test_ascii_is_ascii(self):
        for run in (history(12), history(1), history(12, validation=False)):
            assert terminal.draw(run, unicode=False).isascii()
        drawn = terminal.draw(history(12), unicode=False)
        assert "..o" in drawn
        assert "::x" in drawn

    def test_lines_only_from_ten_epochs_on(self):
        def dots(drawn):
            return [each for each in drawn if "\u2801" <= each <= "\u28ff"]

        assert dots(terminal.draw(history(10)))
        assert not dots(terminal.draw(history(9)))
        assert not dots(terminal.draw(history(10), smooth=False))

    def test_without_validation_data_there_is_no_legend(self):
        drawn = terminal.draw(history(3, validation=False), colour=True)
        assert drawn.startswith("acc\n")
        assert "\x1b" not in drawn
        assert "×" not in drawn

    @pytest.mark.parametrize(
        "run",
        [
            history(1),
            history(12, acc=[0.5] * 12, val_acc=[0.5] * 12),
            History([{"loss": 0.0}] * 11),
            History([{"loss": -1e30}, {"loss": 1e30}]),
            History([{"loss": 1.0}, {"loss": 1.0 + 1e-16}, {"loss": 1.0 - 1e-16}]),
            History([{"loss": 5e-324}, {"loss": 1e-300}]),
            History([{f"metric_{n}": float(n) for n in range(12)}] * 3),
            History([{"loss": 1 / (1 + n)} for n in range(3000)]),
        ],
    )
    @pytest.mark.parametrize("columns", [1, 40, 80])
    def test_odd_histories(self, run, columns):
        drawn = terminal.draw(run, width=columns, height=1)
        assert any(point in drawn for point in "●×*")
        if columns >= 40:
            assert max(map(width, drawn.split("\n"))) <= columns

    def test_a_metric_without_a_finite_value_says_so(self):
        drawn = terminal.draw(History([{"loss": math.nan, "mae": 1.0}] * 2))
        assert "no finite value" in drawn

    def test_a_metric_s_name_cannot_steer_the_terminal(self):
        assert "\x1b" not in terminal.draw(History([{"\x1b[31mloss": 1.0}]))


class TestMissingLibraries:
    @draws_lines
    def test_without_matplotlib(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
        with pytest.raises(SeqclfError) as caught:
            figure.draw(history(3))
        assert str(caught.value).endswith("needs Matplotlib; pip install 'seqclf[plot]'")
        assert "●" in terminal.draw(history(12))

    def test_without_scikit_misc_only_lines_are_missing(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "skmisc.loess", None)
        with pytest.raises(
            SmoothUnavailableError, match=r"scikit-misc.*pip install 'seqclf\[plot\]'"
        ):
            panels(history(12))
        assert not panels(history(12), smooth=False).has_lines
        assert not panels(history(9)).has_lines


def make_run(folder, run, planned):
    """Write the few files of a run that a plot needs; its plugins are gone."""
    folder.mkdir(parents=True)
    state = {"status": "complete", "started": "2026-01-01T00:00:00+00:00", "arch": "gone"}
    (folder / "run.json").write_text(json.dumps(state))
    (folder / "config.toml").write_text(f'dataset = "gone"\narch = "gone"\nepochs = {planned}\n')
    write_history(folder / "history.csv", run)
    (folder / "model.keras").write_bytes(b"")
    return folder


@pytest.fixture
def seqclf(capsys):
    def run(*arguments):
        capsys.readouterr()
        status = run_program(["plot", *(str(argument) for argument in arguments)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return run


@pytest.fixture
def twelve(tmp_path):
    return make_run(tmp_path / "runs" / "twelve", history(12), 12)


@pytest.fixture
def three(tmp_path):
    return make_run(tmp_path / "runs" / "three", history(3), 3)


class TestCommand:
    def test_off_a_terminal_it_draws_80_columns_without_escape_codes(self, seqclf, three):
        status, out, err = seqclf("three")
        assert (status, err) == (0, "")
        lines = out.splitlines()
        assert max(map(width, lines)) == 80
        assert lines[0].startswith("● training  × validation")
        assert "\x1b" not in out

    @pytest.mark.parametrize("reference", ["three", "last", "runs/three"])
    def test_a_run_by_name_by_folder_and_the_last_one(self, seqclf, three, reference):
        assert seqclf(reference) == seqclf("three")
        assert seqclf("three", "--out", "runs")[0] == 0

    def test_a_real_run(self, seqclf, whole):
        status, out, err = seqclf(whole.name, "--json")
        assert (status, err) == (0, "")
        found = json.loads(out)
        assert [panel["metric"] for panel in found["panels"]] == ["loss", "accuracy"]
        assert [series["data"] for series in found["panels"][0]["series"]] == [
            "training",
            "validation",
        ]

    def test_colour_and_no_color(self, seqclf, three, monkeypatch):
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLORTERM", "truecolor")
        monkeypatch.setenv("TERM", "xterm-256color")
        assert f"\x1b[{TRAINING_RGB}m●" in seqclf("three")[1]
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b" not in seqclf("three")[1]

    def test_few_colours_get_the_nearest(self, three):
        found = subprocess.run(
            [sys.executable, "-m", "seqclf", "plot", "three"],
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "FORCE_COLOR": "1", "TERM": "xterm", "PYTHONUTF8": "1"},
            check=True,
        )
        assert "\x1b[" in found.stdout
        assert "38;2" not in found.stdout

    @pytest.mark.parametrize("columns", ["40", "120"])
    def test_columns_are_honoured(self, seqclf, three, monkeypatch, columns):
        monkeypatch.setenv("COLUMNS", columns)
        assert max(map(width, seqclf("three")[1].splitlines())) == int(columns)

    def test_a_terminal_without_unicode(self, three):
        environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        found = subprocess.run(
            [sys.executable, "-m", "seqclf", "plot", "three"],
            capture_output=True,
            env=environment,
            check=True,
        )
        assert found.stdout.decode("ascii").startswith("o training  x validation")

    def test_nothing_heavy_is_imported(self, three):
        code = (
            "import sys; from seqclf.cli.program import run_program;"
            "status = run_program(['plot', 'three']);"
            "heavy = ['keras', 'tensorflow', 'matplotlib', 'numpy', 'skmisc', 'seqclf.training'];"
            "print(status, [name for name in heavy if name in sys.modules], file=sys.stderr)"
        )
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert found.stderr == "0 []\n"

    @draws_lines
    def test_json_is_one_document_with_points_and_lines(self, seqclf, twelve):
        status, out, err = seqclf("twelve", "--json", "--metrics", "loss")
        assert (status, err) == (0, "")
        found = json.loads(out)
        assert (found["run"], found["file"], found["epochs"]) == ("twelve", None, 12)
        (panel,) = found["panels"]
        training = panel["series"][0]
        assert panel["metric"] == "loss"
        assert training["points"][:2] == [[1, 0.69], [2, 0.6]]
        assert len(training["line"]) == 80
        assert (
            json.loads(seqclf("twelve", "--json", "--no-smooth")[1])["panels"][0]["series"][0][
                "line"
            ]
            == []
        )

    @draws_files
    @draws_lines
    def test_a_file_is_drawn_and_named(self, seqclf, twelve, tmp_path):
        status, out, err = seqclf("twelve", "-o", "curves.svg")
        assert (status, out, err) == (0, "curves.svg\n", "")
        svg = (tmp_path / "curves.svg").read_text(encoding="utf-8")
        assert ">acc<" in svg
        assert ">loss<" in svg
        status, out, _ = seqclf("twelve", "-o", "other.png", "--json", "--size", "4x3")
        assert status == 0
        assert json.loads(out)["file"] == "other.png"
        size = struct.unpack(">II", (tmp_path / "other.png").read_bytes()[16:24])
        assert size == (600, 450)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["thre"], "there is no run 'thre'; did you mean 'three'?"),
            (["three", "-o", "curves.gif"], "'curves.gif' cannot be drawn: its name must end in"),
            (["three", "-o", "curves"], "must end in .png, .svg or .pdf"),
            (["three", "--metrics", "los"], "there is no metric 'los'; did you mean 'loss'?"),
            (["three", "--size", "7x5"], "--size goes with -o FILE"),
            (["three", "-o", "x.png", "--size", "7"], "--size must be WIDTHxHEIGHT, in inches"),
            (["three", "-o", "x.png", "--size", "0x5"], "--size must be WIDTHxHEIGHT, in inches"),
            (["three", "-o", "x.png", "--size", "7x51"], "from 1 to 50, not '7x51'"),
        ],
    )
    def test_mistakes(self, seqclf, three, tmp_path, arguments, sentence):
        status, out, err = seqclf(*arguments)
        assert (status, out) == (2, "")
        assert sentence in err
        assert len(err.splitlines()) == 1
        assert os.listdir(tmp_path) == ["runs"]

    @draws_files
    def test_a_folder_that_is_not_there(self, seqclf, three):
        status, out, err = seqclf("three", "-o", "none/curves.png")
        assert (status, out) == (1, "")
        assert err.startswith("seqclf: none/curves.png cannot be written: No such file")
        assert len(err.splitlines()) == 1

    @draws_files
    def test_a_folder_in_the_file_s_place(self, seqclf, three, tmp_path):
        (tmp_path / "curves.png").mkdir()
        status, _, err = seqclf("three", "-o", "curves.png")
        assert status == 1
        assert "curves.png cannot be written" in err
        assert sorted(os.listdir(tmp_path)) == ["curves.png", "runs"]

    def test_values_that_are_no_number_are_told(self, seqclf, tmp_path):
        loss = [0.7, math.nan, math.inf]
        make_run(tmp_path / "runs" / "odd", history(3, loss=loss), 3)
        status, out, err = seqclf("odd")
        assert status == 0
        assert err == (
            "note: loss (training) is no finite number in epoch 2, 3: there is no point\n"
        )
        status, out, _ = seqclf("odd", "--json")
        json.loads(out, parse_constant=pytest.fail)

    @pytest.mark.parametrize(
        ("damage", "sentence"),
        [
            (lambda run: (run / "history.csv").unlink(), "history.csv is missing"),
            (lambda run: (run / "history.csv").write_text("epoch\nx\n"), "damaged or cut short"),
            (lambda run: write_history(run / "history.csv", History()), "nothing to plot"),
            (lambda run: (run / "config.toml").unlink(), "config.toml is damaged or missing"),
            (lambda run: (run / "run.json").unlink(), "is not a run"),
        ],
    )
    def test_a_run_that_is_not_whole(self, seqclf, three, damage, sentence):
        damage(three)
        status, out, err = seqclf(three)
        assert (status, out) == (1, "")
        assert sentence in err
        assert len(err.splitlines()) == 1

    def test_without_matplotlib(self, seqclf, three, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
        status, out, err = seqclf("three", "-o", "curves.png")
        assert (status, out) == (1, "")
        assert err == "seqclf: drawing a picture needs Matplotlib; pip install 'seqclf[plot]'\n"
        assert os.listdir(tmp_path) == ["runs"]
        assert seqclf("three")[0] == 0

    def test_without_scikit_misc_the_points_are_drawn(self, seqclf, twelve, monkeypatch):
        monkeypatch.setitem(sys.modules, "skmisc.loess", None)
        status, out, err = seqclf("twelve")
        assert status == 0
        assert "●" in out
        assert err == "note: the smooth line needs scikit-misc: pip install 'seqclf[plot]'\n"
        assert seqclf("twelve", "--no-smooth") == (0, out, "")

    @draws_files
    def test_without_scikit_misc_no_file_lacks_its_lines(self, seqclf, twelve, monkeypatch):
        monkeypatch.setitem(sys.modules, "skmisc.loess", None)
        status, _, err = seqclf("twelve", "-o", "curves.png")
        assert status == 1
        assert "pip install 'seqclf[plot]', or leave the line out: --no-smooth" in err
        assert not os.path.exists("curves.png")
        assert seqclf("twelve", "-o", "curves.png", "--no-smooth")[0] == 0

    def test_runs_are_completed(self, three):
        environment = {
            **os.environ,
            "_SEQCLF_COMPLETE": "bash_complete",
            "COMP_WORDS": "seqclf plot t",
            "COMP_CWORD": "2",
        }
        found = subprocess.run(
            [sys.executable, "-m", "seqclf"], capture_output=True, text=True, env=environment
        )
        assert "three" in found.stdout
