"""What the child process of a download does and says."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import asdict

import pytest

from model.datasets import Origin
from model.datasets.downloaded import DOWNLOADS
from model.datasets.fetch import _recipe, _sentence, main
from tests.model.datasets.archives import serve
from tests.model.datasets.archives import server as server


def failure(name, origin, folder, capsys):
    """The error that the child process reports, run here to save the import of torch."""
    assert main([name, str(folder), json.dumps(asdict(origin))]) == 1
    messages = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(message) for message in messages[:-1]] == [["done", "total", "text"]] * (len(messages) - 1)
    return messages[-1]["error"]


def test_torchvision_checks_the_files_inside(server, tmp_path):
    origin, _ = serve(server, "cifar10")
    wrong = Origin(origin.url, origin.md5, {**origin.members, "test_batch": "0" * 32})
    with pytest.raises(RuntimeError, match="corrupted"):
        main(["cifar10", str(tmp_path), json.dumps(asdict(wrong))])
    assert not (tmp_path / "ready").exists()


def test_server_that_is_down(server, tmp_path, capsys):
    origin, _ = serve(server, "svhn")
    server.shutdown()
    server.server_close()
    text = failure("svhn", origin, tmp_path, capsys)
    assert text.startswith("SVHN could not be downloaded")
    assert "Check the connection to the internet" in text


def test_connection_that_breaks_off(server, tmp_path, capsys):
    origin, _ = serve(server, "svhn")
    server.cut_after = 1000
    assert "broke off" in failure("svhn", origin, tmp_path, capsys)
    assert list((tmp_path / "raw").iterdir()) == []


def test_server_that_has_it_no_more(server, tmp_path, capsys):
    origin, _ = serve(server, "svhn")
    server.status = 404
    assert "server of SVHN answered 404 (Not Found)" in failure("svhn", origin, tmp_path, capsys)


def test_every_download_is_known_to_torchvision():
    """What is downloaded without an origin is what torchvision names."""
    recipes = {name: _recipe(name, None) for name in DOWNLOADS}
    assert recipes["cifar10"].md5 == "c58f30108f718f92721af3b95e74349a"
    assert recipes["stl10"].md5 == "91f7769df0f17e558f3565bffb0c7dfb"
    assert recipes["svhn"].md5 == "eb5a983be6a315427106f1b164d9cef3"
    assert recipes["svhn"].url.endswith("/test_32x32.mat")
    assert recipes["cifar100"].md5 == "eb9058c3a382ffc7106e4002c42a8d85"
    assert recipes["svhn-train"].md5 == "e26dedcc434d2e4c54c9b2d4a06d8373"
    assert recipes["svhn-train"].url.endswith("/train_32x32.mat")


def test_expected_failures_have_their_sentence():
    full = _sentence(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), DOWNLOADS["svhn"])
    assert full == (
        "The disk is full: SVHN needs 350 MB while it is unpacked. Free some space and try again."
    )
    assert "scipy" in (_sentence(ModuleNotFoundError("no", name="scipy"), DOWNLOADS["svhn"]) or "")
    assert _sentence(RuntimeError("a bug"), DOWNLOADS["svhn"]) is None
