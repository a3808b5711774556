# SPDX-License-Identifier: Apache-2.0
"""The explanations in an estate file that was written from a configuration."""

LIVE_APPLICATIONS = """\
# The applications, their options and the clusters are read from the source named above. An [[application]] only adds what
# that cannot tell: take the # away from what you know. Its keys:
#   new = true                     # a Backup made during this migration, so it has no rollback export
#   http = "http://ors-1:7210"     # or false
#   log = "logs/ORS_1.log"
#   options = "exports/ORS_1.cfg"  # an export that is compared with the options read live (ORS-0104)
#   start = ["ssh", "ors-1", "start"]          # argument lists, never a shell; so are stop and status
#   stop = ["ssh", "ors-1", "stop"]
#   status = ["ssh", "ors-1", "status"]
"""

CLUSTERS = """\
# The ORS clusters: Transaction objects of type List whose Annex names the Primaries in its section cluster.
"""

NO_CLUSTER = """\
# CHECK: no Transaction object that was found is an ORS cluster. Step 4 makes one; if there is one, the account that read the
# configuration may not see it.
"""

CLUSTER_EXAMPLE = """\
# [[cluster]]
# transaction = "ORS_Cluster"
# [cluster.members]
# ORS_1 = ""                       # Primary = "data center"; "" is none
"""
