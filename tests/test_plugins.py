"""Plugins: found, isolated, blamed; names and their conflicts."""

import importlib.metadata
import textwrap

import pytest

from seqclf import hookspecs
from seqclf.errors import PluginError, PluginUnavailableError, UsageError
from seqclf.plugins import load_plugins
from seqclf.registry import Registry

GOOD = """
import seqclf

@seqclf.architecture("{name}", summary="for tests")
def build(task, units: int = 3):
    pass

@seqclf.hookimpl
def seqclf_architectures():
    return [build]
"""


class Point(importlib.metadata.EntryPoint):
    """An entry point whose distribution is made up."""


class Distribution:
    def __init__(self, name, version):
        self.name, self.version = name, version


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install plugins that exist only as modules: installed(distribution, version, name, text)."""
    points = []
    monkeypatch.syspath_prepend(tmp_path)

    def install(distribution, version, name, text):
        module = f"{tmp_path.name}_{distribution}_{name}".replace("-", "_")
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(text))
        point = Point(name, module, "seqclf")
        vars(point).update(dist=Distribution(distribution, version))
        points.append(point)

    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: points)
    monkeypatch.delenv("SEQCLF_LOAD_PLUGINS")
    return install


def load(files=(), **environ):
    return load_plugins(files, environ)


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch):
    """Let the tests say what is installed, whatever is where they run."""
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [])


def names(plugins):
    return [entry.name for entry in Registry(plugins).architectures()]


def test_built_ins_come_first_and_through_the_hooks():
    plugins = load()
    assert {plugin.provenance.origin for plugin in plugins.all} == {"built-in"}
    assert names(plugins) == ["simple_rnn", "lstm", "gru", "stacked", "bilstm"]
    assert not plugins.complaints()


def test_entry_points_are_loaded_by_distribution_and_name(installed):
    installed("zebra", "1.0", "b", GOOD.format(name="zb"))
    installed("zebra", "1.0", "a", GOOD.format(name="za"))
    installed("ant", "2.0", "z", GOOD.format(name="az"))
    assert names(load())[5:] == ["az", "za", "zb"]


def test_a_plugin_that_fails_costs_one_sentence(installed):
    installed("broken", "0.3", "bad", "import a_module_nobody_has")
    installed("fine", "1.0", "good", GOOD.format(name="mine"))
    plugins = load()
    assert names(plugins)[5:] == ["mine"]
    assert plugins.complaints() == [
        "plugin 'bad' (broken 0.3) failed: it needs the module 'a_module_nobody_has' "
        "(pip install a_module_nobody_has)"
    ]
    with pytest.raises(PluginUnavailableError, match=r"'bad:x' is not available.*a_module_nobody"):
        Registry(plugins).architecture("bad:x")
    with pytest.raises(UsageError, match=r"not loaded, since they failed: bad"):
        Registry(plugins).architecture("something")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def f(:", "line 1 is not Python"),
        ("raise SystemExit(3)", "it ended the program with status 3"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_each_way_to_fail_has_its_words(installed, text, sentence):
    installed("broken", "0.3", "bad", text)
    (complaint,) = load().complaints()
    assert sentence in complaint


def test_strict_makes_the_first_problem_an_error(installed):
    installed("broken", "0.3", "bad", "1 / 0")
    with pytest.raises(PluginError, match="ZeroDivisionError"):
        load(SEQCLF_STRICT_PLUGINS="1")
    assert load(SEQCLF_STRICT_PLUGINS="0").failed()


def test_the_allow_list_and_the_block_list(installed):
    installed("ant", "1.0", "a", GOOD.format(name="aa"))
    installed("bee", "1.0", "b", GOOD.format(name="bb"))
    assert names(load(SEQCLF_LOAD_PLUGINS=""))[5:] == []
    assert names(load(SEQCLF_LOAD_PLUGINS="bee"))[5:] == ["bb"]
    assert names(load(SEQCLF_LOAD_PLUGINS="a, b"))[5:] == ["aa", "bb"]
    assert names(load(SEQCLF_DISABLE_PLUGINS="ant"))[5:] == ["bb"]
    assert names(load(SEQCLF_DISABLE_PLUGINS="seqclf.architectures"))[:1] == ["aa"]
    assert names(load(SEQCLF_DISABLE_PLUGINS="seqclf")) == ["aa", "bb"]
    assert not load(SEQCLF_LOAD_PLUGINS="", SEQCLF_DISABLE_PLUGINS="ant").complaints()
    blocked = load(SEQCLF_DISABLE_PLUGINS="b")
    assert [plugin.name for plugin in blocked.all if plugin.status == "disabled"] == ["b"]
    with pytest.raises(PluginUnavailableError, match="it is disabled"):
        Registry(blocked).architecture("b:bb")


@pytest.mark.parametrize("listed", ["Big.Cat", "big_cat", "SomeThing", "some thing, ant"])
def test_names_in_the_lists_are_compared_as_package_indexes_do(installed, listed):
    installed("big-cat", "1.0", "SomeThing", GOOD.format(name="aa"))
    found = listed != "some thing, ant"
    blocked = load(SEQCLF_DISABLE_PLUGINS=listed)
    assert names(blocked)[5:] == ([] if found else ["aa"])
    assert names(load(SEQCLF_LOAD_PLUGINS=listed))[5:] == (["aa"] if found else [])
    assert bool(blocked.complaints()) != found


def test_a_name_in_a_list_that_nobody_has_is_told():
    assert load(SEQCLF_DISABLE_PLUGINS="nobody").complaints() == [
        "SEQCLF_DISABLE_PLUGINS names 'nobody', but there is no such plugin"
    ]


def test_two_providers_of_a_name_are_both_named(installed):
    installed("ant", "1.0", "a", GOOD.format(name="same"))
    installed("bee", "2.0", "b", GOOD.format(name="same"))
    registry = Registry(load())
    with pytest.raises(PluginError) as caught:
        registry.architecture("same")
    assert "plugin 'a' (ant 1.0) and plugin 'b' (bee 2.0)" in str(caught.value)
    assert "write a:same or b:same" in str(caught.value)
    assert registry.architecture("b:same").name == "same"
    assert "is also given by plugin 'a' (ant 1.0)" in registry.plugins.complaints()[0]


def test_a_built_in_cannot_be_overridden(installed):
    installed("ant", "1.0", "a", GOOD.format(name="lstm"))
    registry = Registry(load())
    assert registry.find("architecture", "lstm").plugin.name == "seqclf.architectures"
    assert registry.find("architecture", "a:lstm").plugin.name == "a"
    assert "is also given by seqclf itself" in registry.plugins.complaints()[0]


def test_a_misspelt_hook_is_reported(installed):
    installed(
        "ant",
        "1.0",
        "a",
        """
        import seqclf

        @seqclf.hookimpl
        def seqclf_architecture():
            return []
        """,
    )
    (complaint,) = load().complaints()
    assert complaint == (
        "plugin 'a' (ant 1.0): there is no hook 'seqclf_architecture'; "
        "did you mean seqclf_architectures?"
    )


def test_a_hook_with_wrong_arguments_is_a_failure(installed):
    installed(
        "ant",
        "1.0",
        "a",
        """
        import seqclf

        @seqclf.hookimpl
        def seqclf_epoch_end(run, epok):
            pass
        """,
    )
    (complaint,) = load().complaints()
    assert "epok" in complaint


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("42", "seqclf_architectures must return a list; it gives 42"),
        ("['lstm']", "gave 'lstm', not what @seqclf.architecture makes"),
        ("1 / 0", "seqclf_architectures raised ZeroDivisionError"),
        (
            "[seqclf.architecture('Bad Name', summary='x')(lambda task: None)]",
            "gave the name 'Bad Name'; names are lower-case letters",
        ),
    ],
)
def test_rubbish_from_a_hook_is_reported_and_passed_over(installed, given, sentence):
    installed(
        "ant",
        "1.0",
        "a",
        f"""
        import seqclf

        @seqclf.hookimpl
        def seqclf_architectures():
            return {given}
        """,
    )
    plugins = load()
    assert names(plugins)[:2] == ["simple_rnn", "lstm"]
    (complaint,) = plugins.complaints()
    assert sentence in complaint


def test_a_file_is_a_plugin(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(GOOD.format(name="mine"))
    plugins = load([path])
    assert names(plugins)[-1] == "mine"
    provenance = plugins.all[-1].provenance
    assert (provenance.origin, provenance.file) == ("file", str(path))
    assert len(provenance.sha256) == 64


def test_a_folder_of_files_is_loaded_in_order(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.py").write_text(GOOD.format(name=f"from-{name}"))
    assert names(load(SEQCLF_PLUGINS_DIR=str(tmp_path)))[5:] == ["from-a", "from-b"]


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        (None, UsageError, "there is no plugin file"),
        ("import", PluginError, "line 1 is not Python"),
        ("x = 1", PluginError, "implements no hook; give its functions @seqclf.hookimpl"),
    ],
)
def test_a_file_asked_for_must_work(tmp_path, text, error, sentence):
    path = tmp_path / "mine.py"
    if text is not None:
        path.write_text(text)
    with pytest.raises(error, match=sentence):
        load([path])


@pytest.mark.parametrize(
    ("asked", "advice"),
    [("lstn", "did you mean 'lstm'?"), ("xyz", "there are: bilstm, gru, lstm, simple_rnn")],
)
def test_an_unknown_name_suggests_the_nearest(asked, advice):
    with pytest.raises(UsageError) as caught:
        Registry(load()).architecture(asked)
    assert advice in str(caught.value)


def test_every_hook_has_words_and_an_example():
    hooks = [name for name in dir(hookspecs) if name.startswith("seqclf_")]
    assert len(hooks) == 8
    for name in hooks:
        words = getattr(hookspecs, name).__doc__
        assert f"def {name}(" in words.partition("Example:")[2]
