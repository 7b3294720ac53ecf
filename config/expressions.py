"""Expressions in the Common Expression Language: compiled once, tried on made-up facts, refused when slow or wrong.

An expression cannot run for long: its length, its depth and its macros are bounded before it is compiled (no macro
inside another, none that makes values larger), so its cost grows with its length and the length of one list at most.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from random import Random
from typing import TYPE_CHECKING, Any

from bot.core.custom_facts import VARIABLES

if TYPE_CHECKING:
    import cel

LONGEST, DEEPEST, MOST_MACROS = 500, 8, 2
TRIALS, SLOWEST = 300, 0.001
"""Sets of made-up facts, and the seconds that one evaluation may take on average."""
_TOKEN = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[A-Za-z_]\w*|\d+(?:\.\d+)?|\s+|.""", re.DOTALL)
_OPEN, _CLOSED = "([{", ")]}"
MACROS = frozenset({"all", "exists", "exists_one", "filter"})
REFUSED = {"map": "会让值越变越大", "matches": "正则表达式太慢，请用 contains、startsWith 或 endsWith"}


class BadExpression(ValueError):
    """An expression that cannot be used; str() says why in Chinese."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled condition; as a function of named facts it is a bot.core.custom_tags.Predicate."""

    source: str
    names: tuple[str, ...]
    literals: tuple[str, ...]
    program: cel.Program

    def __call__(self, values: Mapping[str, Any]) -> bool:
        try:
            return self.program.execute(dict(values)) is True
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
            return False  # a division by zero, a topic nobody has: the condition does not hold


def compile_condition(source: str) -> Expression:
    """Compile and try a condition. Raises BadExpression."""
    import cel  # brings a terminal toolkit along, 20 MB; most deployments have no expression

    tokens = [token for token in _TOKEN.findall(source) if not token.isspace()]
    _check_size(source, tokens)
    _check_shape(tokens)
    try:
        program = cel.compile(source)
    except ValueError:
        raise BadExpression("不是合法的表达式") from None
    bound = _bound(tokens)
    unknown = sorted(set(program.variables()) - VARIABLES.keys() - bound)
    if unknown:
        raise BadExpression(f"不认识变量 {unknown[0]}（可用的见 config/README.md）")
    names = tuple(sorted((set(program.variables()) & VARIABLES.keys()) - bound))
    if not names:
        raise BadExpression("没有用到任何变量")
    literals = tuple(token[1:-1] for token in tokens if token[0] in "'\"" and len(token) > 1)
    found = Expression(source, names, literals, program)
    _try(found, [float(token) for token in tokens if token[0].isdecimal()])
    return found


def _check_size(source: str, tokens: list[str]) -> None:
    if len(source) > LONGEST:
        raise BadExpression(f"太长，最多 {LONGEST} 个字符")
    for token in tokens:
        if token in REFUSED:
            raise BadExpression(f"不能用 {token}：{REFUSED[token]}")


def _check_shape(tokens: list[str]) -> None:
    """Depth of brackets, and macros one beside the other only."""
    open_macros: list[bool] = []
    macros = 0
    for before, token in zip(["", *tokens], tokens, strict=False):
        if token in _OPEN:
            is_macro = token == "(" and before in MACROS
            if is_macro and any(open_macros):
                raise BadExpression(f"{before} 里不能再套别的循环，否则可能永远算不完")
            macros += is_macro
            open_macros.append(is_macro)
        elif token in _CLOSED and open_macros:
            open_macros.pop()
        if len(open_macros) > DEEPEST:
            raise BadExpression(f"括号套得太深，最多 {DEEPEST} 层")
    if macros > MOST_MACROS:
        raise BadExpression(f"循环太多，最多 {MOST_MACROS} 个")


def _bound(tokens: list[str]) -> set[str]:
    """Names that macros bind: the first argument of each. Raises BadExpression for one that hides a fact."""
    bound = {
        name
        for macro, mark, name in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if macro in MACROS and mark == "("
    }
    hidden = sorted(bound & VARIABLES.keys())
    if hidden:
        raise BadExpression(f"循环变量不能叫 {hidden[0]}，这是一个已有的变量")
    return bound


def _try(expression: Expression, numbers: list[float]) -> None:
    """Every combination of sample values, or a fair choice of them: no error, a yes or no, and in time."""
    began, count = time.process_time(), 0
    for values in _trials(expression, numbers):
        count += 1
        try:
            result = expression.program.execute(values)
        except (ArithmeticError, LookupError):
            continue  # depends on the facts, and means no
        except RuntimeError:
            raise BadExpression("用了不认识的函数，或函数的参数不对") from None
        except (TypeError, ValueError):
            raise BadExpression("类型不对：文字、数字和列表不能混着比较或运算") from None
        if not isinstance(result, bool):
            raise BadExpression("结果须是真或假")
        if time.process_time() - began > SLOWEST * TRIALS:
            break
    if (time.process_time() - began) / count > SLOWEST:
        raise BadExpression("算得太慢")


def _trials(expression: Expression, numbers: list[float]) -> Iterator[dict[str, Any]]:
    """Sample values, joined by those that the expression itself compares with."""
    ranges = [_range(VARIABLES[name].samples, numbers, expression.literals) for name in expression.names]
    total = 1
    for one in ranges:
        total *= len(one)
    if total <= TRIALS:
        every: Iterator[tuple[Any, ...]] = product(*ranges)
    else:
        chance = Random(expression.source)
        every = (tuple(chance.choice(one) for one in ranges) for _ in range(TRIALS))
    for values in islice(every, TRIALS):
        yield dict(zip(expression.names, values, strict=True))


def _range(samples: tuple[Any, ...], numbers: list[float], literals: tuple[str, ...]) -> tuple[Any, ...]:
    kind = type(samples[0])
    if kind is str:
        return (*samples, *literals)
    if kind in (int, float):
        return (*samples, *(kind(number + step) for number in numbers[:5] for step in (0, 1)))
    if kind is list:
        return (*samples, list(literals))
    return (*samples, dict.fromkeys(literals, 5)) if kind is dict else samples
