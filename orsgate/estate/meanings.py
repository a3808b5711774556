# SPDX-License-Identifier: Apache-2.0
"""What each key of the estate file means: the docstrings below the fields of its models, read when somebody asks.

Pydantic can do this while it makes the models, but then every run parses their source, for a text that few runs show.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent

from pydantic import BaseModel


@cache
def meanings(table: type[BaseModel]) -> Mapping[str, str]:
    """Key -> what it means, for the keys of one table."""
    (definition,) = ast.parse(dedent(inspect.getsource(table))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - for mypy
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
