"""What one study shows: counts, percentages and means turned into effects with their uncertainty.

`effect_sizes` (in `sizes`) gives effects on the analysis scale, ready to pool; `estimates` gives
what a reader is shown, on the natural scale, and says what each number rests on. `measures` is the
registry both read. Everything else is one method a file.
"""
