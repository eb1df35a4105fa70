"""Settings: layers, types, files with line numbers, and the way back from a run."""

import pytest

from seqclf.config import OPTIONS, read_config, read_settings, resolve, to_toml
from seqclf.contracts import Architecture, Dataset, RunConfig, Splits
from seqclf.errors import UsageError
from seqclf.options import Count


def load(context, size: int | None = 3):
    return Splits(None)


DATASET = Dataset(
    "films",
    "for tests",
    load,
    ("no", "yes"),
    defaults={"maxlen": 40, "epochs": 5},
)


def build(task, units: Count = 32):
    pass


ARCH = Architecture("net", "for tests", build, defaults={"epochs": 6, "batch_size": 8})


def settle(tmp_path=None, text=None, environ=None, **flags):
    file = None
    if text is not None:
        path = tmp_path / "run.toml"
        path.write_text(text)
        file = read_config(path)
    return resolve(DATASET, ARCH, file=file, environ=environ or {}, flags=flags)


def test_the_defaults_are_the_tutorials():
    config = RunConfig("imdb")
    assert (config.num_words, config.maxlen, config.optimizer) == (10_000, 500, "rmsprop")
    assert (config.epochs, config.batch_size, config.validation_split) == (10, 128, 0.2)


def test_each_layer_beats_those_below(tmp_path):
    config, sources = settle()
    assert (config.maxlen, sources["maxlen"]) == (40, "dataset")
    assert (config.epochs, sources["epochs"]) == (6, "architecture")
    assert (config.optimizer, sources["optimizer"]) == ("rmsprop", "default")
    config, sources = settle(tmp_path, "epochs = 7")
    assert (config.epochs, sources["epochs"]) == (7, "file")
    config, sources = settle(tmp_path, "epochs = 7", {"SEQCLF_EPOCHS": "8"})
    assert (config.epochs, sources["epochs"]) == (8, "environment")
    config, sources = settle(tmp_path, "epochs = 7", {"SEQCLF_EPOCHS": "8"}, epochs="9")
    assert (config.epochs, sources["epochs"]) == (9, "flag")


def test_tables_are_merged_option_by_option(tmp_path):
    config, _ = settle(tmp_path, "[params]\nunits = 5\n[dataset_options]\nsize = 4")
    assert config.params == {"units": 5}
    assert config.dataset_options == {"size": 4}
    config, _ = settle(tmp_path, "[params]\nunits = 5", params={"units": "6"})
    assert config.params == {"units": 6}


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ({"maxlen": "-3"}, "--maxlen must be a whole number, at least 1, or auto, not '-3'"),
        ({"validation_split": "1.5"}, "--validation-split must be a number, from 0 to below 1"),
        ({"epochs": "0"}, "--epochs must be a whole number, at least 1"),
        ({"learning_rate": "0"}, "--learning-rate must be a number, above 0, or none"),
        ({"optimizer": "adm"}, "did you mean 'adam'?"),
        ({"keep": "first"}, "--keep must be one of best, last"),
        ({"skip_top": "10000"}, "--skip-top 10000 leaves no word of --num-words 10000"),
        ({"params": {"unit": 3}}, "architecture 'net' has no option 'unit'; did you mean 'units'?"),
        ({"dataset_options": {"siz": 3}}, "dataset 'films' has no option 'siz'"),
    ],
)
def test_a_wrong_flag_is_one_sentence(flags, sentence):
    with pytest.raises(UsageError) as caught:
        settle(**flags)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("epoch = 3", "run.toml line 1: epoch is not a setting; did you mean 'epochs'?"),
        ("\nepochs = 'three'", "run.toml line 2: epochs must be a whole number"),
        ("epochs = ", "run.toml is not TOML: Invalid value (at "),
        ("params = 3", "line 1: params must be a table; write [params]"),
        ("plugins = 'x.py'", "line 1: plugins must be a list of file names"),
    ],
)
def test_a_wrong_file_is_one_sentence_with_its_line(tmp_path, text, sentence):
    with pytest.raises(UsageError) as caught:
        settle(tmp_path, text)
    assert sentence in str(caught.value)


def test_a_missing_or_binary_file_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="there is no configuration file"):
        read_config(tmp_path / "none.toml")
    (tmp_path / "x.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        read_config(tmp_path / "x.toml")


def test_an_environment_variable_is_named_in_its_error():
    with pytest.raises(UsageError, match="SEQCLF_MAXLEN must be a whole number"):
        settle(environ={"SEQCLF_MAXLEN": "long"})


def test_settings_come_back_from_toml_as_they_were(tmp_path):
    config, _ = settle(
        learning_rate="0.01", seed="7", patience="none", dataset_options={"size": "none"}
    )
    path = tmp_path / "config.toml"
    path.write_text(to_toml(config))
    assert read_settings(path) == config
    again, sources = resolve(DATASET, ARCH, file=read_config(path), environ={})
    assert again == config
    assert set(sources.values()) == {"file"}


def test_every_setting_has_help():
    assert [name for name, option in OPTIONS.items() if not option.help] == []
