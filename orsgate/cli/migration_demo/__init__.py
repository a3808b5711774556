# SPDX-License-Identifier: Apache-2.0
"""The whole migration of a made-up estate, in ten steps, each by the commands that an operator runs."""
