# SPDX-License-Identifier: Apache-2.0
"""What a configuration that was read becomes on disk: option exports, an estate file, and a table of what was found."""
