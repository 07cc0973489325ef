"""An audit of frozen predictions that may be stopped at any moment: a test by betting, and the needle that it moves.

Predictions are frozen and drawn evenly, without replacement; a person says of each whether it is wrong. Against every
possible number T of wrong ones among the M, a gambler bets on the next draw (Waudby-Smith and Ramdas 2023, section 5;
for draws without replacement their section 5.3). If T is the truth the stake does not grow on average, so it ever
reaches 1 / chance with at most that chance (Ville 1939); the T against which it did are ruled out for good, and the
needle is the largest T that is left.

The bets are those of a gambler who believes the share wrong to be beta-distributed and learns from what is drawn. The
stake against T is then a ratio of two likelihoods, which depends on the numbers drawn and found alone (as the
prior-posterior ratio of Waudby-Smith and Ramdas 2020, Confidence sequences for sampling without replacement):

    B(a + k, b + n - k) / B(a, b)  /  [ T! / (T - k)!  (M - T)! / (M - T - n + k)!  (M - n)! / M! ].

With a = 1 and b = 1 / expected - 1 the belief is broad and its mean is the share that the model expects.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studies.finish.looks import CHANCE

Numbers = NDArray[np.int64] | NDArray[np.floating]
_MANY = 4000  # numbers of further draws that are tried at once


@dataclass(frozen=True)
class Audit:
    """Of ``pool`` frozen predictions ``drawn`` were looked at, and ``wrong`` of them were wrong.

    ``expected`` is the share of wrong ones that the model expects, fixed before the first draw; ``most`` the needle so
    far, as the most wrong ones in the pool. These six numbers are what a project stores.
    """

    pool: int
    expected: float
    chance: float = CHANCE
    drawn: int = 0
    wrong: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        if not (0 < self.expected < 1 and 0 < self.chance < 1 and self.wrong <= self.drawn <= self.pool):
            raise ValueError(f"no audit: {self}")

    @property
    def limit(self) -> int:
        """The most wrong ones in the pool, those found included: at any moment right with probability 1 - chance."""
        now = self.pool if self.most is None else self.most
        return min(now, self.pool - self.drawn + self.wrong)

    @property
    def left(self) -> int:
        """The most wrong ones that are not found yet."""
        return max(0, self.limit - self.wrong)

    @property
    def share(self) -> float:
        """The needle: the most wrong ones not found yet, as a share of the pool."""
        return self.left / self.pool if self.pool else 0.0

    def add(self, drawn: int, wrong: int) -> Audit:
        """The audit after ``drawn`` more draws, ``wrong`` of which were wrong."""
        if not 0 <= wrong <= drawn:
            raise ValueError(f"{wrong} of {drawn} draws cannot be wrong")
        more = replace(self, drawn=self.drawn + drawn, wrong=self.wrong + wrong)
        return replace(more, most=min(self.limit, _limit(more)))


def log_stake(audit: Audit, total: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """The logarithm of the stake against each ``total`` of wrong ones in the pool; infinite where it is impossible."""
    drawn, wrong = np.asarray(audit.drawn), np.asarray(audit.wrong)
    return _log_stake(audit, np.asarray(total), drawn, wrong)


def draws_to_go(audit: Audit, allowed: int) -> int | None:
    """How many more draws it is expected to take until at most ``allowed`` wrong ones are left; ``None``: never.

    If the draws show what was seen so far and what the model expects together.
    """
    if audit.left <= allowed:
        return 0
    a, b = _belief(audit)
    share = (a + audit.wrong) / (a + b + audit.drawn)
    rest = audit.pool - audit.drawn
    more = np.unique(np.linspace(1, rest, min(rest, _MANY)).round()).astype(np.int64)
    wrong = audit.wrong + share * more
    stake = _log_stake(audit, allowed + 1 + wrong, audit.drawn + more, wrong)
    mode = share * audit.pool < allowed + 1 + wrong  # the null lies above what is likely
    enough = np.flatnonzero((stake >= -math.log(audit.chance)) & mode)
    return int(more[enough[0]]) if len(enough) else None


def _belief(audit: Audit) -> tuple[float, float]:
    return 1.0, 1.0 / audit.expected - 1.0


def _log_stake(audit: Audit, total: Numbers, drawn: Numbers, wrong: Numbers) -> NDArray[np.float64]:
    from scipy.special import betaln, gammaln

    a, b = _belief(audit)
    pool = audit.pool
    possible = (total >= wrong) & (pool - total >= drawn - wrong)
    inside = np.where(possible, total, wrong)
    belief = betaln(a + wrong, b + drawn - wrong) - betaln(a, b)
    null = (
        gammaln(inside + 1)
        - gammaln(inside - wrong + 1)
        + gammaln(pool - inside + 1)
        - gammaln(np.maximum(pool - inside - drawn + wrong, 0) + 1)
        + gammaln(pool - drawn + 1)
        - gammaln(pool + 1)
    )
    stake: NDArray[np.float64] = np.where(possible, belief - null, np.inf)
    return stake


def _limit(audit: Audit) -> int:
    """The largest number of wrong ones that the draws so far do not rule out."""
    total = np.arange(audit.wrong, audit.pool - audit.drawn + audit.wrong + 1)
    open_ = np.flatnonzero(log_stake(audit, total) < -math.log(audit.chance))
    return int(total[open_[-1]]) if len(open_) else audit.wrong
