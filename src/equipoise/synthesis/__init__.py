"""What do the studies show together? Pooled estimates, and how far studies differ.

`pool` and `pool_many` are the doors. `one` holds the formulas, `many` the same for arrays of
analyses, `derived` what follows from either, `method` the choices. Where studies cannot be pooled,
`vote_counting`, `combined_p_values` and `effect_summary` say the less that can be said.
"""
