"""The reference policy over a cohort as one loop, compiled by numba: the floor.

It reads the frame's own memory, where a truth is one bit, and so does a value that is there. Eight
studios go through the gates at once; two threads share the rows.
"""
# One straight loop, its numbers where they are used: nothing else is as fast.
# ruff: noqa: PLR0912, PLR0913, PLR0915, PLR0917, PLR2004, C901

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
import polars as pl
from cohort_studios import COUNTS, GATE_FLAGS, MARKS

__all__ = ["kernel"]

OTHER_FLAGS = ("funds_proper", "lead_research", "public_benefit", "media_coverage")
NUMBERS = (*COUNTS, *MARKS)
Buffers = tuple[np.ndarray, ...]


def kernel(frame: pl.DataFrame) -> Callable[[], Buffers]:
    """Return a function that scores the frame in place; it is compiled here."""
    pairs = {name: _buffers(frame[name]) for name in (*NUMBERS, *GATE_FLAGS, *OTHER_FLAGS)}
    numbers, there = zip(*(pairs[name] for name in NUMBERS), strict=True)
    gates, gates_there = zip(*(pairs[name] for name in GATE_FLAGS), strict=True)
    flags, flags_there = zip(*(pairs[name] for name in OTHER_FLAGS), strict=True)
    words = frame["funds_papers"].to_arrow(compat_level=pl.CompatLevel.newest()).buffers()
    # A view starts with its length, which tells the three words from each other.
    lengths = np.frombuffer(words[1], np.int32)[::4][: len(frame)]
    words_there = _bits(words[0], len(frame))
    rows = len(frame)
    given = (numbers, there, gates, gates_there, flags, flags_there, lengths, words_there)

    def score() -> Buffers:
        made = (np.empty(rows, np.int16), np.empty(rows, np.int16), np.empty(rows, np.uint8))
        _score(*given, *made)
        return made

    score()
    return score


def _buffers(series: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the values and which of them are there, without a copy."""
    valid, values = series.to_arrow(compat_level=pl.CompatLevel.newest()).buffers()
    kind = np.uint8 if series.dtype == pl.Boolean else np.int64
    return np.frombuffer(values, kind), _bits(valid, len(series))


def _bits(valid: object, rows: int) -> np.ndarray:
    if valid is None:
        return np.full(rows // 8 + 1, 255, np.uint8)
    return np.frombuffer(valid, np.uint8)


@numba.njit(inline="always")
def _four(a, b, c, d, e, f):  # noqa: ANN001, ANN202 - numba finds the types
    """Return, bit by bit, whether four of six are set: two full adders."""
    one, carry = a ^ b ^ c, (a & b) | ((a ^ b) & c)
    other, also = d ^ e ^ f, (d & e) | ((d ^ e) & f)
    return (carry & also) | ((carry | also) & one & other)


@numba.njit(parallel=True, boundscheck=False)
def _score(  # noqa: ANN202 - numba finds the types
    numbers,  # noqa: ANN001
    there,  # noqa: ANN001
    gates,  # noqa: ANN001
    gates_there,  # noqa: ANN001
    flags,  # noqa: ANN001
    flags_there,  # noqa: ANN001
    lengths,  # noqa: ANN001
    words_there,  # noqa: ANN001
    low,  # noqa: ANN001
    high,  # noqa: ANN001
    eligible,  # noqa: ANN001
):
    rows = len(low)
    for eight in numba.prange((rows + 7) // 8):
        sure_led = _four(
            gates[0][eight] & gates_there[0][eight],
            gates[1][eight] & gates_there[1][eight],
            gates[2][eight] & gates_there[2][eight],
            gates[3][eight] & gates_there[3][eight],
            gates[4][eight] & gates_there[4][eight],
            gates[5][eight] & gates_there[5][eight],
        )
        may_led = _four(
            gates[0][eight] | ~gates_there[0][eight],
            gates[1][eight] | ~gates_there[1][eight],
            gates[2][eight] | ~gates_there[2][eight],
            gates[3][eight] | ~gates_there[3][eight],
            gates[4][eight] | ~gates_there[4][eight],
            gates[5][eight] | ~gates_there[5][eight],
        )
        for gate in range(6, len(gates)):
            sure_led &= gates[gate][eight] & gates_there[gate][eight]
            may_led &= gates[gate][eight] | ~gates_there[gate][eight]
        for bit in range(min(8, rows - 8 * eight)):
            row = 8 * eight + bit

            is_there = (there[0][eight] >> bit) & 1
            fits = 7 <= numbers[0][row] <= 12
            sure = (sure_led >> bit) & is_there & fits
            may = (may_led >> bit) & ((1 - is_there) | fits) & 1
            eligible[row] = sure + 2 * (may & (1 - sure))

            # counts: 1 activities, 2 faults, 3 trainees, 4 research, 5 output, 6 lesson, 7 promoted
            research_there = (there[4][eight] >> bit) & 1
            output_there = (there[5][eight] >> bit) & 1
            promoted_there = (there[7][eight] >> bit) & 1
            research = numbers[4][row] if research_there else 0
            output = numbers[5][row] if output_there else 0
            promoted = numbers[7][row] if promoted_there else 0
            if (there[3][eight] >> bit) & 1:
                least = most = numbers[3][row]
            else:
                lesson = numbers[6][row] if (there[6][eight] >> bit) & 1 else 0
                least, most = max(research, output, lesson, promoted), 500
            papers_there = (words_there[eight] >> bit) & 1
            length = lengths[row]

            proper_there = (flags_there[0][eight] >> bit) & 1
            proper = (flags[0][eight] >> bit) & 1
            lead_there = (flags_there[1][eight] >> bit) & 1
            lead = (flags[1][eight] >> bit) & 1 & lead_there
            benefit_there = (flags_there[2][eight] >> bit) & 1
            benefit = (flags[2][eight] >> bit) & 1 & benefit_there
            media_there = (flags_there[3][eight] >> bit) & 1
            media = (flags[3][eight] >> bit) & 1 & media_there

            # marks: 8 goal, 9 training, 10 funds, 11 website, 12 output, 13 promotion, 14 station
            a, b = 0, 0
            if (there[8][eight] >> bit) & 1:
                a, b = numbers[8][row], numbers[8][row]
            else:
                b = 10
            if (there[9][eight] >> bit) & 1:
                a, b = a + numbers[9][row], b + numbers[9][row]
            else:
                b += 10
            if (there[14][eight] >> bit) & 1:
                a, b = a + numbers[14][row], b + numbers[14][row]
            else:
                b += 5
            if (there[1][eight] >> bit) & 1:
                held = min(20, numbers[1][row])
                a, b = a + held, b + held
            else:
                b += 20
            if (there[10][eight] >> bit) & 1:
                a, b = a + numbers[10][row], b + numbers[10][row]
            else:
                in_time = 1 - papers_there | (length == 7)
                late = 1 - papers_there | (length == 4)
                if papers_there & proper_there & proper & in_time:
                    a += 4
                elif papers_there & late:
                    a += 1
                if in_time & (1 - proper_there | proper):
                    b += 5
                elif late:
                    b += 3
            if (there[12][eight] >> bit) & 1:
                a, b = a + numbers[12][row], b + numbers[12][row]
            else:
                if least > 0 and 10 * output >= 5 * most:
                    a += 8 if 10 * output >= 8 * most else 5
                reached = 10 * (output if output_there else most)
                if most > 0 and reached >= 5 * least:
                    b += 10 if reached >= 8 * least else 7
            if (there[13][eight] >> bit) & 1:
                a, b = a + numbers[13][row], b + numbers[13][row]
            else:
                if least > 0 and 10 * promoted >= most:
                    a += 4 if 10 * promoted >= 2 * most else 1
                reached = 10 * (promoted if promoted_there else most)
                if most > 0 and reached >= least:
                    b += 5 if reached >= 2 * least else 3
            with_research = research > 0
            may_research = with_research if research_there else most > 0
            a += 10 if lead & with_research else 7 * (lead | with_research)
            may_lead = lead | (1 - lead_there)
            b += 10 if may_lead & may_research else 7 * (may_lead | may_research)

            many, may_many = least >= 20, most >= 20
            paid = min(5, 2 * (many + benefit + media))
            may_paid = min(
                5, 2 * (may_many + (benefit | 1 - benefit_there) + (media | 1 - media_there))
            )
            if (there[15][eight] >> bit) & 1:
                feature = numbers[15][row]
                a, b = a + min(15, feature + paid), b + min(15, feature + may_paid)
            else:
                a, b = a + paid, b + min(15, (15 if may_many else 10) + may_paid)

            faults, may_faults = 500, 0
            if (there[2][eight] >> bit) & 1:
                faults = may_faults = numbers[2][row]
            page, may_page = 0, 10
            if (there[11][eight] >> bit) & 1:
                page = may_page = numbers[11][row]
            low[row] = 2 * a + max(0, 2 * page - faults)
            high[row] = 2 * b + max(0, 2 * may_page - may_faults)
