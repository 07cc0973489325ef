"""Downloads against a stand-in server: whole, broken off, cancelled, taken up again, changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from model.networks.downloads import Origin, download
from model.networks.weight_files import MissingWeightsError, WeightsError
from model.port import Cancelled, NullPort
from tests.model.networks.stand_in import StandIn, serve

CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Stopping(NullPort):
    """Cancels once so many bytes are there; 0: never."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.done = at, 0
        self.told: list[tuple[int, int, str]] = []

    def progress(self, done: int, total: int, text: str) -> None:
        self.done = done
        self.told.append((done, total, text))

    def cancelled(self) -> bool:
        return 0 < self.at <= self.done


def test_a_download_tells_how_far_it_is_and_is_whole(tmp_path: Path) -> None:
    port = Stopping()
    with serve(StandIn(CONTENT)) as server:
        download(Origin(server.url, SHA256[:8]), tmp_path / "weights" / "a.pth", port)
    assert (tmp_path / "weights" / "a.pth").read_bytes() == CONTENT
    assert [path.name for path in (tmp_path / "weights").iterdir()] == ["a.pth"]
    assert port.told[-1][:2] == (len(CONTENT), len(CONTENT))
    assert port.told[-1][2] == "Downloading a.pth: 1 of 1 MB"


def test_a_cancelled_download_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.pth"
    with serve(StandIn(CONTENT)) as server:
        with pytest.raises(Cancelled):
            download(Origin(server.url, SHA256), file, Stopping(at=100_000))
        assert not file.exists()
        kept = (tmp_path / "a.pth.part").stat().st_size
        assert kept >= 100_000
        download(Origin(server.url, SHA256), file, NullPort())
        assert server.asked == ["", f"bytes={kept}-"]
    assert file.read_bytes() == CONTENT


def test_a_connection_that_breaks_is_made_again_as_long_as_it_brings_something(tmp_path: Path) -> None:
    with serve(StandIn(CONTENT, breaks_after=200_000)) as server:
        download(Origin(server.url, SHA256), tmp_path / "a.pth", NullPort())
        assert server.asked == ["", "bytes=200000-", "bytes=400000-"]
    assert (tmp_path / "a.pth").read_bytes() == CONTENT


def test_the_hash_that_the_server_tells_is_taken_where_none_is_known(tmp_path: Path) -> None:
    with serve(StandIn(CONTENT, sha256=SHA256)) as server:
        (tmp_path / "a.pth.part").write_bytes(CONTENT[:1000])
        download(Origin(server.url), tmp_path / "a.pth", NullPort())
        assert server.asked == ["bytes=1000-"]
    with (
        serve(StandIn(CONTENT, sha256="0" * 64)) as server,
        pytest.raises(WeightsError, match="came damaged"),
    ):
        download(Origin(server.url), tmp_path / "b.pth", NullPort())


def test_without_any_hash_nothing_is_taken_up_again(tmp_path: Path) -> None:
    (tmp_path / "a.pth.part").write_bytes(b"of another file")
    with serve(StandIn(CONTENT)) as server:
        download(Origin(server.url), tmp_path / "a.pth", NullPort())
        assert server.asked == ["bytes=15-", ""]
    assert (tmp_path / "a.pth").read_bytes() == CONTENT


def test_servers_that_give_no_parts_and_parts_that_are_too_long_begin_anew(tmp_path: Path) -> None:
    with serve(StandIn(CONTENT, parts=False)) as server:
        (tmp_path / "a.pth.part").write_bytes(CONTENT[:1000])
        download(Origin(server.url, SHA256), tmp_path / "a.pth", NullPort())
    with serve(StandIn(CONTENT)) as server:
        (tmp_path / "b.pth.part").write_bytes(CONTENT + b"more")
        download(Origin(server.url, SHA256), tmp_path / "b.pth", NullPort())
        assert server.asked == [f"bytes={len(CONTENT) + 4}-", ""]
    assert (tmp_path / "a.pth").read_bytes() == (tmp_path / "b.pth").read_bytes() == CONTENT


def test_what_came_damaged_is_not_kept(tmp_path: Path) -> None:
    with serve(StandIn(CONTENT)) as server, pytest.raises(WeightsError, match="came damaged; try again"):
        download(Origin(server.url, "0123abcd"), tmp_path / "a.pth", NullPort())
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_gets_words_and_a_way_out(tmp_path: Path) -> None:
    with serve(StandIn(CONTENT)) as server:
        pass
    with pytest.raises(MissingWeightsError) as told:
        download(Origin(server.url, SHA256), tmp_path / "a.pth", NullPort())
    sentence = str(told.value)
    assert "the server cannot be reached" in sentence
    assert f"into {tmp_path} under the name a.pth" in sentence
    assert "Errno" not in sentence
