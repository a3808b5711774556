# SPDX-License-Identifier: Apache-2.0
"""What everything that asks a server over a network shares: deadlines, and failures to learn something."""
