"""How many households a sample has, and which: the same seed draws the same ones."""

import random
from collections.abc import Sequence


def sample_size(households: int, *, percent: int, least: int) -> int:
    """The share of all households rounded up, at least so many, at most all."""
    share = -(-households * percent // 100)
    return min(households, max(share, least))


def draw(households: Sequence[int], size: int, seed: int) -> list[int]:
    """`size` of the numbers, in rising order; who has the seed can draw them again."""
    return sorted(random.Random(seed).sample(sorted(households), size))  # noqa: S311 - no secret
