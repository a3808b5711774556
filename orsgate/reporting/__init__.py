# SPDX-License-Identifier: Apache-2.0
"""Reports of a run: each reporter consumes the events and writes one file; the engine knows none of them."""
