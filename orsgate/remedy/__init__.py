# SPDX-License-Identifier: Apache-2.0
"""What is to be changed so that requirements are met, applying it, and taking it back."""
