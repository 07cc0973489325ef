from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.rounds.predictions import Predictions, keep_predictions, read_predictions

SHA = "ab" * 32
SAID = Predictions(
    SHA, np.array([0, 2, -1], np.int32), np.array([0.5, 0.9, 0], np.float32), ((1, 2), (), (0,))
)


def test_what_is_kept_is_read_again(tmp_path):
    keep_predictions(tmp_path / "work", SAID)
    found = read_predictions(tmp_path / "work", SHA)
    assert found is not None
    assert found.predicted.tolist() == [0, 2, -1]
    assert found.confidence.tolist() == SAID.confidence.tolist()
    assert (found.sha256, found.confusable) == (SHA, SAID.confusable)
    assert [str(found.predicted.dtype), str(found.confidence.dtype)] == ["int32", "float32"]


def test_those_of_another_model_are_not_taken(tmp_path):
    keep_predictions(tmp_path, SAID)
    assert read_predictions(tmp_path, "cd" * 32) is None


@pytest.mark.parametrize("cut", [0, 100, -20])
def test_a_damaged_file_is_passed_over(tmp_path, cut):
    keep_predictions(tmp_path, SAID)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:cut] if cut else b"")
    assert read_predictions(tmp_path, SHA) is None


def test_one_changed_bit_is_found_or_changes_nothing(tmp_path):
    keep_predictions(tmp_path, SAID)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        file.write_bytes(changed)
        found = read_predictions(tmp_path, SHA)
        if found is not None:
            assert found.predicted.tolist() == SAID.predicted.tolist()
            assert found.confidence.tolist() == SAID.confidence.tolist()
            assert (found.confusable, found.measured) == (SAID.confusable, SAID.measured)


@pytest.mark.parametrize(
    "wrong",
    [
        {"predicted": np.array([0, 2], np.int32)},
        {"predicted": np.array([0.0, 2.0, -1.0])},
        {"predicted": np.zeros((3, 3), np.int32)},
        {"predicted": np.int32(1)},
        {"predicted": np.array([0, 3, -1], np.int32)},
        {"predicted": np.array([0, -2, -1], np.int32)},
        {"confidence": np.array([0.5, 7, 0], np.float32)},
        {"confidence": np.array([0.5, np.nan, 0], np.float32)},
        {"confidence": np.array(["a", "b", "c"])},
        {"confusable": ((1, 9), (), (0,))},
        {"confusable": ((-1,), (), (0,))},
        {"confusable": (("a",), (), (0,))},
    ],
    ids=str,
)
def test_what_was_never_written_is_passed_over(tmp_path, wrong):
    keep_predictions(tmp_path, replace(SAID, **wrong))
    assert read_predictions(tmp_path, SHA) is None


def test_there_are_none_before_the_first_round(tmp_path):
    assert read_predictions(tmp_path, SHA) is None
