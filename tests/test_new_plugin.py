"""`seqclf new-plugin`: what it writes installs, is listed, trains and passes its own tests."""

import configparser
import errno
import importlib.metadata
import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from glob import glob
from pathlib import Path

import pytest

from seqclf.scaffold.material import KINDS, LICENCES
from seqclf.scaffold.names import LONGEST

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = {"architecture": "moon", "dataset": "deep-sea", "encoder": "seqclf-marks"}


@pytest.fixture(autouse=True)
def _no_name_in_git(monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


class Author:
    """A plugin author at a shell, in a virtual environment that sees seqclf and what it needs."""

    def __init__(self, home):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "venv"], check=True)
        (purelib,) = (home / "venv").glob("lib/python*/site-packages")
        packages = sysconfig.get_path("purelib")
        (purelib / "seqclf-surroundings.pth").write_text(
            f"import site; site.addsitedir({packages!r})\n"
        )
        script = home / "venv" / "bin" / "seqclf"
        script.write_text(f"#!{home}/venv/bin/python\nfrom seqclf.cli import main\nmain()\n")
        script.chmod(0o755)
        unwanted = ("SEQCLF_", "PIP_", "PYTEST_", "PYTHON")
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(unwanted)},
            "PATH": f"{home}/venv/bin{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "SEQCLF_CACHE_DIR": str(home / "cache"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            **_building(),
        }
        self.folder = home

    def types(self, *lines):
        return subprocess.run(
            ["sh", "-e", "-c", "\n".join(lines)],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
        )


def _building():
    """Build with the setuptools at hand where it can; pip fetches its own otherwise."""
    if importlib.util.find_spec("setuptools") and importlib.util.find_spec("wheel"):
        return {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}
    return {}


@pytest.fixture(scope="module")
def author(tmp_path_factory):
    if os.name == "nt":
        pytest.skip("the commands are typed into a POSIX shell here")
    return Author(tmp_path_factory.mktemp("author"))


@pytest.fixture(scope="module")
def written(author):
    """Write and install a plugin of each kind; kind to the commands it said to type."""
    commands = {}
    for kind, name in PLUGINS.items():
        got = author.types(f"seqclf new-plugin {name} --kind {kind}")
        assert got.returncode == 0, got.stderr
        assert all((author.folder / line).is_file() for line in got.stdout.splitlines())
        commands[kind] = [line[2:] for line in got.stderr.splitlines() if line.startswith("  ")]
        installed = author.types(*commands[kind][:2])
        assert installed.returncode == 0, installed.stderr
    return commands


@pytest.mark.long
@pytest.mark.train
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_installed_and_listed(author, written, kind):
    got = author.types("seqclf plugins --json")
    assert got.stderr == ""
    plugins = {plugin["name"]: plugin for plugin in json.loads(got.stdout)}
    name = {"architecture": "moon", "dataset": "deep_sea", "encoder": "marks"}[kind]
    plugin = plugins[name]
    assert plugin["from"] == f"seqclf-{name.replace('_', '-')} 0.1.0"
    assert plugin["status"] == "loaded"
    assert plugin["gives"] == [f"{kind} {name}"]
    assert plugin["problems"] == []


@pytest.mark.long
@pytest.mark.train
def test_they_train_together(author, written):
    """One run of all three, since loading TensorFlow takes most of the time of each."""
    run = "seqclf run deep_sea --arch moon --tokenizer marks --epochs 1 --name first"
    got = author.types(run)
    assert got.returncode == 0, got.stderr
    assert "accuracy" in got.stdout
    state = json.loads((author.folder / "runs" / "first" / "run.json").read_text())
    for kind, (into, _, command, *_) in written.items():
        assert f"cd {state['plugins'][kind]['distribution']}" == into
        name = state["plugins"][kind]["plugin"]
        assert command.split()[:2] == ["seqclf", "run"]
        assert name in command.split()


@pytest.mark.long
@pytest.mark.train
@pytest.mark.parametrize("kind", KINDS)
def test_what_it_says_to_type_tests_it(author, written, kind):
    into, _, _, tests, check = written[kind]
    got = author.types(into, tests)
    assert got.returncode == 0, got.stdout + got.stderr
    assert re.search(r" [5-9] passed in ", got.stdout), got.stdout
    assert re.fullmatch(r"seqclf plugins check \w+", check)
    if kind != "architecture":  # whose tests have just done the same, which takes long
        got = author.types(check)
        assert got.returncode == 0, got.stdout + got.stderr
        assert "failed" not in got.stdout


@pytest.mark.long
@pytest.mark.train
def test_its_tests_notice_what_is_broken(author, written):
    """The written suite is one that can fail."""
    folder = author.folder / "seqclf-marks"
    source = folder / "seqclf_marks" / "encoder.py"
    text = source.read_text()
    for good, broken in (("FIRST = 2", "FIRST = 0"), ('"lower": self.lower', '"lower": None')):
        assert good in text
        try:
            source.write_text(text.replace(good, broken))
            got = author.types("cd seqclf-marks", "python -m pytest -x -k 'not network'")
        finally:
            source.write_text(text)
        assert got.returncode == 1, got.stdout


def new(seqclf, *arguments):
    status, out, err = seqclf("new-plugin", *arguments, "--json")
    assert status == 0, err
    return json.loads(out)


@pytest.mark.parametrize(
    ("typed", "plugin", "distribution", "package"),
    [
        ("moon", "moon", "seqclf-moon", "seqclf_moon"),
        ("seqclf-moon", "moon", "seqclf-moon", "seqclf_moon"),
        ("seqclf_moon", "moon", "seqclf-moon", "seqclf_moon"),
        ("deep-moon2", "deep_moon2", "seqclf-deep-moon2", "seqclf_deep_moon2"),
        ("deep_moon", "deep_moon", "seqclf-deep-moon", "seqclf_deep_moon"),
        ("match", "match", "seqclf-match", "seqclf_match"),
    ],
)
def test_one_word_gives_all_names(seqclf, typed, plugin, distribution, package):
    made = new(seqclf, typed)
    assert [made[key] for key in ("name", "distribution", "package")] == [
        plugin,
        distribution,
        package,
    ]
    setup = configparser.ConfigParser()
    setup.read(f"{distribution}/setup.cfg")
    assert setup["metadata"]["name"] == distribution
    assert setup["options.entry_points"]["seqclf"].strip() == f"{plugin} = {package}"
    assert Path(distribution, package, "__init__.py").is_file()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Moon", "'Moon' cannot be a plugin's name"),
        ("Moon", "a letter first; such as moon"),
        ("2moons", "such as moons"),
        ("full moon", "such as full-moon"),
        ("a.b", "such as a-b"),
        ("a--b", "such as a-b"),
        ("moon-", "such as moon"),
        ("../moon", "cannot be a plugin's name"),
        ("möön", "cannot be a plugin's name"),
        ("seqclf-", "cannot be a plugin's name"),
        ("", "cannot be a plugin's name"),
        ("moon\n", "cannot be a plugin's name"),
        ("lambda", "it is a word of Python's own; write more, such as my-lambda"),
        ("seqclf-import", "'import' cannot be a plugin's name"),
        ("m" * (LONGEST + 1), f"{LONGEST + 1} characters, at most {LONGEST}"),
        ("lstm", "is taken: seqclf itself (seqclf.architectures) gives the architecture 'lstm'"),
        ("simple-rnn", "gives the architecture 'simple_rnn'"),
        ("reviews", "gives the dataset 'reviews'"),
        ("word", "gives the encoder 'word'"),
        ("seqclf-seqclf", "the name 'seqclf' is taken: it is that of seqclf itself"),
    ],
)
def test_a_name_that_cannot_be_is_one_sentence(seqclf, tmp_path, name, sentence):
    status, out, err = seqclf("new-plugin", name)
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


class Point(importlib.metadata.EntryPoint):
    """An entry point whose distribution is made up."""


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("luna", "it is that of plugin 'luna' (seqclf-selene 1.0)"),
        ("selene", "it is that of plugin 'luna' (seqclf-selene 1.0)"),
        ("half-moon", "plugin 'luna' (seqclf-selene 1.0) gives the architecture 'half_moon'"),
    ],
)
def test_names_of_installed_plugins_are_taken(seqclf, tmp_path, monkeypatch, name, by):
    (tmp_path / "luna_module.py").write_text(
        "import seqclf\n"
        "@seqclf.architecture('half_moon', summary='')\n"
        "def half_moon(task): ...\n"
        "@seqclf.hookimpl\n"
        "def seqclf_architectures(): return [half_moon]\n"
    )
    point = Point("luna", "luna_module", "seqclf")
    distribution = type("Distribution", (), {"name": "seqclf-selene", "version": "1.0"})
    vars(point).update(dist=distribution)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point])
    monkeypatch.delenv("SEQCLF_LOAD_PLUGINS")
    status, _, err = seqclf("new-plugin", name)
    assert status == 2
    assert f"is taken: {by}; choose another NAME" in err
    assert not glob("seqclf-*")


@pytest.mark.parametrize("there", ["folder", "file", "link to nowhere"])
def test_nothing_that_exists_is_touched(seqclf, tmp_path, there):
    target = tmp_path / "seqclf-moon"
    if there == "folder":
        target.mkdir()
    elif there == "file":
        target.write_text("mine")
    else:
        target.symlink_to("nowhere")
    status, out, err = seqclf("new-plugin", "moon")
    assert (status, out) == (2, "")
    assert "seqclf-moon exists already; choose another NAME or --folder" in err
    assert list(tmp_path.iterdir()) == [target]
    assert target.is_symlink() or (target.is_file() or not list(target.iterdir()))


def test_a_folder_to_write_in_must_be_there(seqclf, tmp_path):
    status, _, err = seqclf("new-plugin", "moon", "--folder", "some/where")
    assert status == 2
    assert "there is no folder some/where; make it first" in err
    (tmp_path / "file").touch()
    assert seqclf("new-plugin", "moon", "--folder", "file")[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_it_is_written_where_it_is_wanted(seqclf, tmp_path):
    (tmp_path / "my work").mkdir()
    made = new(seqclf, "moon", "--folder", "my work")
    assert made["folder"] == "my work/seqclf-moon"
    assert made["next"][0] == "cd 'my work/seqclf-moon'"
    assert sorted(made["files"]) == sorted(
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()
    )
    assert [path.name for path in Path("my work").iterdir()] == ["seqclf-moon"]


def test_its_folder_can_be_read_by_whoever_may_read_its_neighbours(seqclf, tmp_path):
    (tmp_path / "neighbour").mkdir()
    new(seqclf, "moon")
    assert Path("seqclf-moon").stat().st_mode == Path("neighbour").stat().st_mode


def refuse(number):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    return fail


def test_a_folder_that_cannot_be_written_is_one_sentence(seqclf, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "mkdtemp", refuse(errno.EACCES))
    status, out, err = seqclf("new-plugin", "moon")
    assert (status, out) == (1, "")
    assert "seqclf-moon cannot be written: Permission denied; choose another place" in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_elses_is_one_sentence(seqclf, tmp_path):
    tmp_path.chmod(0o500)
    try:
        status, _, err = seqclf("new-plugin", "moon")
    finally:
        tmp_path.chmod(0o700)
    assert status == 1
    assert "cannot be written: Permission denied" in err


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left"), 1, "the disk is full; free some space"),
        (OSError(errno.EIO, "Input/output error"), 1, "cannot be written: Input/output error"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
@pytest.mark.parametrize("after", [0, 5])
def test_what_stops_it_in_the_middle_leaves_nothing(
    seqclf, tmp_path, monkeypatch, error, status, sentence, after
):
    done = []
    write = Path.write_text

    def stop_after(path, *arguments, **named):
        if len(done) == after:
            raise error
        done.append(path)
        return write(path, *arguments, **named)

    monkeypatch.setattr(Path, "write_text", stop_after)
    got, out, err = seqclf("new-plugin", "moon")
    assert (got, out) == (status, "")
    assert sentence in err
    assert len(done) == after
    assert not list(tmp_path.iterdir())


def test_what_stops_it_at_the_last_step_leaves_nothing(seqclf, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "rename", refuse(errno.EROFS))
    status, _, err = seqclf("new-plugin", "moon")
    assert status == 1
    assert "cannot be written: Read-only file system" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("licence", LICENCES)
def test_each_licence_is_there_in_full(seqclf, licence):
    new(seqclf, "moon", "--licence", licence.lower(), "--author", "Ada Moon")
    setup = configparser.ConfigParser()
    setup.read("seqclf-moon/setup.cfg")
    text = Path("seqclf-moon/LICENSE")
    if licence == "none":
        assert not text.exists()
        assert setup["metadata"]["license"] == "all rights reserved"
        return
    assert setup["metadata"]["license"] == licence
    ends = {
        "MIT": "OTHER DEALINGS IN THE SOFTWARE.",
        "Apache-2.0": "limitations under the License.",
        "BSD-3-Clause": "POSSIBILITY OF SUCH DAMAGE.",
    }
    said = " ".join(text.read_text().split())
    assert said.endswith(ends[licence])
    assert ("Ada Moon" in said) == (licence != "Apache-2.0")  # whose text names nobody
    assert f"Licence: {licence}." in Path("seqclf-moon/README.md").read_text()


def test_the_author_is_the_one_given_or_gits_or_words_that_are_told(seqclf, tmp_path, monkeypatch):
    given = '100% Zoë "Z" Moon; $HOME %(name)s #1'
    new(seqclf, "one", "--author", given)
    setup = configparser.ConfigParser()
    setup.read("seqclf-one/setup.cfg", encoding="utf-8")
    assert setup["metadata"]["author"] == given
    assert f" {given}\n" in Path("seqclf-one/LICENSE").read_text(encoding="utf-8")

    (tmp_path / "gitconfig").write_text("[user]\n\tname = Ada Moon\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    assert new(seqclf, "two")["author"] == "Ada Moon"

    monkeypatch.setenv("PATH", "")  # no git at all
    status, out, err = seqclf("new-plugin", "three", "--json")
    assert status == 0
    assert json.loads(out)["author"] == "The seqclf-three authors"
    assert "git knows no user.name, so 'The seqclf-three authors' is the author; --author" in err


@pytest.mark.parametrize("author", ["", "  ", "Ada\nMoon", "Ada\x1b[31m"])
def test_an_author_that_cannot_be_is_one_sentence(seqclf, tmp_path, author):
    status, _, err = seqclf("new-plugin", "moon", "--author", author)
    assert status == 2
    assert err.startswith("seqclf: --author ")
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_files_on_standard_output_and_commands_on_standard_error(seqclf):
    status, out, err = seqclf("new-plugin", "moon", "--author", "Ada")
    assert status == 0
    files = out.splitlines()
    assert files == sorted(files)
    assert "seqclf-moon/seqclf_moon/architecture.py" in files
    assert all(Path(file).is_file() for file in files)
    first, *commands = err.strip().splitlines()
    assert first == "Now type, line by line:"
    assert len(commands) == 5


def test_json_is_one_document_and_nothing_else(seqclf):
    status, out, err = seqclf("new-plugin", "moon", "--author", "Ada", "--json")
    assert (status, err) == (0, "")
    made = json.loads(out)
    assert made["kind"] == "architecture"
    assert made["next"][0] == "cd seqclf-moon"


def test_commands_name_python_as_the_shell_finds_it(seqclf, tmp_path, monkeypatch):
    folder = tmp_path / "some tools"
    folder.mkdir()
    for name in ("python3", "seqclf"):
        (folder / name).touch(mode=0o755)
    python = folder / "python3"
    monkeypatch.setattr(sys, "executable", str(python))

    monkeypatch.setenv("PATH", str(folder))
    here = new(seqclf, "one")["next"]
    assert here[1:] == [
        'python3 -m pip install -e ".[test]"',
        "seqclf run reviews --arch one --epochs 3",
        "python3 -m pytest",
        "seqclf plugins check one",
    ]
    linked = tmp_path / "links"
    linked.mkdir()
    (linked / "seqclf").symlink_to(folder / "seqclf")
    (linked / "python3").symlink_to(python)
    monkeypatch.setenv("PATH", str(linked))
    assert new(seqclf, "three")["next"][3:] == [
        f"{shlex.quote(str(python))} -m pytest",
        "seqclf plugins check three",
    ]
    monkeypatch.setenv("PATH", "/nowhere")
    there = new(seqclf, "two")["next"]
    assert there[3] == f"{shlex.quote(str(python))} -m pytest"
    assert there[4] == f"{shlex.quote(str(python))} -m seqclf plugins check two"


def test_without_pip_it_is_uv_that_installs(seqclf, tmp_path, monkeypatch):
    (tmp_path / "uv").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    python = shlex.quote(sys.executable)
    assert new(seqclf, "one")["next"][1] == f'uv pip install --python {python} -e ".[test]"'


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["m", "moon", "n" * LONGEST])
def test_what_is_written_is_clean(seqclf, kind, name):
    if importlib.util.find_spec("ruff") is None:
        pytest.skip("ruff is not installed (pip install -e '.[dev]')")
    folder = new(seqclf, name, "--kind", kind)["folder"]
    ours = ["--config", str(ROOT / "pyproject.toml")]
    for arguments in (
        ["check", *ours],
        ["format", "--check", *ours],
        ["check"],
        ["format", "--check"],
        ["check", "--select", "ANN", "--ignore", "ANN401", "--exclude", "tests"],
    ):
        got = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--no-cache", "."],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert got.returncode == 0, got.stdout + got.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_to_fill_in_and_the_readmes_links_lead_somewhere(seqclf, kind):
    folder = Path(new(seqclf, "moon", "--kind", kind)["folder"])
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "LICENSE":
            assert not re.search(r"\$\w|\$\{|TODO|\.template", path.read_text("utf-8")), path
    readme = (folder / "README.md").read_text()
    links = re.findall(r"\]\(([^)]+)\)", readme)
    assert links
    assert all((folder / link).exists() for link in links)


def test_seqclfs_own_distribution_takes_every_template_along():
    """As setuptools looks for them: `*` does not find names that begin with a dot."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    package = ROOT / "seqclf"
    patterns = setup["options.package_data"]["seqclf"].split()
    found = {
        Path(path)
        for pattern in patterns
        for path in glob(str(package / pattern), recursive=True)
        if os.path.isfile(path)
    }
    templates = {path for path in (package / "scaffold/templates").rglob("*") if path.is_file()}
    assert len(templates) > 20
    assert templates <= found


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Missing argument 'NAME'"),
        (["moon", "--kind", "metric"], "'metric' is not one of 'architecture', 'dataset'"),
        (["moon", "--licence", "GPL"], "'GPL' is not one of 'mit', 'apache-2.0'"),
    ],
)
def test_a_wrong_use_is_one_sentence(seqclf, tmp_path, arguments, sentence):
    status, out, err = seqclf("new-plugin", *arguments)
    assert (status, out) == (2, "")
    assert sentence in err
    assert not list(tmp_path.iterdir())
