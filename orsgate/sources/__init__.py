# SPDX-License-Identifier: Apache-2.0
"""Where the configuration is read from: files, GAX, GWS, mutagen, and lists to start from."""
