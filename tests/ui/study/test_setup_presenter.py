"""The researcher's page says what of a plan's own images is left out, before the study opens."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QLabel

from clarifier_desktop.app import Program
from ui.study.setup_page import SetupPage


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(folder / name)


def words(page: SetupPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_a_plans_own_folder_is_listed_and_what_is_left_out_is_told(
    program: Program, tmp_path: Path, qtbot
) -> None:
    put(tmp_path / "pictures", "a/1.png", "b/1.png", "b/deep/2.png")
    for number in range(2):
        (tmp_path / "pictures" / "a" / f"{number}.HEIC").write_bytes(bytes(99))
    plan = tmp_path / "p.toml"
    plan.write_text('name = "p"\n[[blocks]]\ndataset = "folder"\npath = "pictures"\nimages = 1\n')
    program.presenters.setup.show()
    page = program.pages.currentWidget()
    assert isinstance(page, SetupPage)
    assert "Left out" not in words(page)
    page.plan_chosen.emit(str(plan))
    qtbot.waitUntil(lambda: "Left out: 2 files of a format that is not read: .heic" in words(page))
    assert "b/deep: A folder within a class's folder is not looked into." in words(page)
    page.plan_chosen.emit("built-in")
    assert "Left out" not in words(page)


def test_a_folder_that_is_no_set_says_so_at_once(program: Program, tmp_path: Path, qtbot) -> None:
    put(tmp_path / "pictures", "a/1.png")
    plan = tmp_path / "p.toml"
    plan.write_text('name = "p"\n[[blocks]]\ndataset = "folder"\npath = "pictures"\nimages = 1\n')
    program.presenters.setup.show()
    page = program.pages.currentWidget()
    assert isinstance(page, SetupPage)
    page.plan_chosen.emit(str(plan))
    qtbot.waitUntil(lambda: "only one class with images (a)" in words(page))
