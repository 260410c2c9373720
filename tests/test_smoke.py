"""The thinnest way through everything."""

from tests.conftest import first_failure, only_task


def test_a_right_answer_passes(grade):
    report = grade("activation.relu:numpy", "import numpy as np\ndef relu(x):\n    return np.where(x > 0, x, 0)\n")
    assert only_task(report).status == "passed"
    assert report.score == report.max_score > 0


def test_a_wrong_answer_fails_with_its_reason(grade):
    report = grade("activation.relu:numpy", "import numpy as np\ndef relu(x):\n    return np.abs(x)\n")
    assert only_task(report).status == "failed"
    assert first_failure(report).check == "values"


def test_a_throw_away_course_is_sound(course):
    from grader.contract import contract

    made = course()
    app = made.app()
    result = contract(app, app.exercises["demo"])
    assert result.problems == ()
    assert [one.named for one in result.mistakes] == ["no_one", "added", "no_one", "added"]
