Feature: Step 8: multimedia

  @ORS-0801 @readiness @deployment @blocker
  Scenario: Applications that work with multimedia pull interactions
    Why: The option makes the node pull interactions from the Interaction Server; where it is not true they wait in their queues (that
    | it is false by default is unconfirmed).
    Fix: Options tab of the application, section orchestration: set mcr-pull-by-this-node to true, on the Backup too. If the
    | application shall not pull, name it in without_multimedia in [estate].
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8.

    Given ORS works with multimedia
    Then each application that works with multimedia sets "orchestration/mcr-pull-by-this-node" to "true"

  @ORS-0802 @readiness @deployment @blocker
  Scenario: Applications that work with multimedia have a pull limit
    Why: The option is the most pulled interactions that ORS handles at once; what ORS takes in its place is not documented in the
    | procedure.
    Fix: Options tab of the application, section orchestration: set mcr-pull-limit to a positive integer, on the Backup too.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8.

    Given ORS works with multimedia
    Then each application that works with multimedia sets "orchestration/mcr-pull-limit" to a positive integer

  @ORS-0803 @readiness @deployment @warning
  Scenario: Only applications with an Interaction Server pull
    Why: An application that is told to pull and has no connection to an Interaction Server has nothing to pull from, so a connection
    | was forgotten or the option is one too many.
    Fix: Connections tab of the application: add the Interaction Server. If the application shall not pull: Options tab, section
    | orchestration, set mcr-pull-by-this-node to false.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8; Genesys, "eServices", ORS 8.1.4 (connections to each Interaction Server).

    Given ORS works with multimedia
    Then no application pulls multimedia interactions without a connection to an Interaction Server

  @ORS-0804 @readiness @blocker
  Scenario: The decision on multimedia agrees with connections and options
    Why: A decision that the configuration contradicts means that one of them is wrong, and step 8 is done or left out by mistake.
    Fix: Correct multimedia in [estate], or the Connections tab and the section orchestration (mcr-pull options) of the applications
    | that are named.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8 (if needed); Genesys, "eServices", ORS 8.1.4.

    Then the decision on multimedia agrees with the connections and options of every application

  @ORS-0805 @readiness @deployment @warning
  Scenario: The nodes of a cluster pull alike
    Why: Where only some nodes of a cluster pull, the others were mostly forgotten, and their share of the interactions falls on few.
    Fix: Options tab of the Primaries that are named, section orchestration: set mcr-pull-by-this-node as on the other nodes. If some
    | nodes shall not pull, name them in without_multimedia in [estate].
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8; that all nodes of a cluster must pull alike is unconfirmed.

    Given ORS works with multimedia
    Then within a cluster all nodes pull multimedia interactions or none does
