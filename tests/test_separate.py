"""What separates pass from fail: labels that explain, and silence where none does."""

import pytest

from grader.separate import separates


def labels(*rows, name="stride"):
    return [{name: str(row)} for row in rows]


@pytest.mark.parametrize(("count", "failing"), [(0, []), (1, [0]), (1, []), (3, [])])
def test_one_case_or_no_failure_says_nothing(count, failing):
    assert separates(labels(*range(count)), failing) is None


@pytest.mark.parametrize("count", [2, 3])
def test_where_all_fail_nothing_separates(count):
    assert separates(labels(*[1] * count), range(count)) == f"all {count} cases fail"


def test_a_label_that_all_failures_and_no_passing_case_have_is_named():
    found = separates(labels(1, 2, 1, 2, 3), [1, 3])
    assert found == "all 2 cases with stride: 2 fail, the other 3 pass"


def test_one_case_is_told_in_the_singular():
    assert separates(labels(1, 2), [1]).startswith("the one case with stride: 2 fail")


def test_an_edge_case_is_told_by_its_name():
    found = separates(labels("zeros", "ones", "ones", name="case"), [0])
    assert found.startswith('the one case with the name "zeros" fail')


def test_two_bugs_at_once_are_told_by_two_labels():
    rows = [{"stride": s, "padding": p} for s, p in ("10", "11", "20", "21", "22", "32", "42")]
    failing = [index for index, row in enumerate(rows) if row["stride"] == "2" or row["padding"] == "0"]
    found = separates(rows, failing)
    assert found == "all 3 cases with stride: 2 and all 2 cases with padding: 0 fail, the other 3 pass"


def test_a_label_of_a_passing_case_is_not_blamed_alone():
    rows = [{"a": str(a), "b": str(b)} for a in range(3) for b in range(3)]
    assert separates(rows, [0]) == "1 of 9 cases fail"


def test_what_passes_is_told_where_that_explains_the_split():
    found = separates(labels(1, 2, 3, 4, 5, 5), [0, 1, 2, 3])
    assert found == "all 2 cases with stride: 5 pass, the other 4 fail"


def test_a_label_that_explains_half_of_the_failures_is_told():
    rows = labels(1, 1, 2, 3, 4, 4, 5, 5, 6, 6)
    assert separates(rows, [0, 1, 2, 4]) == "4 of 10 cases fail, among them all 2 cases with stride: 1"


def test_a_label_that_explains_less_than_half_of_the_failures_is_not_told():
    rows = labels(1, 1, 2, 3, 4, 4, 5, 5, 6, 6)
    assert separates(rows, [0, 1, 2, 4, 6]) == "5 of 10 cases fail"


def test_cases_without_labels_are_only_counted():
    assert separates([{}, {}, {}], [0, 2]) == "2 of 3 cases fail"


def test_the_label_that_explains_most_is_told_first():
    rows = [{"a": "1"}, {"b": "1"}, {"b": "1"}, {"b": "1"}, {"c": "1"}]
    found = separates(rows, [0, 1, 2, 3])
    assert found == "all 3 cases with b: 1 and the one case with a: 1 fail, the other one passes"


def test_the_second_label_is_the_one_that_explains_what_is_left():
    rows = [
        *[{"a": "1", "b": "1"}] * 2,
        {"a": "1"},
        {"c": "1"},
        {"d": "1"},
        {"d": "1"},
    ]
    found = separates(rows, [0, 1, 2, 3])
    assert found.startswith("all 3 cases with a: 1 and the one case with c: 1 fail")


def test_a_set_of_failures_is_as_good_as_a_list():
    assert separates(labels(1, 2, 2), frozenset({1, 2})) == separates(labels(1, 2, 2), [1, 2])


def test_more_than_two_labels_explain_nothing():
    assert separates(labels(1, 2, 3, 4, 5, 6), [0, 1, 2]) == "3 of 6 cases fail"
