# SPDX-License-Identifier: Apache-2.0
"""Pure rules, from facts to judgements, and the catalogue of requirements."""
