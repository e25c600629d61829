"""One module a figure; each measures its limit and its naive peer in the same run.

`python -m benchmarks.<name> --json` prints one JSON object as its last line. Each starts its own
servers in a temporary folder and leaves nothing behind; `python -m benchmarks` runs them all.
"""
