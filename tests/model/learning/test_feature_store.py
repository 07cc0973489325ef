"""Features on disk: what was written whole is found, and nothing else."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.learning.feature_store import KEY_BYTES, FeatureError, FeatureStore

WIDTH = 5


def key(i: int) -> bytes:
    # Zeros at the end, which numpy's own strings would lose.
    return i.to_bytes(4, "little") + bytes(KEY_BYTES - 4)


def rows(*numbers: int) -> np.ndarray:
    return np.array([[n + k / 10 for k in range(WIDTH)] for n in numbers], np.float32)


def write(folder: Path, *numbers: int) -> Path:
    before = set(folder.rglob("*.features"))
    with FeatureStore(folder, WIDTH) as store:
        store.append([key(n) for n in numbers], rows(*numbers))
    (new,) = set(folder.rglob("*.features")) - before
    return new


def found(folder: Path, *numbers: int) -> list[bool]:
    with FeatureStore(folder, WIDTH) as store:
        values, there = store.read([key(n) for n in numbers])
    assert np.array_equal(values[there], rows(*np.array(numbers)[there]).reshape(-1, WIDTH))
    assert not values[~there].any()
    return [bool(one) for one in there]


def test_rows_are_found_by_key_in_any_order(tmp_path):
    write(tmp_path, 1, 2, 3)
    write(tmp_path, 9, 4)
    assert found(tmp_path, 4, 3, 5, 1, 9) == [True, True, False, True, True]
    assert found(tmp_path) == []


def test_stores_of_other_widths_do_not_meet(tmp_path):
    write(tmp_path, 1)
    with FeatureStore(tmp_path, WIDTH + 1) as store:
        assert store.read([key(1)])[1].tolist() == [False]


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(0, 3 * (KEY_BYTES + 4 + 4 * WIDTH)))
def test_a_torn_file_keeps_its_whole_rows(cut, tmp_path_factory):
    folder = tmp_path_factory.mktemp("torn")
    path = write(folder, 1, 2, 3)
    path.write_bytes(path.read_bytes()[:cut])
    whole = cut // (KEY_BYTES + 4 + 4 * WIDTH)
    assert found(folder, 1, 2, 3) == [i < whole for i in range(3)]
    write(folder, 3)
    assert found(folder, 3) == [True]


@settings(max_examples=30, deadline=None)
@given(place=st.integers(0, 3 * (KEY_BYTES + 4 + 4 * WIDTH) - 1), flip=st.integers(1, 255))
def test_a_changed_byte_costs_its_row_alone(place, flip, tmp_path_factory):
    folder = tmp_path_factory.mktemp("changed")
    path = write(folder, 1, 2, 3)
    content = bytearray(path.read_bytes())
    content[place] ^= flip
    path.write_bytes(content)
    hit = place // (KEY_BYTES + 4 + 4 * WIDTH)
    assert found(folder, 1, 2, 3) == [i != hit for i in range(3)]


def test_two_writers_at_once_keep_all(tmp_path):
    with FeatureStore(tmp_path, WIDTH) as one, FeatureStore(tmp_path, WIDTH) as other:
        one.append([key(1)], rows(1))
        other.append([key(2)], rows(2))
        one.append([key(3)], rows(3))
    assert found(tmp_path, 1, 2, 3) == [True, True, True]


def test_a_store_that_is_only_read_leaves_no_file(tmp_path):
    assert found(tmp_path, 1) == [False]
    assert list(tmp_path.rglob("*.features")) == []


def test_a_full_disk_gets_a_sentence(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with FeatureStore(tmp_path, WIDTH) as store:
        monkeypatch.setattr(Path, "open", full)
        with pytest.raises(FeatureError, match="No space left on device"):
            store.append([key(1)], rows(1))


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_what_is_no_file_holds_no_rows(tmp_path):
    with FeatureStore(tmp_path, WIDTH) as store:
        store.append([key(1)], rows(1))
    place = next(tmp_path.rglob("*.features")).parent
    (place / "a.features").mkdir()
    (place / "b.features").symlink_to("b.features")
    os.mkfifo(place / "c.features")
    assert found(tmp_path, 1) == [True]


def test_a_place_that_cannot_be_made_gets_a_sentence(tmp_path):
    (tmp_path / "features").touch()
    with pytest.raises(FeatureError, match="make room there"):
        FeatureStore(tmp_path / "features", WIDTH)
