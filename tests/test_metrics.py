from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    Bin,
    best_threshold,
    calibration_error,
    coverage_at,
    exact_match,
    f1,
    normalised,
    reliability,
    risk_coverage,
)

SCORES = st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.floats(0, 1), st.booleans()), min_size=1)


def test_answers_are_compared_without_case_punctuation_and_articles() -> None:
    assert normalised("The  Ferry, (old)") == "ferry old"
    assert exact_match("the ferry!", ["a Ferry"]) == 1
    assert f1("the old ferry", ["ferry", "bus"]) == pytest.approx(2 / 3)
    assert f1("a tram", ["ferry"]) == 0


def test_silence_is_right_where_there_is_no_answer() -> None:
    assert (f1("", []), exact_match("", [])) == (1, 1)
    assert (f1("ferry", []), exact_match("ferry", [])) == (0, 0)


@given(SCORES)
def test_the_best_threshold_is_the_best_of_all(rows: list[tuple[float, float, bool]]) -> None:
    confidence, answered, silent = [c for c, _, _ in rows], [a for _, a, _ in rows], [float(s) for _, _, s in rows]

    def mean_at(threshold: float) -> float:
        return sum(a if c >= threshold else s for c, a, s in zip(confidence, answered, silent, strict=True)) / len(rows)

    best, threshold = best_threshold(confidence, answered, silent)
    assert best == pytest.approx(max(mean_at(t) for t in (*confidence, math.inf)))
    assert mean_at(threshold) == pytest.approx(best)


def test_calibration_compares_each_bin_with_its_outcome() -> None:
    confidence, right = [0.05, 0.05, 0.95, 1.0], [0.0, 1.0, 1.0, 1.0]
    low, high = reliability(confidence, right)
    assert low == Bin(pytest.approx(0.05), 0.5, 2)
    assert high == Bin(pytest.approx(0.975), 1.0, 2)
    assert calibration_error(confidence, right) == pytest.approx((0.45 * 2 + 0.025 * 2) / 4)
    assert calibration_error([], []) == 0


def test_risk_grows_from_the_surest_answer_on() -> None:
    confidence, right = [0.9, 0.2, 0.6, 0.4], [1.0, 0.0, 1.0, 0.0]
    assert risk_coverage(confidence, right) == [(0.25, 0), (0.5, 0), (0.75, pytest.approx(1 / 3)), (1, 0.5)]
    assert coverage_at(0.8, confidence, right) == 0.5
    assert coverage_at(0.5, confidence, right) == 1
    assert coverage_at(0.8, [0.5], [0.0]) == 0
