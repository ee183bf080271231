"""Speed as ratios: what Newsthread does, against the least that could do it, measured in the same run.

Each bench is one module with a function that yields :class:`bench.harness.Bench`; ``bench.__main__`` lists them.
"""
