"""The rules, a row each: what is asked of a configuration before it goes live."""

from harness.pilot_check import graph_rules as graph
from harness.pilot_check import receiver_rules as receiver
from harness.pilot_check.findings import SEVERITIES, Finding, Rule, told
from harness.pilot_check.subject import Subject

RULES: tuple[Rule, ...] = (
    Rule(
        "V1", "error", "Does every link have two known ends, once?", "{what}", "",
        "correct the ODS code, add the organisation, or remove the link", graph.links_lead_somewhere,
    ),
    Rule(
        "V2", "error", "Are both ends of one PCN, or is it a hub that serves the booker's?",
        "the booker is of {booker}, the receiver of {receiver}", "",
        "add the PCN to what the hub serves, or remove the link", graph.network_covers_both,
    ),
    Rule(
        "V3", "error", "Does a sharing agreement cover the link?",
        "no sharing agreement lets {booker} ask {receiver}: the proxy answers FOT_CHECK_FAILED", "S2",
        "have the agreement between the two signed and entered", graph.agreement_covers,
    ),
    Rule(
        "V4", "error", "Is the receiver switched on, and known to the Spine?", "{name} {what}", "S2",
        "", receiver.receiver_answers,
    ),
    Rule(
        "V5", "error", "Does the receiver have a session that this booker may see?",
        "{receiver} shows no session to {booker}: {why}", "E3",
        "widen the link's slot types, or leave them out", receiver.something_is_let_through,
    ),
    Rule(
        "V6", "error", "Has the booker somebody who can send?",
        "{name} {what}", "E1", "", graph.somebody_can_send,
    ),
    Rule(
        "V7", "error", "Does the launch email say the role that the links give?",
        "{what}", "", "correct `expect`, from which the launch email is written, or the links",
        graph.email_says_what_links_give,
    ),
    Rule(
        "V8", "warning", "Does a link lead to itself?", "{name} is linked to itself: that is ordinary booking", "",
        "remove the link", graph.no_link_to_self,
    ),
    Rule(
        "V9", "error", "Does every location of a link's filter have sessions?",
        "no session of {name} takes place at {location!r}; they do at: {used}", "E3",
        "spell the location as {name} does, or remove it", receiver.location_filters_fit,
    ),
    Rule(
        "V10", "error", "Are the session holders' roles in the value set?",
        "role {role} of session {session!r} at {name} is not in the value set of {release}", "E3",
        "", receiver.session_roles_are_listed,
    ),
    Rule(
        "V11", "error", "Is there a slot inside the horizon?",
        "{receiver} has open sessions, and no slot for {booker} in the horizon: {why}", "E3",
        "search further ahead: widen the horizon of the pilot", receiver.something_is_there_in_time,
    ),
    Rule(
        "V12", "warning", "Are slot types spelt alike?", "slot types that differ by case or spaces only: {names}", "E3",
        "agree on one spelling with the receivers", receiver.slot_types_are_spelt_alike,
    ),
    Rule(
        "V13", "error", "Is write-back possible where it is expected?",
        "write-back is expected from {receiver} to {booker}, and these systems do not do it", "",
        "tell the booker to expect no write-back, and set write_back to false", graph.write_back_is_possible,
    ),
    Rule(
        "V14", "warning", "Can a patient tell the sites apart?", "{one} and {other} are both called {name!r}", "",
        "give one of them a name that tells them apart", receiver.receivers_have_names_of_their_own,
    ),
    Rule(
        "V15", "info", "Does a receiver-only organisation have users?",
        "{name} only receives: its users ({count}) will see no choice of organisations", "",
        "say so in the launch email", graph.receivers_expect_no_selector,
    ),
    Rule(
        "V16", "warning", "Are organisation groups named once?",
        "the group {group!r} of {name} has the name of one of {one}: a group's name must be unique", "",
        "rename one of the groups", receiver.groups_have_names_of_their_own,
    ),
)  # fmt: skip


def findings(subject: Subject) -> tuple[Finding, ...]:
    """Everything that the rules find, the gravest first."""
    found = [told(subject, rule, one) for rule in RULES for one in rule.look(subject)]
    return tuple(sorted(found, key=lambda one: SEVERITIES.index(one.severity)))
