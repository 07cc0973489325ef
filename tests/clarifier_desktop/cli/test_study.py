"""The commands of the timing study."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from PIL import Image

from clarifier_desktop import app
from clarifier_desktop.cli import main
from studies.timing.file.store import Store


def test_the_list_of_plans_needs_no_store(capsys):
    assert main(["study", "list"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ("built-in", "demo", "paper", "No study has been run yet"))


def test_a_plan_with_a_broken_image_is_checked_by_name(tmp_path, capsys):
    for name in ("cat", "dog"):
        (tmp_path / "images" / name).mkdir(parents=True)
        for number in range(3):
            Image.new("RGB", (8, 8)).save(tmp_path / "images" / name / f"{number}.png")
    (tmp_path / "images" / "dog" / "broken.jpg").write_bytes(b"not an image")
    plan = tmp_path / "pets.toml"
    plan.write_text('name = "pets"\n[[blocks]]\ndataset = "folder"\npath = "images"\nimages = 1\n')
    assert main(["study", "check", "--plan", str(plan)]) == 1
    said = capsys.readouterr().out
    assert "left out: dog/broken.jpg" in said
    assert "1 image or file would be left out" in said


def test_without_a_command_the_window_opens_on_the_page_of_a_study(monkeypatch):
    opened = []

    def run(started):
        opened.append(started)
        return 0

    monkeypatch.setattr(app, "run", run)
    assert main(["study"]) == 0
    assert opened == [app.Program.prepare_study]


@pytest.mark.parametrize(("classes", "crowded"), [(60, False), (200, True)])
def test_a_plan_says_whether_all_classes_are_in_sight(qapp, tmp_path, capsys, classes: int, crowded: bool):
    from PIL import Image

    for number in range(classes):
        (tmp_path / "images" / f"class {number}").mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "images" / f"class {number}" / "1.png")
    plan = tmp_path / "many.toml"
    block = '[[blocks]]\ndataset = "folder"\npath = "images"\nimages = 1\n'
    for interface in ("keyboard", "dropdown"):
        plan.write_text(f'name = "many"\n[session]\ninterface = "{interface}"\n{block}')
        assert main(["study", "check", "--plan", str(plan)]) == 0
        said = capsys.readouterr().out
        is_said = "the 200 classes do not all fit a window 1,100 px wide" in said
        assert is_said is (crowded and interface == "keyboard")


def test_images_that_show_nothing_or_are_there_twice_are_named_and_nothing_is_refused(tmp_path, capsys):
    for place, name in enumerate(("cat", "dog")):
        (tmp_path / "images" / name).mkdir(parents=True)
        for number in range(3):
            picture = Image.linear_gradient("L").rotate(90 * number).point(lambda v, n=place: v // (1 + n))
            picture.save(tmp_path / "images" / name / f"{number}.png")
    Image.new("RGB", (8, 8)).save(tmp_path / "images" / "cat" / "black.png")
    shutil.copy(tmp_path / "images" / "cat" / "0.png", tmp_path / "images" / "dog" / "copy.png")
    (tmp_path / "p.toml").write_text(
        'name = "p"\n[[blocks]]\ndataset = "folder"\npath = "images"\nimages = 1\n'
    )
    assert main(["study", "check", "--plan", str(tmp_path / "p.toml")]) == 0
    block, minutes, *notes = capsys.readouterr().out.splitlines()
    assert block == "Block 1: 1 image of images by keyboard, after 5 for practice."
    assert minutes == "About 1 minute for a participant of usual pace."
    assert notes == [
        "note: cat/black.png: It is of one colour, or nearly so: there is nothing to see on it.",
        "note: cat/0.png, dog/copy.png: They are the same picture, in different classes.",
        'The plan "p" can be used. 0 images or files would be left out, 2 things are to be known.',
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need a POSIX system")
def test_what_a_folder_leaves_out_is_counted_and_never_refuses_it(tmp_path, capsys):
    for name in ("A", "a", "b"):
        (tmp_path / "images" / name).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "images" / name / "1.png")
    (tmp_path / "images" / "A" / "loop.jpg").symlink_to("loop.jpg")
    os.mkfifo(tmp_path / "images" / "b" / "pipe.jpg")
    for number in range(12):
        (tmp_path / "images" / "b" / f"{number}.HEIC").write_bytes(bytes(99))
    (tmp_path / "p.toml").write_text(
        'name = "p"\n[trials]\npractice = 1\n[[blocks]]\ndataset = "folder"\npath = "images"\nimages = 1\n'
    )
    assert main(["study", "check", "--plan", str(tmp_path / "p.toml")]) == 1
    said = capsys.readouterr().out
    assert "left out: A/loop.jpg: It cannot be looked at (Too many levels of symbolic links)." in said
    assert "left out: b/pipe.jpg: It is no file but a pipe or a device." in said
    assert "12 files of a format that is not read: .heic (b/0.HEIC, b/1.HEIC, b/10.HEIC, ...)" in said
    assert "note: A, a: These names differ only in case" in said
    assert "14 images or files would be left out" in said


@pytest.mark.parametrize("participant", ["P1", "P2"], ids=["a new file", "a file that is there"])
def test_a_study_opens_its_first_trial_without_torch(tmp_path, participant):
    libraries = ["torch", "matplotlib", "scipy", "sklearn"]
    if participant == "P2":
        Store.open(tmp_path / "s.sqlite").close()
        libraries += ["pandas", "sqlite_utils"]  # which makes new files, and loads pandas where it finds it
    code = (
        "import sys; from clarifier_desktop.cli import main; "
        f"code = main(['study', 'run', '--plan', {str(tmp_path / 'p.toml')!r}, '--participant', '{participant}', "
        f"'--store', {str(tmp_path / 's.sqlite')!r}, '--robot']); "
        f"print(code, [m for m in {libraries} if m in sys.modules])"
    )
    (tmp_path / "p.toml").write_text(
        'name = "p"\n[trials]\npractice = 0\nfixation_ms = 0\n[[blocks]]\ndataset = "digits"\nimages = 2\n'
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "0 []"


def test_a_plan_that_asks_for_more_images_than_there_are_does_not_pass_the_check(tmp_path, capsys):
    for name in ("cat", "dog"):
        (tmp_path / "images" / name).mkdir(parents=True)
        for number in range(8):
            Image.new("RGB", (8, 8), (30 * number, 0, 99)).save(tmp_path / "images" / name / f"{number}.png")
    plan = tmp_path / "pets.toml"
    block = '[[blocks]]\ndataset = "folder"\npath = "images"\n'
    pages = 'interface = "page"\npage_count = 3\npage_sizes = [12]\nodd_share = [0.2]\n'
    plan.write_text(f'name = "pets"\n[trials]\npractice = 1\n{block}images = 4\n{block}{pages}')
    assert main(["study", "check", "--plan", str(plan)]) == 2
    said = capsys.readouterr()
    assert "too few usable images" in said.err
    assert "can be used" not in said.out


def test_the_check_says_how_many_questions_are_asked(tmp_path, capsys):
    plan = tmp_path / "asks.toml"
    must, may = (
        f'[[questions]]\nname = "{n}"\ntext = "Q?"\nkind = "text"\nrequired = {required}\n'
        for n, required in enumerate(("true", "false"))
    )
    plan.write_text(f'name = "asks"\n[[blocks]]\ndataset = "digits"\nimages = 1\n{must}{may}')
    assert main(["study", "check", "--plan", str(plan)]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "2 questions after consent, 1 of which must be answered."
    assert second.startswith("Block 1: 1 image of digits")
