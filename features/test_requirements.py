# SPDX-License-Identifier: Apache-2.0
"""Binds every feature file beside it to pytest."""

from pytest_bdd import scenarios

scenarios(".")
