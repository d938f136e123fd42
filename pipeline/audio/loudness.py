"""How loud speech is, in LUFS (ITU-R BS.1770), for voices whose level nobody has measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.ports import Pcm

BLOCK_S = 0.4
SILENT_LUFS, UNDER_MEAN_LU = -70.0, 10.0
# The recommendation's two filters, as it gives them for 48 kHz: a shelf, then a high-pass.
_SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (-1.69065929318241, 0.73248077421585),
)
_HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))


def lufs(pcm: Pcm, rate: int) -> float | None:
    """Integrated loudness of mono samples; None for silence."""
    size = round(BLOCK_S * rate)
    blocks = pcm[: len(pcm) // size * size].reshape(-1, size) if len(pcm) >= size else pcm[None, :]
    if not blocks.size:
        return None
    spectrum = np.abs(np.fft.rfft(blocks, axis=1)) ** 2 * _weights(blocks.shape[1], rate)
    power = 2 * spectrum.sum(axis=1) / blocks.shape[1] ** 2
    loud = power[_in_lufs(power) > SILENT_LUFS]
    if not len(loud):
        return None
    kept = loud[_in_lufs(loud) > _in_lufs(loud.mean()) - UNDER_MEAN_LU]
    return float(_in_lufs(kept.mean()))


def _in_lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)))


def _weights(size: int, rate: int) -> NDArray[np.float64]:
    """What the filters do to the power at each frequency of a block."""
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / rate) / 48_000)
    gain = np.ones(len(turn), dtype=complex)
    for (b0, b1, b2), (a1, a2) in (_SHELF, _HIGH_PASS):
        gain *= (b0 + b1 * turn + b2 * turn**2) / (1 + a1 * turn + a2 * turn**2)
    return np.asarray(np.abs(gain) ** 2)
