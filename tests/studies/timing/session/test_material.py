from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from model.datasets import DataError
from model.errors import UserError
from model.port import Cancelled, NullPort
from studies.timing.facts.pages import trials_of
from studies.timing.facts.plan import load_plan, parse_plan
from studies.timing.session.chance import DrawError
from studies.timing.session.material import Drawn, draw, open_material, source_of
from tests.studies.timing.pictures import CLASSES, PLAN, break_picture, make_pictures, pictures_plan


class Watched:
    """A port that notes progress and asks to stop after ``stop_after`` reports."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.reports: list[tuple[int, int, str]] = []
        self._stop_after = stop_after

    def progress(self, done: int, total: int, text: str) -> None:
        self.reports.append((done, total, text))

    def cancelled(self) -> bool:
        return self._stop_after is not None and len(self.reports) >= self._stop_after


def drawn(folder: Path, number: int = 1, toml: str = PLAN) -> Drawn:
    return draw(pictures_plan(folder, toml), folder / "cache", {}, number, NullPort())


def test_a_session_is_drawn_from_real_files(tmp_path: Path) -> None:
    make_pictures(tmp_path)
    found = drawn(tmp_path)
    assert len(trials_of(found.units)) == 8
    assert found.left_out == ()
    assert found.material.classes("pictures") == CLASSES
    assert Counter(t.true_class for t in trials_of(found.units) if not t.practice) == dict.fromkeys(
        CLASSES, 2
    )
    assert trials_of(drawn(tmp_path).units) == trials_of(found.units)
    assert trials_of(drawn(tmp_path, 2).units) != trials_of(found.units)


def test_a_trial_shows_its_own_image(tmp_path: Path) -> None:
    make_pictures(tmp_path)
    found = drawn(tmp_path)
    for trial in trials_of(found.units):
        image, smooth = found.material.load(trial, None)
        name, file = trial.item.split("/")
        assert (image.mode, image.size, smooth) == ("RGB", (40, 30), True)
        assert image.getpixel((5, 5)) == (50 * CLASSES.index(name), 10 * int(file[0]), 90)
        assert trial.true_class == name
        assert found.material.load(trial, (20, 20))[0].size == (20, 15)


def test_broken_images_are_passed_over_and_listed_by_name(tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path, per_class=6)
    before = drawn(tmp_path)
    broken = sorted({t.item for t in trials_of(before.units)})[:2]
    for item in broken:
        break_picture(pictures / item)
    (pictures / "dog" / "9.png").write_bytes(b"")
    found = drawn(tmp_path)
    assert len(trials_of(found.units)) == 8
    assert not {t.item for t in trials_of(found.units)} & {*broken, "dog/9.png"}
    assert set(broken) <= {problem.item for problem in found.left_out} <= {*broken, "dog/9.png"}
    assert all(problem.reason for problem in found.left_out)
    for trial in trials_of(found.units):
        found.material.load(trial, None)
    assert trials_of(drawn(tmp_path).units) == trials_of(found.units)


def test_what_a_set_leaves_out_itself_is_listed_too(tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path)
    (pictures / "empty").mkdir()
    assert [problem.item for problem in drawn(tmp_path).left_out] == ["empty"]


def test_too_many_broken_images_are_told_with_their_number(tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path, per_class=3)
    for file in (pictures / "cat").iterdir():
        break_picture(file)
    with pytest.raises(DrawError, match=r'"pictures" has 6 usable images \(3 more cannot be read\)'):
        drawn(tmp_path)


def test_progress_reaches_its_end_and_never_passes_it(tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path, per_class=6)
    for item in [t.item for t in trials_of(drawn(tmp_path).units)][:3]:
        break_picture(pictures / item)
    port = Watched()
    draw(pictures_plan(tmp_path), tmp_path, {}, 1, port)
    done = [report[0] for report in port.reports]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (1, 8)
    assert {report[1:] for report in port.reports} == {(8, "Checking the images of pictures")}


@pytest.mark.parametrize("after", [1, 5])
def test_preparing_stops_when_it_is_told_to(tmp_path: Path, after: int) -> None:
    make_pictures(tmp_path)
    port = Watched(stop_after=after)
    with pytest.raises(Cancelled):
        draw(pictures_plan(tmp_path), tmp_path, {}, 1, port)
    assert len(port.reports) == after


def test_a_set_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        drawn(tmp_path)
    toml = 'name = "x"\n[[blocks]]\ndataset = "cifar10"\nimages = 1\n'
    with pytest.raises(DataError, match="Download it first"):
        drawn(tmp_path, toml=toml)


def test_images_that_changed_since_they_were_drawn_are_refused_one_by_one(tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path)
    trial = trials_of(drawn(tmp_path).units)[0]
    loaded = pictures_plan(tmp_path)

    def refusal(**changed: str | None) -> str:
        material = open_material(loaded, tmp_path, {})
        with pytest.raises(UserError) as raised:
            material.load(replace(trial, **changed), None)  # type: ignore[arg-type]
        return str(raised.value)

    assert refusal(suggestion="bat") == "The class bat is no longer in pictures."
    assert refusal(true_class="tiger") == f"The image {trial.item} of pictures is no longer tiger."
    open_material(loaded, tmp_path, {}).load(replace(trial, suggestion=None), None)
    break_picture(pictures / trial.item)
    assert Path(trial.item).name in refusal()
    (pictures / trial.item).unlink()
    assert refusal() == f"The image {trial.item} is no longer in pictures."


def test_an_image_deleted_while_the_study_runs_is_refused(tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path)
    found = drawn(tmp_path)
    (pictures / trials_of(found.units)[0].item).unlink()
    with pytest.raises(UserError):
        found.material.load(trials_of(found.units)[0], None)


def test_where_a_sets_folder_is_known_to_this_machine(tmp_path: Path) -> None:
    toml = (
        'name = "x"\n[[blocks]]\ndataset = "ucmerced"\nimages = 1\n'
        '[[blocks]]\ndataset = "ucmerced"\nimages = 1\npath = "there"\n[[blocks]]\ndataset = "digits"\nimages = 1\n'
    )
    loaded = parse_plan(toml, folder=tmp_path)
    folders = {"ucmerced": Path("/data/UCMerced")}
    sources = [source_of(loaded, block, folders) for block in loaded.plan.blocks]
    assert [s.path for s in sources] == [Path("/data/UCMerced"), tmp_path / "there", None]
    assert source_of(loaded, loaded.plan.blocks[0], {}).path is None


def test_classes_are_shown_in_the_order_of_a_dictionary_and_drawn_in_the_sets_own(tmp_path: Path) -> None:
    names = ("Zebra", "Äpfel", "Birne", "10", "9")
    for name in names:
        (tmp_path / "pictures" / name).mkdir(parents=True)
        Image.new("RGB", (4, 4)).save(tmp_path / "pictures" / name / "1.png")
    plan = 'name = "p"\n[[blocks]]\ndataset = "folder"\npath = "pictures"\nimages = 3\n'
    (tmp_path / "p.toml").write_text(plan)
    loaded = load_plan(str(tmp_path / "p.toml"))
    material = open_material(loaded, tmp_path, {})
    (label,) = material.sets
    assert material.classes(label) == ("9", "10", "Äpfel", "Birne", "Zebra")
    assert material.sets[label].classes == ("9", "10", "Birne", "Zebra", "Äpfel")
