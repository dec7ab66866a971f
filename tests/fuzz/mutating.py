"""Documents as they should not be: parts gone, doubled, renamed, of another type, huge, deep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

__all__ = ["HOSTILE", "mutated"]

DEEP = 3000
HOSTILE = (
    *("NaN", "-Infinity", "1e999", "1e999999999", "-0", "0.1", "3.9", "7", "-1", "true", "null"),
    *("9" * 19, "9" * 400, "9" * 5000, "9223372036854775808"),
    *('"false"', '""', '" "'),
    *('"\\u0000"', '"\\ud800"', '"\\u202e"', '"\\uFF11\\uFF12"', '"\\u00b2"'),
    *('"2023-W01-1"', '"20230101"', '"0001-01-01T00:00:00+23:59"', '"9999-12-31T23:59:59-23:59"'),
    *('"2023-01-01T00:00:00"', '"24:00"', '"none"'),
    *('"' + "9" * 5000 + '"', '"\\u4e00' + "a" * 3000 + '"'),
    *("[]", "{}", "[[]]", "[null]", '{"":1}', '{"a":{"a":1},"b":[1]}', '"a/b"', '"../x"', '"/"'),
    *('{"$set":[[]]}', '{"$set":[1,true]}', '{"$set":[{"$tuple":[{}]}]}'),
    *('{"$tuple":{}}', '{"$":1}'),
    *('{"$fraction":"1/0"}', '{"$fraction":"1"}', '{"$decimal":"NaN"}', '{"$decimal":""}'),
    *('{"$decimal":"1e999"}', '{"$date":"2023-W01-1"}', '{"$datetime":"2023-01-01"}'),
    *('{"$table":[["a",1],["a",2]]}', '{"$table":[["a"]]}'),
    *('{"$text":["a","{b}"]}', '{"$reason":{}}'),
    *("[" * n + "]" * n for n in (41, 300, DEEP)),
    *('{"a":' * n + "1" + "}" * n for n in (41, 300, DEEP)),
    *('{"$tuple":[' * n + "1" + "]}" * n for n in (30, 400)),
    *(
        '{"$reason":{"message":{"code":"a","text":["a","b"]},"parameters":{"a":' * n
        + "1" + "}}}" * n
        for n in (3, 25, 100, 300)
    ),
)  # fmt: skip
"""What stands in a document in place of what should, as JSON, TOML or neither has it."""
_NAMES = ("", " ", "a", "$a", "$table", "\u0000", "\u202e", "一", "a/b", "~", "é", "é", "k" * 500)
_MARK = "@hostile-{}@"


class _Doubled(dict[str, Any]):
    """A table in which a key occurs twice."""

    def items(self) -> Any:  # noqa: ANN401 - pairs, as the writer of JSON goes through them
        every = [*super().items()]
        return [*every, every[0]] if every else every


def mutated(data: bytes, random: Random) -> bytes:
    """Return a document with a few things wrong in it."""
    if data[:1] in b"{[" and random.random() < 0.9:
        try:
            return _mutated_json(data, random)
        except (ValueError, RecursionError):
            pass
    lines = data.splitlines()
    if len(lines) > 1 and b"\0" not in data and random.random() < 0.8:
        for _ in range(random.randint(1, 2)):
            place = random.randrange(len(lines))
            lines[place : place + 1] = _mutated_line(lines[place], random)
            if not lines:
                break
        return b"\n".join(lines)
    return _mutated_bytes(data, random)


def _mutated_line(line: bytes, random: Random) -> list[bytes]:
    match random.randrange(4):
        case 0:
            return []
        case 1:
            return [line, line]
    if line[:1] == b"{":
        return [_mutated_json(line, random)]
    name, equals, _ = line.partition(b"=")
    return [name + equals + random.choice(HOSTILE).encode()] if equals else [line[::-1]]


def _mutated_bytes(data: bytes, random: Random) -> bytes:
    made = bytearray(data)
    for _ in range(random.randint(1, 4)):
        place = random.randint(0, len(made))
        end = place + random.randint(0, 4)
        match random.randrange(3):
            case 0:
                made[place:end] = random.randbytes(random.randint(0, 4))
            case 1:
                made[place:end] = made[: random.randint(0, 20)]
            case 2:
                made[place:end] = random.choice(HOSTILE).strip('"').encode()
    return bytes(made)


def _mutated_json(data: bytes, random: Random) -> bytes:
    try:
        holder: Any = [json.loads(data)]
    except RecursionError:  # it was made deep by the mutation before
        return data
    for _ in range(random.randint(1, 3)):
        places = [
            place for place in _places(holder) if place[0] is not holder or random.random() < 0.1
        ]
        if places:
            _mutate(*random.choice(places), random)
    made = json.dumps(holder, ensure_ascii=False)[1:-1]
    for place, text in enumerate(HOSTILE):
        mark = json.dumps(_MARK.format(place))
        if mark in made:
            made = made.replace(mark, text)
    return made.encode("utf-8", "surrogatepass")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        keys = [*dict.keys(inner)] if isinstance(inner, dict) else range(len(inner))
        for key in keys:
            yield inner, key
            if isinstance(inner[key], dict | list):
                waiting.append(inner[key])


def _mutate(inner: Any, key: Any, random: Random) -> None:  # noqa: ANN401 - any JSON
    value = inner[key]
    match random.randrange(8):
        case 0:
            del inner[key]
        case 1 if isinstance(inner, list):
            inner.insert(key, value)
        case 1 if isinstance(value, dict) and value:
            inner[key] = _Doubled(value)
        case 2 if isinstance(inner, dict):
            inner[random.choice(_NAMES)] = inner.pop(key)
        case 3:
            inner[key] = random.choice(([value], {"a": value}, [value] * 200, {"$tuple": [value]}))
        case 4 if isinstance(value, str):
            inner[key] = random.choice((value * 50, f"{value}\u0000", f" {value}", value[:-1]))
        case 5 if isinstance(inner, dict):
            inner[random.choice(_NAMES)] = value
        case _:
            inner[key] = _MARK.format(random.randrange(len(HOSTILE)))
