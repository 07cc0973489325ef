"""What a network reads of a class: a template with its name, or a text of one's own."""

from __future__ import annotations

import json

import pytest

from studies.labeling.facts.class_texts import ClassTexts
from studies.labeling.facts.settings import ProjectSettings, SettingsError, settings_from, stored_settings


def test_the_name_stands_in_the_template_with_spaces_for_underscores():
    texts = ClassTexts(template="ein Foto: {}, {} allein")
    assert texts.of(0, "Golden_Retriever") == "ein Foto: Golden Retriever, Golden Retriever allein"
    assert texts.of(0, "a{0}b") == "ein Foto: a{0}b, a{0}b allein"


def test_a_text_of_ones_own_stands_for_a_class_whatever_it_is_called():
    texts = ClassTexts().with_own(2, "a drawing of a fox")
    assert (texts.of(2, "fox"), texts.of(2, "vixen")) == ("a drawing of a fox",) * 2
    assert texts.of(1, "fox") == "a photo of a fox"
    assert texts.with_own(2, "") == ClassTexts()


def test_a_file_keeps_them():
    settings = ProjectSettings(names=ClassTexts(use=False, template="{}").with_own(11, "x"))
    assert stored_settings(settings.model_dump_json()) == settings


def test_settings_of_before_there_were_texts_have_the_usual_ones():
    old = json.loads(ProjectSettings().model_dump_json())
    del old["names"]
    assert stored_settings(json.dumps(old)).names == ClassTexts()


@pytest.mark.parametrize("template", ["a photo", "", None, "{}" * 150])
def test_a_template_without_the_name_is_refused(template):
    with pytest.raises(SettingsError) as refused:
        settings_from({"names": {"template": template}})
    assert refused.value.where == ("names", "template")
