"""Every reason, doubt and rule that a suggestion may carry, and the values its sentence needs.

The sentences stand in the microcopy, under `reason.<key>`, `doubt.<key>` and, for "pourquoi je vois ça ?", `rule.<key>`.
"""

from collections.abc import Mapping

REASONS: Mapping[str, tuple[str, ...]] = {
    "liked_activity": ("activity",),  # said "trop bien" to it
    "love_occupation": ("occupation",),  # said that an occupation speaks to them
    "maybe_occupation": ("occupation",),  # said that it is worth a look
    "kept_occupation": ("occupation",),  # chose it on the way here: this leads towards it
    "drive": ("drive",),  # one of the highlighted drives
    "value": ("value",),  # one of the values kept
    "skill": ("skill",),  # a talent with a proof
    "project": ("words",),  # words of the project
    "own_words": ("words",),  # words of the correction, or a condition of work that they wish
    "lab": ("domain",),  # a lab that they lived with energy
    "lab_place": ("domain", "drive"),  # and the place that they noted there
    "akin_text": ("occupation",),  # of the family of what their own text made one think of
    "text_drive": ("drive",),  # what their own text is already about
    "near_place": ("km", "place"),  # asked for distance
    "akin_occupation": ("occupation",),  # of the family of one that they kept
    "contrast_activity": ("activity", "drive"),  # surprise: far from an activity that they liked
    "contrast_drive": ("drive", "other"),  # surprise: far from a drive that stands out
    "contrast_value": ("value", "drive"),  # surprise: something else than a value that they kept
    "contrast_skill": ("skill", "drive"),
    "contrast_project": ("words", "drive"),
    "contrast_liked": ("occupation", "drive"),  # surprise: far from an occupation that speaks to them
    "contrast_linked": ("occupation", "drive"),  # unlike what their own text made one think of
    "contrast_lab": ("domain", "drive"),  # far from a lab that they lived
    "contrast_occupation": ("occupation", "drive"),
    "discovery": (),  # too few answers yet: a list to discover
}

DOUBTS: Mapping[str, tuple[str, ...]] = {
    "minus": ("text",),  # what is hard in the occupation
    "far": ("km", "place"),
    "long": ("length",),
    "after_bachelor": ("entry",),
    "entrance_test": ("entry",),
    "later": (),  # for adults: "plus tard"
    "age": ("age",),
    "languages": ("languages",),
    "level": ("level",),
    "experience": (),
    "hours": ("regime",),
    "adults_job": (),  # an offer for people who left school: to see what employers look for
    "closes": ("date",),
    "sample": (),  # made-up offer of the demonstration
    "to_check": ("what",),  # the table says so itself
    "old_source": ("date",),
}

RULES: Mapping[str, tuple[str, ...]] = {
    "own_words": ("words",),  # their correction, which comes before what is computed
    "wished": ("words",),  # a condition of work in their texts
    "refused": ("words",),  # a condition that they refused and that this has all the same
    "project": ("words",),
    "love": (),
    "maybe": (),
    "family": ("occupation",),  # of the family of one that speaks to them, or that their words led to
    "drives": ("quoted",),  # strong here, and standing out for them
    "activities": ("count",),  # liked activities that it calls on
    "labs": ("domain",),
    "values": ("quoted",),
    "skills": ("quoted",),
    "alike": (),  # the outline of their six drives is like the occupation's
    "unlike": (),
    "near": ("count", "total"),  # the part of the list that it holds
    "beside": ("count", "total"),
    "surprise": ("count", "total"),
    "discovery": (),
    "opening": (),  # came in to hold a widening quota
    "left_out": (),  # not in the list of ten at present
    "lowered_far": (),  # their refusals push it down
    "lowered_long": (),
    "lowered_not_me": (),
    "refusals": ("count",),  # what their refusals did to the others
    "gone": (),  # they refused this very thing
    "chance": (),
    "never": (),  # what is never looked at
    "leads": ("occupation",),  # a programme or an offer for an occupation
    "distance": ("km", "place"),
    "distance_unknown": (),
    "closer": ("km",),  # their "trop loin" keeps what is nearer
    "shorter": ("years",),
    "step_now": ("age",),
    "step_next": ("age",),
    "step_later": ("age",),
    "free": (),
    "open_date": ("date",),
}

KEYS: Mapping[str, tuple[str, ...]] = {
    **{f"reason.{key}": values for key, values in REASONS.items()},
    **{f"doubt.{key}": values for key, values in DOUBTS.items()},
    **{f"rule.{key}": values for key, values in RULES.items()},
}
