# SPDX-License-Identifier: Apache-2.0
"""Reading the configuration: by every source, in every shape, whatever the server does."""
