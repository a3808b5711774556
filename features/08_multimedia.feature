Feature: Step 8: multimedia

  @ORS-0801 @readiness @deployment @blocker
  Scenario: Applications that work with multimedia pull interactions
    Why: With this option an application pulls interactions from the Interaction Server. Without it they wait in their queues.
    Fix: Options tab of the application, section orchestration: set mcr-pull-by-this-node to true. Do the same on the Backup.
    | If the application must not pull, name it in the estate file, [estate] without_multimedia.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8. Unconfirmed: that the option is false by default.

    Given ORS works with multimedia
    Then each application that works with multimedia sets "orchestration/mcr-pull-by-this-node" to "true"

  @ORS-0802 @readiness @deployment @blocker
  Scenario: Applications that work with multimedia have a pull limit
    Why: The limit is the number of pulled interactions that ORS handles at once. The procedure does not say what ORS does
    | without it.
    Fix: Options tab of the application, section orchestration: set mcr-pull-limit to a positive integer. Do the same on the
    | Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8.

    Given ORS works with multimedia
    Then each application that works with multimedia sets "orchestration/mcr-pull-limit" to a positive integer

  @ORS-0803 @readiness @deployment @warning
  Scenario: Only applications with an Interaction Server pull
    Why: Without that connection an application has nothing to pull from. Somebody forgot the connection, or set the option by
    | mistake.
    Fix: Connections tab of the application: add the Interaction Server. If the application must not pull, set
    | mcr-pull-by-this-node to false on its Options tab, section orchestration. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8; Genesys, "eServices", ORS 8.1.4 (connections to each Interaction
    | Server).

    Given ORS works with multimedia
    Then no application pulls multimedia interactions without a connection to an Interaction Server

  @ORS-0804 @readiness @blocker
  Scenario: The decision on multimedia agrees with connections and options
    Why: If the two disagree, one of them is wrong. Then somebody does step 8, or leaves it out, by mistake.
    Fix: Estate file, [estate]: set multimedia to what you decided. If multimedia is right, correct the Connections tab and
    | the mcr-pull-* options (section orchestration) of the applications that the report names.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8 (if needed); Genesys, "eServices", ORS 8.1.4.

    Then the decision on multimedia agrees with the connections and options of every application

  @ORS-0805 @readiness @deployment @warning
  Scenario: The nodes of a cluster pull alike
    Why: If only some ORS nodes pull, somebody usually forgot the others. Few then carry the share of all.
    Fix: Options tab of the Primaries that the report names, section orchestration: set mcr-pull-by-this-node as on the other
    | members. Do the same on the Backup. If some ORS nodes must not pull, name them in the estate file, [estate]
    | without_multimedia.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 8. Unconfirmed: that all nodes of a cluster must pull alike.

    Given ORS works with multimedia
    Then within a cluster all nodes pull multimedia interactions or none does
