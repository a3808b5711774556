# SPDX-License-Identifier: Apache-2.0
"""Twins of GAX and GWS: stand-ins that serve the configuration of an estate file over HTTP, and say that they are none."""
