# SPDX-License-Identifier: Apache-2.0
"""The Gherkin vocabulary, one file for each subject; steps choose subjects, call a rule and hand over its judgement."""
