"""Cross-fitting: each held item is told of by a model that never saw it, and by no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from model.learning.crossfit import cross_fitted


def test_every_held_item_is_predicted_without_itself():
    labeled = torch.tensor([True, True, False, True, True, True, True])
    held = torch.tensor([6, 0, 3, 4])
    trained_on: list[Tensor] = []

    def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
        trained_on.append(chosen)
        assert not chosen[2]
        assert chosen[[1, 5]].all(), "labeled items that are not held always train"
        # The "probabilities" name the item and how many were trained on.
        assert not chosen[held].all()

        def predict(items: Tensor) -> Tensor:
            assert not chosen[items].any()
            return torch.stack([items.float(), torch.full((len(items),), float(chosen.sum()))], dim=1)

        return predict

    said = cross_fitted(fit, labeled, held, folds=2, seed=3)
    assert said[:, 0].tolist() == held.tolist(), "in the order asked"
    assert said[:, 1].tolist() == [4.0] * 4, "two of four held out each time, of six"
    assert len(trained_on) == 2
    assert (~trained_on[0] & ~trained_on[1] & labeled).sum() == 0, "each is held out once"


def test_each_of_the_others_is_predicted_by_the_model_of_one_fold():
    labeled = torch.tensor([True] * 6 + [False] * 5)
    held, others = torch.arange(6), torch.tensor([10, 6, 8, 7])
    folds = iter((0.0, 1.0))

    def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
        number = next(folds)
        return lambda items: torch.stack([items.float(), torch.full((len(items),), number)], dim=1)

    said = cross_fitted(fit, labeled, held, folds=2, seed=3, others=others)
    assert said[:, 0].tolist() == [*held.tolist(), *others.tolist()], "in the order asked"
    assert said[6:, 1].sum() == 2, "half of them by each model"
    folds = iter((0.0, 1.0))
    assert torch.equal(said[:6], cross_fitted(fit, labeled, held, folds=2, seed=3)), "the folds stay the same"


def test_there_are_no_more_parts_than_items():
    def fit(chosen: Tensor) -> Callable[[Tensor], Tensor]:
        return lambda items: torch.ones(len(items), 2) * float(chosen.sum())

    said = cross_fitted(fit, torch.ones(5, dtype=torch.bool), torch.tensor([1, 2]), folds=5, seed=0)
    assert said.tolist() == [[4.0, 4.0]] * 2


@pytest.mark.parametrize(("held", "folds"), [([], 2), ([1], 1)])
def test_what_cannot_be_split_is_refused(held: list[int], folds: int):
    with pytest.raises(ValueError, match="at least"):
        cross_fitted(
            lambda _: lambda items: items, torch.ones(3, dtype=torch.bool), torch.tensor(held), folds, 0
        )
