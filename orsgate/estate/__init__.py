# SPDX-License-Identifier: Apache-2.0
"""What is known of an estate: frozen facts, the snapshot that holds them, and the judgement of them."""
