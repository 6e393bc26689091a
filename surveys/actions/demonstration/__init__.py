"""The synthetic rounds of the demonstration: made up from a seed, marked synthetic, apart from real data.

`making.make_demonstration` is the one to call. Its rows are written directly and not through the actions of
the pages, because those do everything now, and the demonstration's past has to have happened before now.
"""
