Feature: What our own platform standard asks for (made up)

  @ACME-0301 @readiness @deployment @blocker
  Scenario: Interactions are watched equally long on both sides of a pair
    Why: A Backup that takes over sooner than its Primary would gives up calls that are still being routed.
    Fix: Options tab of both applications, section orchestration: set call-watching-timeout to the same value.
    Source: ACME platform standard (made up), chapter 4.

    Given the options of every application in scope
    Then "orchestration/call-watching-timeout" agrees between Primary and Backup

  @ACME-0801 @readiness @warning
  Scenario: The pull limit is one that our load tests covered
    Why: Above 500 interactions at once nobody has measured anything.
    Fix: Options tab of the application, section orchestration: set mcr-pull-limit to 100, 250 or 500.
    Source: ACME platform standard (made up), chapter 7.

    Given the options of the applications "ORS_*"
    Then each of them sets "orchestration/mcr-pull-limit" to one of "100, 250, 500"
