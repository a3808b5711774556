# SPDX-License-Identifier: Apache-2.0
"""What a run on an estate will need, and whether it is there: tested from this host, without a login and without a write."""
