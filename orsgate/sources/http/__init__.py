# SPDX-License-Identifier: Apache-2.0
"""Reading a configuration over HTTP: one absolute deadline an answer, bounded in size and depth, repeated where that is safe."""
