"""Knobs say what they do; combinations that do not exist say what to choose instead."""

from typing import get_args

import numpy as np
import pytest

from app.data import Classification, Impossible, Posed, Problem, Regression, Table, bundled, pose, read_csv
from app.geometry.spectra import Array
from app.knobs import Knobs, control

TABLES = bundled()


def on_table(problem: Regression | Classification) -> Posed:
    return pose(problem, TABLES[problem.dataset])


def uploaded(header: str, rows: Array) -> Table:
    lines = [header, *(",".join(map(repr, row)) for row in np.asarray(rows, dtype=float).tolist())]
    return read_csv("\n".join(lines).encode())


@pytest.mark.parametrize("variant", get_args(Problem))
def test_every_knob_says_in_a_sentence_what_turning_it_does(variant: type[Knobs]) -> None:
    assert variant.model_config.get("title")
    assert next(iter(variant.model_fields)) == "kind"
    for name, field in variant.model_fields.items():
        if name != "kind":
            assert field.title
            assert field.description
            assert field.description[0].isupper()
            assert field.description.endswith(".")


def test_selects_say_where_their_values_come_from() -> None:
    sources = {name: control(field).get("source") for name, field in Classification.model_fields.items()}
    assert sources["dataset"] == "datasets"
    assert sources["positive"] == "classes"
    assert {sources[name] for name in ("target", "first", "second")} == {"columns"}
    choices = control(Classification.model_fields["others"])["choices"]
    assert set(choices) == {"absent", "free", "fixed"}


@pytest.mark.parametrize(
    ("problem", "knob", "said"),
    [
        (Regression(target="progresion"), "target", "no column 'progresion'"),
        (Regression(first="bmy"), "first", "did you mean 'bmi'"),
        (Regression(second="zzz"), "second", "choose one of 'age', 'sex'"),
        (Regression(first="bmi", second="bmi"), "second", "two different"),
        (Regression(first="target"), "first", "is the target"),
        (Regression(target="bmi", second="bmi"), "second", "is the target"),
        (Regression(dataset="iris", target="target"), "target", "or classification"),
        (Regression(dataset="iris", first="target"), "first", "names classes"),
        (Classification(target="nowhere"), "target", "no column 'nowhere'"),
        (Classification(positive="benin"), "positive", "did you mean 'benign'"),
        (Classification(dataset="diabetes", target="bmi"), "target", "163 different values"),
        (Classification(dataset="diabetes", target="bmi"), "target", "choose one of 'sex'"),
        (Classification(dataset="iris", target="sepal length (cm)"), "target", "35 different values"),
        (Classification(first="target"), "first", "is the target"),
    ],
)
def test_what_does_not_exist_says_what_to_choose(problem: Regression | Classification, knob: str, said: str) -> None:
    with pytest.raises(Impossible) as caught:
        on_table(problem)
    assert caught.value.knob == knob
    assert said in caught.value.message


def test_suggestions_step_aside_for_what_was_chosen() -> None:
    for chosen in (
        Regression(target="bmi"),
        Regression(second="bmi"),
        Regression(first="s5"),
        Regression(first="s5", second="bmi"),
        Classification(first="mean texture"),
    ):
        first, second = (name.split(": ")[1] for name in on_table(chosen).names)
        assert first != second
        assert chosen.target not in (first, second)
        assert chosen.first in (None, first)
        assert chosen.second in (None, second)


def test_a_table_of_one_value_has_no_classes() -> None:
    table = uploaded("a,b,c", np.array([[1.0, 2.0, 3.0]]))
    with pytest.raises(Impossible, match="no column of this data set has 2 to 20"):
        pose(Classification(dataset=table.id), table)
    with pytest.raises(Impossible, match="only one value"):
        pose(Classification(dataset=table.id, target="c"), table)


def test_words_that_were_left_out_say_so() -> None:
    table = read_csv(b"name,a,b,c\nann,1,2,3\nbob,4,5,6\n")
    with pytest.raises(Impossible, match="is text and was left out"):
        pose(Regression(dataset=table.id, first="name"), table)
