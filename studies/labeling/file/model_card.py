"""A model card (Mitchell et al. 2019): what a model was trained on, how good it is, and what is not known of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from model.names import TRAINED_NETWORKS
from model.networks.encoders import ENCODERS, Library
from studies.estimates import Share
from studies.labeling.facts.records import ModelRecord
from studies.labeling.file.store import ProjectStore
from studies.numerals import counted
from studies.table_files import write_text

_TERMS = (
    "torchvision is under the BSD 3-clause licence; of its pretrained weights it says that they may have licences or "
    "terms of their own, derived from the data that they were trained on, here ImageNet. Whether your use is permitted "
    "is for you to determine."
)


@dataclass(frozen=True)
class CardFacts:
    """What a card tells beside what the project's file holds."""

    about: Mapping[str, Any]  # of the model's file, without its weights
    weights_licence: str | None  # that torchvision names for the frozen network's weights
    version: str  # of the program


def write_card(store: ProjectStore, model: ModelRecord, facts: CardFacts, to: Path) -> Path:
    """Write a model's card as Markdown and return its file; raises ``ExportError``."""
    write_text(to, describe_model(store, model, facts))
    return to


def describe_model(store: ProjectStore, model: ModelRecord, facts: CardFacts) -> str:
    """A model's card as Markdown."""
    about = facts.about
    trained = dict(store.table("round_costs", ("model", "utc"), "round")).get(model.sha256, "unknown")
    parts = (
        f"# Model card: {_plain(store.head().name)}",
        f"Takes an image for one of {len(about['classes'])} classes. Trained with CLARIFIER Desktop, in the project "
        f"named above, on {counted(model.trained_on, 'label')}. It knows no other classes: an image of none of them "
        "gets one of them too.",
        "## How often it is right",
        _accuracy(model),
        "## How sure it is",
        _calibration(about, model),
        "## Labels",
        *_labels(store),
        "## Images as it gets them",
        _preparation(about),
        "## Network and weights",
        describe_weights(store, model, facts.weights_licence),
        "## Where it comes from",
        _list(
            *_begun_with(store),
            ("trained", f"{trained}, round {_round(store, model)}"),
            ("this card", datetime.now(timezone.utc).date().isoformat()),
            ("program", f"CLARIFIER Desktop {facts.version}, torch {about.get('torch', 'unknown')}"),
            ("seed", str(model.seed)),
            ("device", model.device),
            ("training settings", f"`{model.settings}`"),
            ("SHA-256 of the file", f"`{model.sha256}`"),
        ),
    )
    return "\n\n".join(parts) + "\n"


def _accuracy(model: ModelRecord) -> str:
    interval = Share(model.holdout_right, model.holdout_n).wilson()
    if interval is None:
        return "Not measured: no image was held out and labeled."
    return (
        f"**{interval.value:.1%}** of {counted(model.holdout_n, 'held-out image')} predicted as a person labeled them "
        f"({model.holdout_right:,} right; 95 % interval {interval.low:.1%} to {interval.high:.1%}, Wilson). They are a "
        "random sample of the project's images that the model was not trained on: of other images this says nothing, "
        "and it counts the person's answers as the truth."
    )


def _calibration(about: Mapping[str, Any], model: ModelRecord) -> str:
    temperature = about.get("temperature")
    if temperature is None:
        return (
            "**Not calibrated.** There were too few held-out labels to measure it. The network's own probabilities are "
            "mostly far too sure: take them as an order, not as a chance."
        )
    return (
        f"Calibrated by temperature scaling: the outputs are divided by {temperature:.3g} before the softmax. The "
        f"temperature was fitted on the same {counted(model.holdout_n, 'held-out label')} as above, and how well it "
        "fits was not measured on others. It holds for images like the project's."
    )


def _labels(store: ProjectStore) -> Sequence[str]:
    rows = store.table("labels", ("label", "origin", "purpose", "annotator"), "item", "label IS NOT NULL")
    names = dict.fromkeys(name for (name,) in store.table("classes", ("name",), "class_id"))
    whose = Counter((label, _by_whom(origin, purpose)) for label, origin, purpose, _ in rows)
    columns = ("by a person", "imported", "by the program")
    lines = [f"| class | {' | '.join(columns)} |", "|---|---:|---:|---:|"]
    for name in names:
        cells = " | ".join(f"{whose[name, column]:,}" for column in columns)
        lines.append(f"| {_plain(name).replace('|', chr(92) + '|')} | {cells} |")
    people = Counter(annotator or "without a code" for _, origin, _, annotator in rows if origin == "person")
    given = ", ".join(f"{_plain(code)} {n:,}" for code, n in sorted(people.items())) or "nobody"
    return (
        "As the project stood when this card was written; held-out ones are counted and were not trained on.",
        "\n".join(lines),
        f"Given by: {given}. {store.progress().sentence('people')}",
    )


def _begun_with(store: ProjectStore) -> tuple[tuple[str, str], ...]:
    """Which model the project was begun with, which later ones go on from as long as that helps."""
    begun = store.begun_with()
    if begun is None:
        return ()
    labels = counted(begun.trained_on, "label")
    return (("begun with", f"{_plain(begun.name)}, trained on {labels} elsewhere, SHA-256 `{begun.sha256}`"),)


def _by_whom(origin: str, purpose: str) -> str:
    if origin == "program":
        return "by the program"
    return "imported" if purpose == "import" else "by a person"


def _preparation(about: Mapping[str, Any]) -> str:
    transform, ranges = about["transform"], about.get("display_ranges") or {}
    shown = ", ".join(f"{kind}: {json.dumps(own)}" for kind, own in ranges.items() if own)
    return _list(
        (
            "size",
            f"resized to {transform['resize']} x {transform['resize']} pixels, the shape not kept, of "
            f"which the centre of {transform['size']} x {transform['size']} is taken",
        ),
        ("colours", "RGB, as sRGB, scaled to 0..1"),
        ("mean", f"{transform['mean']}, subtracted"),
        ("standard deviation", f"{transform['std']}, divided by"),
        ("deep images", f"display range {shown}" if shown else "none were seen"),
        ("rules of reading files", str(about.get("pixel_rules", "not noted"))),
        ("in training", f"padding {transform['padding']}, mirrored {'yes' if transform['flip'] else 'no'}"),
    )


def describe_weights(store: ProjectStore, model: ModelRecord, licence: str | None = None) -> str:
    """A model's network, whose weights it has, and their terms, as Markdown.

    ``licence``: what torchvision names for the weights of its own, where somebody asked it.
    """
    begun = store.begun_with()
    if model.network in TRAINED_NETWORKS and begun is not None and begun.network == model.network:
        return (
            f"`{model.network}`, trained in full in the project of {_plain(begun.name)}, which this one was begun "
            "with; here only the last layer was trained. It holds no weights of others."
        )
    if model.network in TRAINED_NETWORKS:
        return f"`{model.network}`, trained in full on this project's labels: it holds no weights of others."
    file = next((_weights_file(r.plan) for r in store.rounds() if r.model_id == model.model_id), None)
    if file is not None:
        return f"`{model.network}`, frozen, with the weights of `{file}`; their licence is not known to the program."
    encoder = ENCODERS.get(model.network)
    if encoder is not None and encoder.library is Library.TIMM:
        return (
            f"`{model.network}` of timm, frozen with its pretrained weights; only the last layer was trained. Licence "
            f"of these weights: {encoder.terms}."
        )
    own = f" For these weights it names {licence}." if licence else ""
    frozen = f"`{model.network}` of torchvision, frozen with its pretrained weights; only the last layer was trained."
    return f"{frozen} {_TERMS}{own}"


def _weights_file(plan: str) -> str | None:
    """The name of the file of weights that a round was given, without where it lay."""
    given = json.loads(plan).get("weights")
    return Path(given.replace("\\", "/")).name if isinstance(given, str) else None


def _round(store: ProjectStore, model: ModelRecord) -> str:
    return next((str(r.round) for r in store.rounds() if r.model_id == model.model_id), "unknown")


def _list(*facts: tuple[str, str]) -> str:
    return "\n".join(f"- {name}: {value}" for name, value in facts)


def _plain(text: str) -> str:
    """A person's words on one line, none of them read as Markdown's own signs."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#" else c for c in " ".join(text.split()))
