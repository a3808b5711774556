# SPDX-License-Identifier: Apache-2.0
"""The bundle: what a run leaves, packed into one file and signed, so that a later reader sees any change (docs/bundle.md)."""
