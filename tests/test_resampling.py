from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval import metrics
from eval.figures import FIGURES, HEADLINES, Run, changes
from eval.resampling import difference, interval, mcnemar

BITS = st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=40)


def mean(values: np.ndarray) -> float:
    return float(np.nanmean(values[0]))


def test_an_interval_holds_its_value_and_narrows_with_more_questions() -> None:
    few, many = (interval(mean, np.array([[0.0, 1.0] * count])) for count in (10, 1000))
    assert few.value == many.value == 0.5 and (few.count, many.count) == (20, 2000)
    assert few.low < many.low < 0.5 < many.high < few.high
    # the bounds of a share of one half among 20 lie about 1.96 standard errors off
    assert few.low == pytest.approx(0.5 - 1.96 * (0.25 / 20) ** 0.5, abs=0.06)
    assert interval(mean, np.array([[0.0, 1.0] * 10])) == few


def test_questions_to_which_a_figure_does_not_apply_are_left_out() -> None:
    assert interval(mean, np.array([[1.0, np.nan, 1.0]])).count == 2
    with pytest.raises(ValueError, match="no questions"):
        interval(mean, np.array([[np.nan]]))


@settings(max_examples=10)
@given(BITS)
def test_nothing_differs_from_itself(bits: list[float]) -> None:
    values = np.array([bits])
    found = difference(mean, values, values)
    assert (found.value, found.low, found.high, found.p) == (0, 0, 0, 1)
    assert mcnemar(bits, bits) == 1


def test_a_paired_test_sees_what_changed() -> None:
    old, new = np.array([[1.0] * 40 + [0.0] * 60]), np.array([[1.0] * 55 + [0.0] * 45])
    found = difference(mean, old, new)
    assert found.value == pytest.approx(0.15) and found.low > 0 and found.p < 0.001
    assert difference(mean, old, np.array([[1.0] * 41 + [0.0] * 59])).p > 0.05


def test_mcnemar_by_hand() -> None:
    old, new = [1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 0, 1, 1, 1, 1, 0]  # one lost, four gained
    assert mcnemar(old, new) == pytest.approx(2 * (1 + 5) / 32)
    assert mcnemar([0] * 8, [1] * 8) == pytest.approx(2 / 256)


def run(right: list[float], answered: list[float] | None = None) -> Run:
    names = {column for figure in FIGURES.values() for column in figure.columns}
    columns: dict[str, tuple[float | None, ...]] = {name: (None,) * len(right) for name in names}
    columns |= {"right": tuple(right), "f1": tuple(right), "false_refusal": tuple(answered or [0.0] * len(right))}
    return Run("run", tuple(f"q{i}" for i in range(len(right))), columns)


def test_a_change_is_told_by_what_is_better_for_the_figure() -> None:
    better = {one.figure.name: one.verdict for one in changes(run([0.0] * 30), run([1.0] * 30))}
    assert better == {"right": "better", "f1": "better", "false_refusal": "same"}
    silent = {one.figure.name: one.verdict for one in changes(run([0.0] * 30), run([0.0] * 30, [1.0] * 30))}
    assert silent["false_refusal"] == "worse"


def test_only_the_questions_of_both_runs_count() -> None:
    (right, *_) = changes(run([1.0, 1.0, 0.0]), run([1.0, 1.0]))
    assert (right.old, right.new) == (1, 1)
    with pytest.raises(ValueError, match="no question in common"):
        changes(Run("a", ("x",), run([1.0]).columns), run([1.0]))


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.05, 0.3, 0.31, 0.9, 1.0]), st.booleans()), min_size=1))
def test_fast_figures_are_the_plain_ones(rows: list[tuple[float, bool]]) -> None:
    confidence, right = [c for c, _ in rows], [float(r) for _, r in rows]
    values = np.array([confidence, right])
    assert FIGURES["risk_area"].statistic(values) == pytest.approx(metrics.risk_area(confidence, right))
    assert FIGURES["calibration"].statistic(values) == pytest.approx(metrics.calibration_error(confidence, right))


def test_every_headline_is_a_figure() -> None:
    assert set(HEADLINES) <= FIGURES.keys()
