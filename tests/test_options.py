"""Options from signatures: types, ranges, choices, help, and what is refused."""

from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqclf.errors import UsageError
from seqclf.options import Count, Option, Range, Rate, check_all, documented, from_signature


def example(
    task,
    units: Count = 32,
    rate: Rate = 0.5,
    cell: Literal["lstm", "gru"] = "lstm",
    mask: bool = False,
    size: Annotated[int, Range(most=9)] | None = None,
    title="plain",
):
    """Example.

    Args:
        task: not an option.
        units: how many.
        cell: what it is
            made of.
    """


OPTIONS = from_signature(example)


def check(**given):
    return check_all(OPTIONS, given, owner="architecture 'example'", flag="-p")


def test_defaults_fill_what_is_not_given():
    assert check() == {
        "units": 32,
        "rate": 0.5,
        "cell": "lstm",
        "mask": False,
        "size": None,
        "title": "plain",
    }


def test_texts_become_the_types_of_the_signature():
    given = {"units": "64", "rate": "0", "cell": "gru", "mask": "yes", "size": "9", "title": "x"}
    values = check(**given)
    assert values == {
        "units": 64,
        "rate": 0.0,
        "cell": "gru",
        "mask": True,
        "size": 9,
        "title": "x",
    }
    assert type(values["rate"]) is float


def test_none_is_a_value_only_where_the_annotation_says_so():
    assert check(size="none")["size"] is None
    with pytest.raises(UsageError, match="-p units must be a whole number, at least 1"):
        check(units="none")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"units": "0"}, "-p units must be a whole number, at least 1, not '0'"),
        ({"units": "3.5"}, "must be a whole number"),
        ({"units": "many"}, "must be a whole number"),
        ({"units": True}, "must be a whole number"),
        ({"rate": "1"}, "-p rate must be a number, from 0 to below 1, not '1'"),
        ({"rate": "nan"}, "must be a number"),
        ({"size": "10"}, "must be a whole number, at most 9, or none"),
        ({"mask": "perhaps"}, "must be true or false"),
        ({"cell": "gur"}, "one of lstm, gru, not 'gur'; did you mean 'gru'?"),
        ({"unit": "3"}, "has no option 'unit'; did you mean 'units'?"),
        ({"xyz": "3"}, "it has: units, rate, cell, mask, size, title"),
    ],
)
def test_a_wrong_value_is_one_sentence(given, sentence):
    with pytest.raises(UsageError) as caught:
        check(**given)
    assert sentence in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_required_option_must_be_given():
    def needs(task, path: str):
        pass

    options = from_signature(needs)
    with pytest.raises(UsageError, match="needs -p path=VALUE; it is a text"):
        check_all(options, {}, owner="dataset 'x'", flag="-p")


def test_help_comes_from_the_docstring():
    told = documented(example, OPTIONS)
    assert told["units"] == "how many."
    assert told["cell"] == "what it is made of."
    assert told["mask"] == ""


def test_the_first_parameters_annotation_is_never_looked_up():
    def build(task: "OnlyForTypeCheckers", units: "Count" = 3):  # noqa: F821
        pass

    assert [option.name for option in from_signature(build)] == ["units"]


@pytest.mark.parametrize("annotation", [list, dict[str, int], int | str, Literal[1, 2]])
def test_a_parameter_that_cannot_be_an_option_is_the_authors_to_mend(annotation):
    def build(task, odd=None):
        pass

    build.__annotations__["odd"] = annotation
    with pytest.raises(TypeError, match="parameter 'odd' of build"):
        from_signature(build)


def test_star_parameters_are_refused():
    def build(task, **rest):
        pass

    with pytest.raises(TypeError, match="need a name each"):
        from_signature(build)


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_a_range_holds_what_it_says(value, least):
    option = Option("n", int, 0, range=Range(least=least))
    if value >= least:
        assert option.check(str(value), "-p n") == value
    else:
        with pytest.raises(UsageError):
            option.check(str(value), "-p n")


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        (Range(least=1), "at least 1"),
        (Range(most=9), "at most 9"),
        (Range(above=0), "above 0"),
        (Range(below=2), "below 2"),
        (Range(least=0, most=1), "from 0 to 1"),
        (Range(above=0, below=1), "above 0 and below 1"),
    ],
)
def test_a_range_says_itself_in_words(allowed, words):
    assert allowed.sentence == words
