# SPDX-License-Identifier: Apache-2.0
"""The explanations in a new estate file; every key of the schema is named in them."""

HEAD = """\
# The estate that orsgate judges. Paths are relative to this file; a line that begins with # is not read.
# Passwords never stand here: name an environment variable (password_env) or a file of your own (password_file).
# Next: put right what says CHECK, and what is commented out and known to you; then orsgate audit THIS_FILE.
"""

ESTATE_CHOICES = """\
# path = "standard"                # the default; or "zero-loss": from 8.1.3, with persistence
# persistence = "cassandra"        # the decision of step 6: "cassandra", "redis" (from 8.1.401.10) or "none"
# multimedia = true                # the decision of step 8: does ORS work with multimedia interactions?
# without_multimedia = []          # applications connected to an Interaction Server that do not pull
# rollback = "rollback"            # directory of the step-1 exports: <application>.cfg or .conf
# installed_at = 2026-01-31T02:10:00Z          # after step 9
# session_loss_accepted_by = "name"            # who accepts that active sessions are lost on the standard path
# may_differ = ["custom/label", "extra/*"]     # options that may differ between Primary and Backup
"""

SCOPE = """\
# [scope]                          # without it everything is judged
# clusters = ["ORS_Cluster"]
# exclude = [{ application = "ORS_LAB*", reason = "laboratory" }]
"""

CONFIGURATION = """\
[configuration]
source = "files"                   # the exports named below
# exported_at = 2026-01-30T20:00:00Z           # when the current exports were made
# exported_by = "name"
# url = "https://gax.example/"     # with "gax" or "gws"
# username = "reader"              # an account that may only read
# password_env = "GAX_PASSWORD"    # or password_file = "gax.password"; with neither it is asked for
# ca_file = "ca.pem"
# timeout = 60.0                   # seconds for one answer of GAX or GWS
# server = "cfg-1:2020"            # the Configuration Server that GAX must say it reads, or the address of GAX or GWS itself
# files = ["export.json"]          # with "mutagen"
"""

APPLICATION_KEYS = """\
# One [[application]] for every Orchestration Server, Primaries and Backups, and for every server that one of them is
# connected to. Its keys, each with an example:
#   type = "Orchestration Server"  # the default; "Interaction Server", "T-Server", "SIP Server",
#                                  # "Universal Routing Server" have a meaning, others may stand here
#   dbid = 1001
#   version = "8.1.200.50"
#   host = "ors-1"
#   enabled = true                 # the default
#   primary = true                 # the default, unless another application names it as its backup
#   new = false                    # true: made during this migration, so it has no rollback export
#   backup = "ORS_1_B"             # on the Primary
#   redundancy = "warm standby"    # on the Primary; "none" is the default, "cold standby", "hot standby"
#   options = "exports/ORS_1.cfg"  # the current options
#   annex = "annex/ORS_1.cfg"      # its Annex, where it was saved
#   connections = ["SIP_1", "URS_1", "IXN_1"]
#   tenants = ["Environment"]
#   ports = { default = 7200, http = 7210 }
#   http = "http://ors-1:7210"     # or false
#   arguments = "-host cfg -port 2020 -app ORS_1"
#   log = "logs/ORS_1.log"
#   start = ["ssh", "ors-1", "start"]          # argument lists, never a shell; so are stop and status
#   stop = ["ssh", "ors-1", "stop"]
#   status = ["ssh", "ors-1", "status"]
"""

EXAMPLE_OBJECTS = """\
# An example: put your own applications in its place, or let orsgate init read a directory of exports.
[[application]]
name = "ORS_1"
host = "ors-1"
backup = "ORS_1_B"
redundancy = "warm standby"
options = "exports/ORS_1.cfg"
connections = ["SIP_1", "URS_1"]
tenants = ["Environment"]

[[application]]
name = "ORS_1_B"
host = "ors-2"
options = "exports/ORS_1_B.cfg"
connections = ["SIP_1", "URS_1"]
tenants = ["Environment"]

[[application]]
name = "SIP_1"
type = "SIP Server"

[[application]]
name = "URS_1"
type = "Universal Routing Server"

# The Transaction object of type List whose Annex names the Primaries and their data centers. More keys:
#   type = "list"                  # the default
#   tenant = "Environment"
#   enabled = true                 # the default
#   options = "exports/ORS_Cluster.cfg"        # its Annex, where it holds shared options
[[cluster]]
transaction = "ORS_Cluster"
[cluster.members]
ORS_1 = ""                         # Primary = "data center"; "" is none
"""

CLUSTER_HEAD = """\
# The Transaction object of type List whose Annex names the Primaries. CHECK: write each member as the Annex has it,
# with its data center between the quotes ("" is none); a disabled one begins with #: "#ORS_9" = "DC1". More keys,
# which belong above [cluster.members]:
#   type = "list"                  # the default
#   tenant = "Environment"
#   enabled = true                 # the default
#   options = "exports/ORS_Cluster.cfg"        # its Annex, where it holds shared options
"""

REST = """\
# [cassandra]
# nodes = ["cass-1", "cass-2:9160"]            # else those of persistence/cassandra-nodes
# timeout = 15.0                   # seconds for one call
# protocol = "thrift"              # what the ports above speak; or "native"
# thrift_port = 9160               # the default
# native_port = 9042               # the default; asked where Thrift does not answer
# addresses = { "10.0.0.1" = "gw:19160" }      # where a member of the ring is reached, if not at its own address
# datacenters = { "10.0.0.1" = "DC1" }         # only for members whose data center cannot be measured
# topology = "ring.txt"            # saved output of nodetool ring, for the same purpose
# username = "ors"
# password_env = "CASSANDRA_PASSWORD"          # or password_file = "cassandra.password"
# ca_file = "ca.pem"               # TLS, with this authority
# client_cert = "client.pem"
# client_key = "client.key"
# check_hostname = true            # the default

# [[planned_change]]               # a difference from the baseline that is wanted, one table for each
# application = "ORS_*"
# item = "log/all"                 # "section/option", "connection", "redundancy" or "cluster"
# value = "stdout"

# [policy]                         # the Cassandra releases that you support, in place of the list in orsgate
# cassandra = ["1.1.12-1.1.x", "2.2.5"]
# reason = "why"

# [change]                         # shown in the head of every report
# ticket = "CHG0001"
# window_start = 2026-01-31T01:00:00Z
# window_end = 2026-01-31T05:00:00Z
# engineer = "name"
# approver = "name"

# [active]                         # for the active tests of step 10
# document_url = "http://host/test.scxml"
# timeout = 30.0                   # seconds
# takeover_within = 60.0           # seconds until a Backup must serve; the default
# ca_file = "ca.pem"               # the authority to trust where ORS speaks HTTPS

# [[stage]]                        # only with path = "zero-loss": one table for each stage of the Genesys page, in order
# name = "Backups upgraded"
# applications = ["ORS_1_B"]       # names or patterns of the applications that have the target release afterwards
"""
